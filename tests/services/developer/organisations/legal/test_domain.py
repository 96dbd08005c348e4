"""What goes together in law, and what follows from what a register says."""

import pytest

from samovar.services.developer.organisations.legal.domain import (
    Entry,
    LegalForm,
    Numbers,
    faults_of,
    refusal_of,
)

COMPANY, PERSON = "7707083893", "500100732259"
OGRN, OGRNIP = "1027700132195", "304500116000157"


def _numbers(
    form: LegalForm = "company", inn: str = COMPANY, kpp: str | None = None, ogrn: str | None = None
) -> Numbers:
    return Numbers(legal_form=form, inn=inn, kpp=kpp, ogrn=ogrn)


@pytest.mark.parametrize(
    ("claim", "faults"),
    [
        (_numbers(kpp="773601001", ogrn=OGRN), []),
        (_numbers("entrepreneur", PERSON, ogrn=OGRNIP), []),
        (_numbers("self_employed", PERSON), []),
        (_numbers(inn="7707083894"), [("inn", "checksum_wrong")]),
        (_numbers("self_employed", COMPANY), [("inn", "wrong_for_form")]),
        (_numbers("company", PERSON), [("inn", "wrong_for_form")]),
        (_numbers("entrepreneur", PERSON, kpp="773601001"), [("kpp", "wrong_for_form")]),
        (_numbers(ogrn=OGRNIP), [("ogrn", "wrong_for_form")]),
        (_numbers(ogrn="1027700132196"), [("ogrn", "checksum_wrong")]),
        (_numbers("self_employed", PERSON, ogrn=OGRNIP), [("ogrn", "wrong_for_form")]),
    ],
)
def test_numbers_have_their_check_digits_and_their_form(
    claim: Numbers, faults: list[tuple[str, str]]
) -> None:
    assert faults_of(claim, has_name=True) == faults


def test_a_self_employed_person_says_their_name_because_no_register_does() -> None:
    assert faults_of(_numbers("self_employed", PERSON), has_name=False) == [("legal_name", "missing")]
    assert faults_of(_numbers(), has_name=False) == []


@pytest.mark.parametrize(
    ("entry", "refusal"),
    [
        (None, "not_in_register"),
        (Entry(is_active=False), "not_active"),
        (Entry(is_active=True), None),
        (Entry(is_active=True, ogrn=OGRN, kpp="773601001"), None),
        (Entry(is_active=True, ogrn="1037700132194"), "ogrn_differs"),
        (Entry(is_active=True, ogrn=OGRN, kpp="770101001"), "kpp_differs"),
    ],
)
def test_a_claim_is_refused_for_what_the_register_knows_better(
    entry: Entry | None, refusal: str | None
) -> None:
    assert refusal_of(_numbers(kpp="773601001", ogrn=OGRN), entry) == refusal
