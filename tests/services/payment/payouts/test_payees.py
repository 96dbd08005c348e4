"""Whose numbers fit together is a payee; everything else is named, field by field."""

import msgspec
import pytest

from samovar.services.payment.payouts.payees.domain import (
    Identity,
    faults_of,
    is_bank_number,
    is_inn,
    is_ogrn,
)
from tests.services.payment.payouts.people import COMPANY, ENTREPRENEUR, SELF_EMPLOYED, identity_of


@pytest.mark.parametrize("inn", ["7707083893", "7710140679", "500100732259", "7736050003"])
def test_an_inn_with_right_check_digits_passes(inn: str) -> None:
    assert is_inn(inn)


@pytest.mark.parametrize(
    "inn", ["7707083894", "500100732258", "500100732269", "770708389", "", "770708389а", "٧٧٠٧٠٨٣٨٩٣"]
)
def test_any_other_inn_does_not(inn: str) -> None:
    assert not is_inn(inn)


def test_every_slip_in_one_digit_is_found() -> None:
    for good, check in (("7707083893", is_inn), ("500100732259", is_inn), ("1027700132195", is_ogrn)):
        slips = {
            good[:at] + digit + good[at + 1 :]
            for at in range(len(good))
            for digit in "0123456789"
            if digit != good[at]
        }
        missed = [slip for slip in slips if check(slip)]
        # A remainder of 10 is written as 0, so that a few slips cannot be seen.
        assert len(missed) <= len(slips) // 10


@pytest.mark.parametrize(
    ("number", "is_right"),
    [
        ("1027700132195", True),
        ("1027700132196", False),
        ("304500116000157", True),
        ("304500116000158", False),
        ("1", False),
    ],
)
def test_an_ogrn_has_a_check_digit(number: str, is_right: bool) -> None:  # noqa: FBT001  a parameter
    assert is_ogrn(number) is is_right


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
