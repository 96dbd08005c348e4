"""Money: a whole number of minor units (kopecks) and a currency. No floats anywhere, no kopeck lost.

Sums in different currencies do not add up and do not compare: that is a `CurrencyMismatch`, a mistake of ours and never
of a client's. Where a part of a kopeck appears, the rule is stated: `share` rounds half to even, `allocate` gives the
leftover kopecks to the largest remainders.
"""

from collections.abc import Iterable, Sequence
from typing import Annotated, Self

import msgspec
from msgspec import Meta

from samovar.language.currencies import minor_digits

__all__ = ["AMOUNT_MAX", "Currency", "CurrencyMismatch", "Money", "minor_digits", "total_of"]

# The largest integer that every JSON reader holds exactly (RFC 8259, section 6): 90 trillion roubles.
AMOUNT_MAX = 2**53 - 1

Currency = Annotated[str, Meta(pattern=r"^[A-Z]{3}\Z", description="ISO 4217 code.", examples=["RUB"])]


class CurrencyMismatch(ValueError):
    """Sums of different currencies met in one operation."""


class Money(msgspec.Struct, frozen=True):
    """A sum of money, positive or negative.

    Attributes:
        amount: Minor units: 129900 is 1299 roubles.
        currency: ISO 4217 code: `RUB`.
    """

    amount: Annotated[int, Meta(ge=-AMOUNT_MAX, le=AMOUNT_MAX, description="Minor units: kopecks.")]
    currency: Currency

    def __post_init__(self) -> None:
        # A float that slipped in would spoil every later sum in silence, so this is checked outside of decoding too.
        if type(self.amount) is not int:
            raise TypeError(f"an amount is a whole number of minor units, not {self.amount!r}")
        if not -AMOUNT_MAX <= self.amount <= AMOUNT_MAX:
            raise OverflowError(f"{self.amount} is beyond what JSON carries exactly")

    def __add__(self, other: Self) -> "Money":
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: Self) -> "Money":
        return Money(self.amount - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)

    def __lt__(self, other: Self) -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: Self) -> bool:
        return self.amount <= self._same(other)

    def __gt__(self, other: Self) -> bool:
        return self.amount > self._same(other)

    def __ge__(self, other: Self) -> bool:
        return self.amount >= self._same(other)

    def share(self, numerator: int, denominator: int) -> "Money":
        """Return the fraction of this, rounded half to even: 15 % is `share(15, 100)`.

        Half to even favours neither side over many sales, and `(-sum).share(…)` is `-(sum.share(…))`: a refund takes back
        exactly what the sale gave.

        Raises:
            ValueError: The denominator is not positive.
        """
        if denominator <= 0:
            raise ValueError(f"a share of 1/{denominator} means nothing")
        whole, rest = divmod(self.amount * numerator, denominator)
        if 2 * rest > denominator or (2 * rest == denominator and whole % 2):
            whole += 1
        return Money(whole, self.currency)

    def allocate(self, weights: Sequence[int]) -> "list[Money]":
        """Divide this by `weights` with nothing lost: the parts always add up to the whole.

        The method of largest remainders: each part is its exact share rounded down, and the kopecks left over go, one
        each, to the parts that lost most by that; of equals the earlier. A part of weight 0 gets nothing. A negative sum
        is divided as the positive one is.

        Raises:
            ValueError: There is no weight above zero, or one below it.
        """
        total = sum(weights)
        if total <= 0 or min(weights) < 0:
            raise ValueError(f"cannot divide by the weights {list(weights)}")
        sign = -1 if self.amount < 0 else 1
        parts, remainders = map(
            list, zip(*(divmod(abs(self.amount) * w, total) for w in weights), strict=True)
        )
        left_over = abs(self.amount) - sum(parts)
        for index in sorted(range(len(parts)), key=lambda i: -remainders[i])[:left_over]:
            parts[index] += 1
        return [Money(sign * part, self.currency) for part in parts]

    def decimal(self, point: str = ".") -> str:
        """Return this in whole units, with all digits of its currency, as machines and tables read it: `-1299.00`, `500` yen."""
        digits = minor_digits(self.currency)
        whole, part = divmod(abs(self.amount), 10**digits)
        sign = "-" if self.amount < 0 else ""
        return f"{sign}{whole}{point}{part:0{digits}}" if digits else f"{sign}{whole}"

    def _same(self, other: "Money") -> int:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency}")
        return other.amount


def total_of(amounts: Iterable[Money], currency: str) -> Money:
    """Return the sum of `amounts`; `currency` is that of an empty sum, and all must be of it.

    Raises:
        CurrencyMismatch: One of them is of another currency.
    """
    return sum(amounts, start=Money(0, currency))
