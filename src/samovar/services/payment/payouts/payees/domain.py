"""Whose bank details and numbers are right. Pure: checksums and what goes together; nothing is asked of anybody.

Sources of the checksums: INN, order ММВ-7-6/435@ of the tax service; ОГРН and ОГРНИП, order 165н of the Ministry of Finance; accounts,
instruction 515 of the Central Bank of 1997.
"""

from collections.abc import Sequence
from typing import Literal, get_args

import msgspec

from samovar.services.payment.revenue.vat import VatRegime

LegalForm = Literal["company", "entrepreneur", "self_employed"]
TaxRegime = Literal["general", "simplified", "patent", "professional"]
LEGAL_FORMS: tuple[LegalForm, ...] = get_args(LegalForm)

_INN_WEIGHTS = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
_ACCOUNT_WEIGHTS = (7, 1, 3)
_COMPANY_INN, _PERSON_INN = 10, 12
_OGRN, _OGRNIP = 13, 15
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


def is_inn(text: str) -> bool:
    """Return whether the check digits of an INN are right, of a company or of a person."""
    if not _are_digits(text) or len(text) not in {_COMPANY_INN, _PERSON_INN}:
        return False
    checked = range(len(text) - (1 if len(text) == _COMPANY_INN else 2), len(text))
    return all(int(text[at]) == _weighed(text[:at], _INN_WEIGHTS[-at:]) % 11 % 10 for at in checked)


def is_ogrn(text: str) -> bool:
    """Return whether the check digit of an ОГРН or ОГРНИП is right."""
    if not _are_digits(text) or len(text) not in {_OGRN, _OGRNIP}:
        return False
    return int(text[:-1]) % (len(text) - 2) % 10 == int(text[-1])


def is_bank_number(number: str, bik: str) -> bool:
    """Return whether the check digit of an account is right for its bank."""
    if not (_are_digits(number) and _are_digits(bik)):
        return False
    bank = bik[-3:] if int(bik[-3:]) >= _BANKS_FROM else f"0{bik[4:6]}"
    weights = [_ACCOUNT_WEIGHTS[at % len(_ACCOUNT_WEIGHTS)] for at in range(len(bank + number))]
    return _weighed(bank + number, weights) % 10 == 0


def faults_of(payee: Identity) -> list[tuple[str, str]]:
    """Return what is wrong: fields with stable codes."""
    form = payee.legal_form
    found = []
    if not is_inn(payee.inn):
        found.append(("inn", "checksum_wrong"))
    elif (len(payee.inn) == _COMPANY_INN) != (form == "company"):
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


def _ogrn_faults(payee: Identity) -> list[tuple[str, str]]:
    if payee.legal_form == "self_employed":
        return [("ogrn", "wrong_for_form")] if payee.ogrn else []
    if payee.ogrn is None or len(payee.ogrn) != (_OGRN if payee.legal_form == "company" else _OGRNIP):
        return [("ogrn", "wrong_for_form")]
    return [] if is_ogrn(payee.ogrn) else [("ogrn", "checksum_wrong")]


def _are_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _weighed(digits: str, weights: Sequence[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))
