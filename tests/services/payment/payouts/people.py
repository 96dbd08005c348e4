"""Payees whose numbers are right, made up but for the INN and ОГРН that everybody knows."""

from typing import Any

import msgspec

from samovar.services.payment.payouts.payees.domain import Identity

BIK = "044525225"


def numbered(start: str, end: str = "1") -> str:
    """Return an account that begins so, with the right check digit at its ninth place."""
    for key in range(10):
        number = f"{start}{key}{end:0>11}"
        weights = [(7, 1, 3)[at % 3] for at in range(23)]
        if sum(int(d) * w for d, w in zip(BIK[-3:] + number, weights, strict=True)) % 10 == 0:
            return number
    raise AssertionError


_BANK = {"bik": BIK, "bank_name": "ПАО Сбербанк", "contract_number": "7/2026", "contract_date": "2026-01-15"}
COMPANY: dict[str, Any] = {
    **_BANK,
    "legal_form": "company",
    "name": "ООО «Изба Геймс»",
    "inn": "7707083893",
    "kpp": "773601001",
    "ogrn": "1027700132195",
    "legal_address": "Москва, Кривоколенный переулок, 5",
    "tax_regime": "general",
    "vat_regime": "general",
    "bank_number": numbered("40702810"),
}
ENTREPRENEUR: dict[str, Any] = {
    **_BANK,
    "legal_form": "entrepreneur",
    "name": "ИП Самоваров Иван Петрович",
    "inn": "500100732259",
    "ogrn": "304500116000157",
    "tax_regime": "simplified",
    "vat_regime": "vat_5",
    "bank_number": numbered("40802810"),
}
SELF_EMPLOYED: dict[str, Any] = {
    **_BANK,
    "legal_form": "self_employed",
    "name": "Блинова Анна Сергеевна",
    "inn": "500100732259",
    "tax_regime": "professional",
    "vat_regime": "none",
    "bank_number": numbered("40817810"),
}


def identity_of(payee: dict[str, Any]) -> Identity:
    """Return what of a payee is checked."""
    known = {name: payee.get(name) for name in Identity.__struct_fields__}
    return msgspec.convert(known, Identity)
