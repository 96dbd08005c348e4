"""Whatever the ledger writes has words for those who read it."""

from importlib import resources

import pytest

from samovar.kit.i18n import LANGUAGES, Catalogue, Language
from samovar.services import payment
from samovar.services.payment.ledger.domain import CODES, OTHER, Kind, code_of

CATALOGUE = Catalogue.load([resources.files(payment) / "locale"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_reason_and_each_account_has_words_in_both_languages(language: Language) -> None:
    keys = {f"payment.ledger_code.{code}" for code in (*CODES, OTHER)} | {
        f"order.account.{kind}" for kind in Kind
    }
    assert keys <= CATALOGUE.messages[language].keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_words_are_left_for_reasons_that_there_are_not(language: Language) -> None:
    told = {key.rpartition(".")[2] for key in CATALOGUE.messages[language] if "payment.ledger_code." in key}
    assert told == CODES | {OTHER}


def test_a_reason_of_a_newer_release_is_told_as_another() -> None:
    assert code_of("refund") == "refund"
    assert code_of("paid_in_gold") == OTHER
