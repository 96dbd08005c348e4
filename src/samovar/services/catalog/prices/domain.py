"""The arithmetic of prices. Pure: what a package costs at an instant follows from rows and that instant alone.

Spans of time are half-open, `[since, until)`: a discount that ends at 10:00:00 is gone at 10:00:00.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import msgspec

from samovar.kit.identity import Level
from samovar.kit.money import Money

EDIT = "catalog.price.edit"
EDIT_SALES = "catalog.sale.edit"
EDITORS: tuple[Level, ...] = ("editor", "finance")
"""Who sets prices and grants discounts."""
DiscountKind = Literal["launch", "custom", "seasonal"]

AMOUNT_MAX = 1_000_000_000_000
"""Of one price: a hundred thousand of them still add up to what JSON carries exactly."""
LOWEST_WITHIN = timedelta(days=30)
_WHOLE = 100


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """When the app of a package came out here.

    Attributes:
        early_access_at: None: it never was in early access, or is not yet.
        released_at: The full release.
    """

    early_access_at: datetime | None = None
    released_at: datetime | None = None

    @property
    def first_at(self) -> datetime | None:
        """Since when it is out at all."""
        return min(self.all, default=None)

    @property
    def all(self) -> tuple[datetime, ...]:
        """Each of its releases."""
        return tuple(moment for moment in (self.early_access_at, self.released_at) if moment is not None)


class Span(msgspec.Struct, frozen=True):
    """A half-open span of time.

    Attributes:
        until: None where no end is known.
    """

    since: datetime
    until: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Return whether it is running at an instant."""
        return self.since <= at and (self.until is None or at < self.until)

    def meet(self, other: "Span") -> "Span | None":
        """Return what both have in common."""
        ends = [end for end in (self.until, other.until) if end is not None]
        common = Span(max(self.since, other.since), min(ends, default=None))
        return None if common.until is not None and common.until <= common.since else common


class BasePrice(msgspec.Struct, frozen=True, kw_only=True):
    """What a package costs in a region without a discount, for a while.

    Attributes:
        price: None: it has no price there.
        is_raised: Somebody pays more since then.
    """

    region: str
    price: Money | None
    since: datetime
    until: datetime | None = None
    is_raised: bool = False

    @property
    def span(self) -> Span:
        """While it holds."""
        return Span(self.since, self.until)


class Discount(msgspec.Struct, frozen=True, kw_only=True):
    """A temporary reduction, as it was judged.

    Attributes:
        starts_at: Of a launch discount only a plan: it begins with the release.
        ended_at: When it was called off, before or after its start.
        rest_after_release: How long after a release nothing but a launch discount begins, by the rules that judged it.
    """

    id: UUID
    kind: DiscountKind
    percent: int
    starts_at: datetime
    ends_at: datetime
    ended_at: datetime | None = None
    rest_after_release: timedelta

    def span(self, release: Release) -> Span | None:
        """Return while it really holds; none: it does not, or nobody knows yet when.

        A launch discount lasts from the first release as long as was planned. Another one that a later release overtook, so that it
        would begin in the rest after it, does not begin.
        """
        begins = self.starts_at
        if self.kind == "launch":
            if release.first_at is None:
                return None
            begins = release.first_at
        elif any(moment <= begins < moment + self.rest_after_release for moment in release.all):
            return None
        ends = begins + (self.ends_at - self.starts_at)
        if self.ended_at is not None:
            ends = min(ends, self.ended_at)
        return Span(begins, ends) if begins < ends else None

    def is_ahead(self, release: Release, at: datetime) -> bool:
        """Return whether it holds at `at`, or is still to come."""
        if self.kind == "launch" and release.first_at is None:
            return self.ended_at is None
        span = self.span(release)
        return span is not None and span.until is not None and at < span.until


class Price(msgspec.Struct, frozen=True, kw_only=True):
    """What a package costs at an instant in a country.

    Attributes:
        base: Without the discount.
        final: What is paid; an amount of 0 is free.
        lowest_30d: The lowest that was really charged in the region in the last 30 days, this instant included.
        ends_at: When the discount ends.
        region: The country itself, or the group whose price it is.
        valid_until: The next instant at which it will differ, as far as is known.
    """

    base: Money
    final: Money
    discount_percent: int
    lowest_30d: Money
    ends_at: datetime | None
    region: str
    discount_id: UUID | None
    valid_until: datetime | None


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """What was charged for a while."""

    base: Money
    final: Money
    span: Span
    discount: Discount | None = None


