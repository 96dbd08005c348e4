"""Whose numbers fit together is a payee; everything else is named, field by field."""

import msgspec
import pytest

from samovar.services.payment.payouts.payees.domain import Identity, faults_of, is_bank_number
from tests.services.payment.payouts.people import COMPANY, ENTREPRENEUR, SELF_EMPLOYED, identity_of


def test_an_account_fits_its_bank() -> None:
    assert is_bank_number("40702810900000002851", "044030653") is (
        sum(int(d) * w for d, w in zip("65340702810900000002851", [7, 1, 3] * 8, strict=False)) % 10 == 0
    )
    for payee in (COMPANY, ENTREPRENEUR, SELF_EMPLOYED):
        assert is_bank_number(payee["bank_number"], payee["bik"])
        wrong = payee["bank_number"][:-1] + str((int(payee["bank_number"][-1]) + 1) % 10)
        assert not is_bank_number(wrong, payee["bik"])


@pytest.mark.parametrize("payee", [COMPANY, ENTREPRENEUR, SELF_EMPLOYED])
def test_right_details_have_no_faults(payee: dict[str, str]) -> None:
    assert faults_of(identity_of(payee)) == []


@pytest.mark.parametrize(
    ("payee", "change", "fault"),
    [
        (COMPANY, {"inn": "7707083894"}, ("inn", "checksum_wrong")),
        (COMPANY, {"inn": "500100732259"}, ("inn", "wrong_for_form")),
        (COMPANY, {"kpp": None}, ("kpp", "wrong_for_form")),
        (COMPANY, {"ogrn": "1027700132196"}, ("ogrn", "checksum_wrong")),
        (COMPANY, {"ogrn": None}, ("ogrn", "wrong_for_form")),
        (COMPANY, {"tax_regime": "professional"}, ("tax_regime", "wrong_for_form")),
        (COMPANY, {"vat_regime": "none"}, ("vat_regime", "wrong_for_taxes")),
        (COMPANY, {"bik": "994525225"}, ("bik", "bank_foreign")),
        (ENTREPRENEUR, {"kpp": "770801001"}, ("kpp", "wrong_for_form")),
        (SELF_EMPLOYED, {"ogrn": "304500116000157"}, ("ogrn", "wrong_for_form")),
        (SELF_EMPLOYED, {"vat_regime": "general"}, ("vat_regime", "wrong_for_taxes")),
        (SELF_EMPLOYED, {"tax_regime": "simplified"}, ("tax_regime", "wrong_for_form")),
        (SELF_EMPLOYED, {"bank_number": COMPANY["bank_number"]}, ("bank_number", "wrong_for_form")),
    ],
)
def test_what_does_not_go_together_is_named(
    payee: dict[str, str], change: dict[str, str | None], fault: tuple[str, str]
) -> None:
    identity = msgspec.convert(msgspec.to_builtins(identity_of(payee)) | change, Identity)
    assert fault in faults_of(identity)
