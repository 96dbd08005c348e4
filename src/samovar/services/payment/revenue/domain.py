"""How a sale is divided, and how that is taken back. Pure.

Of what was paid, VAT by the seller's regime comes off first; of the rest the platform takes a share by tiers, the developer all that is
left. The tiers are marginal: a sale that crosses one is charged by both, each for its part. Every rounding is one: half to even.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Self
from uuid import UUID

import msgspec

from samovar.kit.money import Money

UNCLAIMED = "unclaimed"
WHOLE_BASIS_POINTS = 10_000
WHOLE_PERCENT = 100
TIERS_MAX = 10
# The basis and the parts are the same whatever the currency is called.
_ANY = "RUB"


class Tier(msgspec.Struct, frozen=True):
    """A share of the platform, and from which earnings on it holds.

    Attributes:
        above: What the owner has earned before, minor units.
        basis_points: Hundredths of a percent.
    """

    above: int
    basis_points: int


class TierTable(msgspec.Struct, frozen=True, kw_only=True):
    """The tiers of a currency from a moment on."""

    version: int
    currency: str
    valid_from: datetime
    tiers: tuple[Tier, ...]


class Parts(msgspec.Struct, frozen=True):
    """What a sale is divided into, in minor units."""

    tax: int
    commission: int
    developer: int

    def __add__(self, other: Self) -> "Parts":
        return Parts(
            self.tax + other.tax, self.commission + other.commission, self.developer + other.developer
        )

    @property
    def total(self) -> int:
        """Return all of it."""
        return self.tax + self.commission + self.developer

    @property
    def net(self) -> int:
        """Return what counts as earned: all but the tax."""
        return self.commission + self.developer


class Sources(msgspec.Struct, frozen=True):
    """Where the developer's part of a refund is taken from."""

    payable: int
    reserve: int
    debt: int


def owner_of(organisation_id: UUID | None) -> str:
    """Return who is paid: an organisation, or nobody yet."""
    return str(organisation_id) if organisation_id else UNCLAIMED


def faults_of(tiers: Sequence[Tier]) -> str | None:
    """Return what is wrong with tiers: a stable code, or none."""
    if not 0 < len(tiers) <= TIERS_MAX:
        return "tiers_count"
    if tiers[0].above != 0:
        return "tiers_from_zero"
    if any(later.above <= earlier.above for earlier, later in pairwise(tiers)):
        return "tiers_order"
    if any(not 0 <= tier.basis_points <= WHOLE_BASIS_POINTS for tier in tiers):
        return "tiers_share"
    return None


def table_at(tables: Sequence[TierTable], currency: str, at: datetime) -> TierTable:
    """Return the tiers that hold for a currency at a moment.

    A currency without any of its own is charged the first share of the roubles' table, whatever was earned: thresholds in roubles
    say nothing about another currency.

    Raises:
        LookupError: Not even the roubles have a table then.
    """
    known = [table for table in tables if table.valid_from <= at]
    own = [table for table in known if table.currency == currency]
    if own:
        return max(own, key=lambda table: table.valid_from)
    roubles = [table for table in known if table.currency == _ANY]
    if not roubles:
        raise LookupError(f"no tiers at {at.isoformat()}")
    found = max(roubles, key=lambda table: table.valid_from)
    return msgspec.structs.replace(found, tiers=found.tiers[:1])


def share_at(tiers: Sequence[Tier], basis: int) -> int:
    """Return what the platform takes of the next kopeck earned, in hundredths of a percent."""
    return [tier for tier in tiers if tier.above <= basis][-1].basis_points


def commission_of(net: int, basis_before: int, tiers: Sequence[Tier]) -> int:
    """Return the platform's share of `net`, earned after `basis_before`."""
    weighted = 0
    for place, tier in enumerate(tiers):
        until = tiers[place + 1].above if place + 1 < len(tiers) else basis_before + net
        inside = min(basis_before + net, until) - max(basis_before, tier.above)
        weighted += max(0, inside) * tier.basis_points
    return Money(weighted, _ANY).share(1, WHOLE_BASIS_POINTS).amount if weighted else 0


def split(gross: int, *, basis_before: int, tiers: Sequence[Tier], vat_percent: int) -> Parts:
    """Divide what was paid; the parts always add up to it."""
    tax = Money(gross, _ANY).share(vat_percent, WHOLE_PERCENT + vat_percent).amount
    commission = commission_of(gross - tax, basis_before, tiers)
    return Parts(tax=tax, commission=commission, developer=gross - tax - commission)


def reverse(amount: int, left: Parts) -> Parts:
    """Return what of each part a refund takes back, in proportion to what is left of them.

    However a sale is refunded bit by bit, the last bit takes exactly what is left, so that together they are the split.

    Raises:
        ValueError: It is more than what is left.
    """
    if not 0 < amount <= left.total:
        raise ValueError(f"{amount} is no part of the {left.total} that is left")
    taken = Money(amount, _ANY).allocate([left.tax, left.commission, left.developer])
    return Parts(*(part.amount for part in taken))


def sources_of(amount: int, *, payable: int, reserve: int) -> Sources:
    """Say where a developer's part comes from: what is owed to them, then what was kept back, then their debt."""
    of_payable = min(amount, max(0, payable))
    of_reserve = min(amount - of_payable, max(0, reserve))
    return Sources(of_payable, of_reserve, amount - of_payable - of_reserve)


def keep_back(earned: int, *, debt: int, reserve_percent: int) -> tuple[int, int]:
    """Return what of new earnings pays an old debt, and what of the rest is kept back."""
    offset = min(earned, debt)
    return offset, Money(earned - offset, _ANY).share(reserve_percent, WHOLE_PERCENT).amount