class Dated(msgspec.Struct, frozen=True, kw_only=True):
    """All that the price of a package follows from.

    Attributes:
        bases: Of any regions, in any order; those of one region never overlap.
        discounts: Those of them that hold never overlap.
        is_preorder: It is sold before the release.
        other_releases: When other games in it came out, whose page it is not: a package must not be a way round their rest.
        awaits_release: Something else in it is not out yet.
        is_offered: It is on sale: a price that nobody can pay is not charged.
        offered_since: Since when, without a break; none: as long as it has a price.
    """

    bases: Sequence[BasePrice] = ()
    discounts: Sequence[Discount] = ()
    release: Release = Release()
    is_preorder: bool = False
    other_releases: Sequence[datetime] = ()
    awaits_release: bool = False
    is_offered: bool = True
    offered_since: datetime | None = None

    def base_at(self, regions: Iterable[str], at: datetime) -> BasePrice | None:
        """Return the price of the first of these regions that has one."""
        holding = {base.region: base for base in self.bases if base.span.holds(at) and base.price}
        return next((holding[region] for region in regions if region in holding), None)

    def discount_at(self, at: datetime) -> tuple[Discount, Span] | None:
        """Return the discount that holds, and how long."""
        return next(((discount, span) for discount, span in self._held() if span.holds(at)), None)

    def price_at(self, regions: Sequence[str], at: datetime) -> Price | None:
        """Return the price in a country whose regions these are, in their order; none: it is not on sale there."""
        base = self.base_at(regions, at)
        if base is None or base.price is None:
            return None
        held = list(self._held())
        holding = next(((discount, span) for discount, span in held if span.holds(at)), None)
        if not base.price.amount:
            holding = None
        final = reduced(base.price, holding[0].percent) if holding else base.price
        ahead = [moment for _, span in held for moment in (span.since, span.until) if moment and moment > at]
        return Price(
            base=base.price,
            final=final,
            discount_percent=holding[0].percent if holding else 0,
            lowest_30d=self._lowest(base.region, final, at, held),
            ends_at=holding[1].until if holding else None,
            region=base.region,
            discount_id=holding[0].id if holding else None,
            valid_until=min(ahead, default=None),
        )

    def _lowest(
        self, region: str, final: Money, at: datetime, held: Sequence[tuple[Discount, Span]]
    ) -> Money:
        """Return the lowest of what `charged` tells of the days before `at`, without telling all of it."""
        opens = max(at - LOWEST_WITHIN, self._charged_from(at))
        lowest = final
        for base in self.bases:
            price, until = base.price, base.until
            if base.region != region or price is None or price.currency != final.currency:
                continue
            if base.since > at or (until is not None and (until <= opens or until == base.since)):
                continue
            # Where a discount hides the base price all the time, it is lower, and counts in its stead.
            lowest = min(lowest, price)
            begins = max(base.since, opens)
            for discount, span in held:
                overlaps = span.until is None or span.until > begins
                if overlaps and span.since <= at and (until is None or span.since < until):
                    lowest = min(lowest, reduced(price, discount.percent))
        return lowest

    def charged(self, region: str) -> Iterator[Step]:
        """Yield what was and will be charged in a region: the oldest first, every change of base and discount a step."""
        held = sorted(self._held(), key=lambda one: one[1].since)
        for base in sorted(self.bases, key=lambda base: base.since):
            if base.region != region or base.price is None:
                continue
            at: datetime | None = base.since
            for discount, span in held if base.price.amount else ():
                common = span.meet(base.span)
                if common is None or at is None:
                    continue
                if at < common.since:
                    yield Step(base=base.price, final=base.price, span=Span(at, common.since))
                final = reduced(base.price, discount.percent)
                yield Step(base=base.price, final=final, span=common, discount=discount)
                at = common.until
            if at is not None and (base.until is None or at < base.until):
                yield Step(base=base.price, final=base.price, span=Span(at, base.until))

    def _held(self) -> Iterator[tuple[Discount, Span]]:
        for discount in self.discounts:
            span = discount.span(self.release)
            if span is not None:
                yield discount, span

    def _charged_from(self, at: datetime) -> datetime:
        """Since when anybody could pay it: nobody does before the release, if it is not sold in advance."""
        if self.is_preorder:
            return at - LOWEST_WITHIN
        return min(at, self.release.first_at or at)


def reduced(price: Money, percent: int) -> Money:
    """Return a price with a percentage off: the exact remainder, rounded half to even to the minor unit."""
    return price.share(_WHOLE - percent, _WHOLE)
