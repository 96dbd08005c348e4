"""What apps cost by country, as it holds at a moment: prices that begin later are known beforehand and begin by themselves."""

import heapq
from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from pyroaring import BitMap

from samovar.services.catalog.search.columns.numbers import Numbers
from samovar.services.catalog.search.schemas import PricePeriod

PRICE_BITS = 40
PERCENT_BITS = 7
_NOTHING = Numbers(1)


class Flip(msgspec.Struct, frozen=True, array_like=True, order=True):
    """A price that begins at a moment, seconds since 1970; without `final` there is none from then on."""

    at: float
    place: int
    group: str
    final: int | None
    discount_percent: int


class Prices:
    """Prices and discounts by price group.

    Attributes:
        groups: By country, whose prices hold there: the first of its price regions, which tells all of them.
        finals: What is paid, minor units.
        discounts: Percent; places without a discount have none.
    """

    def __init__(self) -> None:
        self.groups: Mapping[str, str] = {}
        self.finals: dict[str, Numbers] = {}
        self.discounts: dict[str, Numbers] = {}
        self._flips: list[tuple[float, int, Flip]] = []
        self._flips_seen = 0

    def add(self, place: int, prices: Mapping[str, Sequence[PricePeriod]], now: datetime) -> None:
        """Set the prices of a place."""
        for group, periods in prices.items():
            for period in periods:
                if period.since is None or period.since <= now:
                    self._hold(place, group, period.final, period.discount_percent)
                else:
                    at = period.since.timestamp()
                    self._await(Flip(at, place, group, period.final, period.discount_percent))

    def turn(self, now: datetime, living: BitMap) -> None:
        """Let prices that begin by `now` hold."""
        while self._flips and self._flips[0][0] <= now.timestamp():
            flip = heapq.heappop(self._flips)[2]
            if flip.place in living:
                self._hold(flip.place, flip.group, flip.final, flip.discount_percent)

    def finals_in(self, country: str) -> Numbers:
        """Return what apps cost in a country, minor units."""
        return self.finals.get(self.groups.get(country, ""), _NOTHING)

    def discounts_in(self, country: str) -> Numbers:
        """Return the discounts that hold in a country, percent."""
        return self.discounts.get(self.groups.get(country, ""), _NOTHING)

    def flips(self) -> list[Flip]:
        """Return the prices that are to come."""
        return [flip for _, _, flip in self._flips]

    def restore(self, flips: Sequence[Flip]) -> None:
        """Put back what `flips` returned."""
        for flip in flips:
            self._await(flip)

    def _await(self, flip: Flip) -> None:
        # Of two that begin at once the one that was told last wins.
        self._flips_seen += 1
        heapq.heappush(self._flips, (flip.at, self._flips_seen, flip))

    def _hold(self, place: int, group: str, final: int | None, discount_percent: int) -> None:
        if group not in self.finals:
            self.finals[group], self.discounts[group] = Numbers(PRICE_BITS), Numbers(PERCENT_BITS)
        finals, discounts = self.finals[group], self.discounts[group]
        if final is None:
            finals.drop(place)
        else:
            finals.put(place, final)
        if discount_percent:
            discounts.put(place, discount_percent)
        else:
            discounts.drop(place)
