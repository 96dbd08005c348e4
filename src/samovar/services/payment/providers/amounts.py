"""Amounts as providers write them: exact decimals made of minor units, digit by digit. No float anywhere."""

import re

from samovar.kit.money import Money, minor_digits

_VALUE = re.compile(r"(?P<whole>\d{1,15})(?:\.(?P<part>\d{1,3}))?")


def to_value(money: Money) -> str:
    """Return an amount in whole units: 129900 kopecks are `1299.00`.

    Raises:
        ValueError: It is below nothing.
    """
    if money.amount < 0:
        raise ValueError(f"{money.amount} is below nothing")
    return money.decimal()


def from_value(value: str, currency: str) -> Money:
    """Return the money that a decimal in whole units means.

    Raises:
        ValueError: It is no such decimal, or finer than the currency.
    """
    digits = minor_digits(currency)
    match = _VALUE.fullmatch(value)
    if match is None:
        raise ValueError(f"{value[:32]!r} is no amount")
    part = match["part"] or ""
    if len(part) > digits and part[digits:].strip("0"):
        raise ValueError(f"{value} is finer than {currency}")
    return Money(int(match["whole"] + part[:digits].ljust(digits, "0")), currency)
