"""Numbers by which Russia knows taxpayers: their check digits. Pure.

Sources: INN, order ММВ-7-6/435@ of the tax service; ОГРН and ОГРНИП, order 165н of the Ministry of Finance.
"""

from collections.abc import Sequence

COMPANY_INN_LENGTH, PERSON_INN_LENGTH = 10, 12
OGRN_LENGTH, OGRNIP_LENGTH = 13, 15
_INN_WEIGHTS = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)


def is_inn(text: str) -> bool:
    """Return whether the check digits of an INN are right, of a company or of a person."""
    if not are_digits(text) or len(text) not in {COMPANY_INN_LENGTH, PERSON_INN_LENGTH}:
        return False
    checked = range(len(text) - (1 if len(text) == COMPANY_INN_LENGTH else 2), len(text))
    return all(int(text[at]) == weighed(text[:at], _INN_WEIGHTS[-at:]) % 11 % 10 for at in checked)


def is_ogrn(text: str) -> bool:
    """Return whether the check digit of an ОГРН or ОГРНИП is right."""
    if not are_digits(text) or len(text) not in {OGRN_LENGTH, OGRNIP_LENGTH}:
        return False
    return int(text[:-1]) % (len(text) - 2) % 10 == int(text[-1])


def are_digits(text: str) -> bool:
    """Return whether a text is of ASCII digits alone."""
    return text.isascii() and text.isdigit()


def weighed(digits: str, weights: Sequence[int]) -> int:
    """Return the sum of digits, each multiplied by its weight."""
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))
