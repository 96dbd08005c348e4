"""Prices as developers type them."""

import re
from decimal import Decimal

from samovar.language.currencies import minor_digits

_AMOUNT = re.compile(r"\d{1,12}([.,]\d{1,3})?")


def read_amount(text: str, currency: str) -> int | None:
    """Return a price as typed, «1 299,50», in minor units; none: it is no price, or finer than its currency goes."""
    plain = re.sub(r"\s", "", text)
    if not _AMOUNT.fullmatch(plain):
        return None
    minor = Decimal(plain.replace(",", ".")).scaleb(minor_digits(currency))
    return int(minor) if minor == minor.to_integral_value() else None


def write_amount(amount: int, currency: str, language: str) -> str:
    """Return a price as it is typed, without blanks: «1299,50», in English "1299.50"."""
    digits = minor_digits(currency)
    whole, rest = divmod(amount, 10**digits)
    point = "." if language == "en" else ","
    return f"{whole}{point}{rest:0{digits}}" if rest else str(whole)
