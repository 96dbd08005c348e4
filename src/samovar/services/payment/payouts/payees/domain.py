"""Whose bank details and numbers are right. Pure: checksums and what goes together; nothing is asked of anybody.

Source of the checksum of accounts: instruction 515 of the Central Bank of 1997; of the other numbers: `kit/text/taxpayers`.
"""

from collections.abc import Mapping
from datetime import date
from typing import Literal, get_args

import msgspec

from samovar.kit.text.taxpayers import (
    COMPANY_INN_LENGTH,
    OGRN_LENGTH,
    OGRNIP_LENGTH,
    are_digits,
    is_inn,
    is_ogrn,
    weighed,
)
from samovar.kit.text.visible import is_visible_line
from samovar.services.payment.revenue.vat import VatRegime

LegalForm = Literal["company", "entrepreneur", "self_employed"]
TaxRegime = Literal["general", "simplified", "patent", "professional"]
LEGAL_FORMS: tuple[LegalForm, ...] = get_args(LegalForm)

_ACCOUNT_WEIGHTS = (7, 1, 3)
_ROUBLES = "810"
_BIK_COUNTRY = "04"
# Below it the end of a BIK names an office of the Central Bank itself.
_BANKS_FROM = 50
# How the numbers of accounts begin: of companies and organisations, of entrepreneurs, of people.
_ACCOUNTS: dict[LegalForm, tuple[str, ...]] = {
    "company": ("405", "406", "407"),
    "entrepreneur": ("40802",),
    "self_employed": ("40817", "42301", "40820"),
}
_TAXES: dict[LegalForm, tuple[TaxRegime, ...]] = {
    "company": ("general", "simplified"),
    "entrepreneur": ("general", "simplified", "patent", "professional"),
    "self_employed": ("professional",),
}
_VAT: dict[TaxRegime, tuple[VatRegime, ...]] = {
    "general": ("general", "exempt"),
    "simplified": ("none", "exempt", "vat_5", "vat_7", "general"),
    "patent": ("none",),
    "professional": ("none",),
}


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """What of a payee is checked."""

    legal_form: LegalForm
    inn: str
    kpp: str | None
    ogrn: str | None
    tax_regime: TaxRegime
    vat_regime: VatRegime
    bik: str
    bank_number: str


def is_bank_number(number: str, bik: str) -> bool:
    """Return whether the check digit of an account is right for its bank."""
    if not (are_digits(number) and are_digits(bik)):
        return False
    bank = bik[-3:] if int(bik[-3:]) >= _BANKS_FROM else f"0{bik[4:6]}"
    weights = [_ACCOUNT_WEIGHTS[at % len(_ACCOUNT_WEIGHTS)] for at in range(len(bank + number))]
    return weighed(bank + number, weights) % 10 == 0


def faults_of(payee: Identity) -> list[tuple[str, str]]:
    """Return what is wrong: fields with stable codes."""
    form = payee.legal_form
    found = []
    if not is_inn(payee.inn):
        found.append(("inn", "checksum_wrong"))
    elif (len(payee.inn) == COMPANY_INN_LENGTH) != (form == "company"):
        found.append(("inn", "wrong_for_form"))
    if (payee.kpp is not None) != (form == "company"):
        found.append(("kpp", "wrong_for_form"))
    found += _ogrn_faults(payee)
    if payee.tax_regime not in _TAXES[form]:
        found.append(("tax_regime", "wrong_for_form"))
    if payee.vat_regime not in _VAT[payee.tax_regime]:
        found.append(("vat_regime", "wrong_for_taxes"))
    if not payee.bik.startswith(_BIK_COUNTRY):
        found.append(("bik", "bank_foreign"))
    elif not is_bank_number(payee.bank_number, payee.bik):
        found.append(("bank_number", "checksum_wrong"))
    elif payee.bank_number[5:8] != _ROUBLES:
        found.append(("bank_number", "roubles_needed"))
    elif not payee.bank_number.startswith(_ACCOUNTS[form]):
        found.append(("bank_number", "wrong_for_form"))
    return found


def faults_of_words(words: Mapping[str, str | None]) -> list[tuple[str, str]]:
    """Return which lines hold nothing to see, or more than one sees: acts and payment orders show them."""
    return [(field, "unprintable") for field, line in words.items() if line and not is_visible_line(line)]


def faults_of_contract(signed_on: date, today: date) -> list[tuple[str, str]]:
    """Return what is wrong with the day of a contract: nobody is paid by one of tomorrow."""
    return [("contract_date", "day_not_come")] if signed_on > today else []


def _ogrn_faults(payee: Identity) -> list[tuple[str, str]]:
    if payee.legal_form == "self_employed":
        return [("ogrn", "wrong_for_form")] if payee.ogrn else []
    if payee.ogrn is None or len(payee.ogrn) != (
        OGRN_LENGTH if payee.legal_form == "company" else OGRNIP_LENGTH
    ):
        return [("ogrn", "wrong_for_form")]
    return [] if is_ogrn(payee.ogrn) else [("ogrn", "checksum_wrong")]
