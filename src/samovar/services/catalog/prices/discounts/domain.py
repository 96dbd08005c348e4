"""What a discount and a change of prices must keep to. Pure: `judge` and `judge_matrix` say all that is wrong with a wish.

The rules are data with a date, after Steamworks («Discounting», 2026): a price that is struck out was really asked for thirty days, or is
asked after a launch discount.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from samovar.kit.errors import FieldError
from samovar.kit.money import Money
from samovar.services.catalog.prices.domain import (
    BasePrice,
    Dated,
    Discount,
    DiscountKind,
    Span,
    reduced,
)

_DAY = timedelta(days=1)
_OF_THE_MOMENT = frozenset(
    {
        "not_released",
        "not_on_sale",
        "launch_after_release",
        "launch_twice",
        "nothing_to_reduce",
        "price_frozen_for_launch",
    }
)


class DiscountRules(msgspec.Struct, frozen=True, kw_only=True):
    """One version of the rules. Days are whole days of 24 hours.

    Attributes:
        rest_days_after_release: None but a launch discount begins within so many days after early access, or the full release.
        rest_days_after_raise: None begins within so many days after a price was raised anywhere, or first asked.
        rest_days_after_discount: Seasonal discounts neither ask for this rest nor make others wait.
        price_min: By currency, in minor units: the least that is asked for what is not free.
    """

    percent_min: int
    percent_max: int
    launch_percent_max: int
    days_min: int
    days_max: int
    launch_days_min: int
    launch_days_max: int
    rest_days_after_release: int
    rest_days_after_raise: int
    rest_days_after_discount: int
    no_raise_days_after_release: int
    planned_ahead_days_max: int
    price_min: dict[str, int]

    def least(self, currency: str) -> int:
        """Return the least price in a currency, in minor units; 1 where the rules name none."""
        return self.price_min.get(currency, 1)


class RulesVersion(msgspec.Struct, frozen=True, kw_only=True):
    """Rules, and since when they hold."""

    version: int
    effective_from: datetime
    rules: DiscountRules


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """A discount that somebody wants. A launch discount names its length by a planned beginning and end."""

    kind: DiscountKind
    percent: int
    starts_at: datetime
    ends_at: datetime


class Refusal(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One rule that a wish breaks.

    Attributes:
        field: Which part of the wish: `percent`, `prices.RU`.
        code: Stable.
        detail: The rule in words.
        limit: The number in the rule.
        until: Until when it stands against such a wish.
    """

    field: str
    code: str
    detail: str
    limit: str | None = None
    until: datetime | None = None


class PriceChange(msgspec.Struct, frozen=True, kw_only=True):
    """A region whose price shall be another one from now on.

    Attributes:
        price: None: it shall have none.
        is_raised: Somebody pays more by it.
    """

    region: str
    price: Money | None
    is_raised: bool


def rules_at(versions: Iterable[RulesVersion], at: datetime) -> RulesVersion:
    """Return the rules that hold at an instant.

    Raises:
        LookupError: None did yet.
    """
    holding = [version for version in versions if version.effective_from <= at]
    if not holding:
        raise LookupError(f"no rules for discounts at {at}")
    return max(holding, key=lambda version: version.effective_from)


def judge(dated: Dated, wish: Wish, rules: DiscountRules, now: datetime) -> list[Refusal]:
    """Return all that stands against a discount; nothing: it may be granted.

    Args:
        dated: The package with all its prices and discounts.
        wish: What is wanted.
        rules: Those that hold now.
        now: When it is wanted.
    """
    return [
        *_shape(wish, rules, now),
        *_stage(dated, wish, rules, now),
        *_rest_after_raise(dated, wish, rules, now),
        *_others(dated, wish, rules),
        *_amounts(dated, wish, rules),
    ]


def judge_matrix(
    dated: Dated,
    wanted: Mapping[str, Money],
    rules: DiscountRules,
    now: datetime,
    countries: Iterable[Sequence[str]],
) -> tuple[list[PriceChange], list[Refusal]]:
    """Return what changes with a new price matrix, and all that stands against it.

    Args:
        dated: The package with all its prices and discounts.
        wanted: The whole matrix by region, each in its region's currency; a region that is not there loses its price.
        rules: Those that hold now.
        now: When.
        countries: The regions of each country, in the order in which a price is looked for.
    """
    changes = _changes(dated, wanted, countries)
    refusals = [
        Refusal(
            field=f"prices.{region}",
            code="price_below_minimum",
            detail="below the least price of the currency",
            limit=str(rules.least(price.currency)),
        )
        for region, price in wanted.items()
        if 0 < price.amount < rules.least(price.currency)
    ]
    ahead = [discount for discount in dated.discounts if discount.is_ahead(dated.release, now)]
    if changes and ahead:
        spans = [discount.span(dated.release) for discount in ahead]
        ends = [span.until for span in spans if span and span.until]
        until = max(ends) if len(ends) == len(spans) else None
        refusals.append(
            Refusal(
                field="prices",
                code="price_frozen" if until else "price_frozen_for_launch",
                detail="a discount is active or planned",
                until=until,
            )
        )
    rest = timedelta(days=rules.no_raise_days_after_release)
    releases = (*dated.release.all, *dated.other_releases)
    until = max((at + rest for at in releases if at <= now), default=now)
    if now < until:
        refusals += [
            Refusal(
                field=f"prices.{change.region}",
                code="raised_after_release",
                detail="a price is not raised so soon after the release",
                limit=str(rules.no_raise_days_after_release),
                until=until,
            )
            for change in changes
            if change.is_raised
        ]
    return changes, refusals


def _changes(
    dated: Dated, wanted: Mapping[str, Money], countries: Iterable[Sequence[str]]
) -> list[PriceChange]:
    present = {base.region: base.price for base in dated.bases if base.until is None and base.price}
    changed = {
        region: wanted.get(region)
        for region in sorted(present.keys() | wanted.keys())
        if present.get(region) != wanted.get(region)
    }
    raised = {
        region
        for region, price in changed.items()
        if price and _more(price, _last_asked(dated.bases, region, price.currency))
    }
    # What never had a price cannot be raised.
    for regions in countries if changed and dated.bases else ():
        before = next((region for region in regions if region in present), None)
        after = next((region for region in regions if region in wanted), None)
        if after is None or (before == after and after not in changed):
            continue
        if _more(wanted[after], _last_paid(dated, regions, wanted[after].currency)):
            raised.add(after if after in changed else before or after)
    return [
        PriceChange(region=region, price=price, is_raised=region in raised)
        for region, price in changed.items()
    ]


def _more(price: Money, before: Money | None) -> bool:
    return before is not None and before.currency == price.currency and before < price


def _last_asked(bases: Iterable[BasePrice], region: str, currency: str) -> Money | None:
    """Return the last price of a region, also one that was taken away since: a pause does not hide a rise."""
    asked = [base for base in bases if base.region == region and base.price]
    last = max(asked, key=lambda base: (base.since, base.until is None), default=None)
    return last.price if last and last.price and last.price.currency == currency else None


def _last_paid(dated: Dated, regions: Sequence[str], currency: str) -> Money | None:
    """Return the last price in a currency in a country that has these regions, whichever of them it came from."""
    for since in sorted({base.since for base in dated.bases}, reverse=True):
        base = dated.base_at(regions, since)
        if base and base.price and base.price.currency == currency:
            return base.price
    return None


def _shape(wish: Wish, rules: DiscountRules, now: datetime) -> Iterator[Refusal]:
    is_launch = wish.kind == "launch"
    most = rules.launch_percent_max if is_launch else rules.percent_max
    if wish.percent < rules.percent_min:
        yield _refusal("percent", "percent_too_small", "a smaller discount is not shown", rules.percent_min)
    if wish.percent > most:
        yield _refusal("percent", "percent_too_large", "more than this is not given", most)
    least_days = rules.launch_days_min if is_launch else rules.days_min
    most_days = rules.launch_days_max if is_launch else rules.days_max
    if wish.ends_at - wish.starts_at < least_days * _DAY:
        yield _refusal("ends_at", "discount_too_short", "days from beginning to end", least_days)
    if wish.ends_at - wish.starts_at > most_days * _DAY:
        yield _refusal("ends_at", "discount_too_long", "days from beginning to end", most_days)
    if wish.starts_at < now:
        yield Refusal(field="starts_at", code="starts_in_past", detail="it begins now or later")
    if wish.starts_at > now + rules.planned_ahead_days_max * _DAY:
        yield _refusal("starts_at", "starts_too_late", "days ahead", rules.planned_ahead_days_max)


def _stage(dated: Dated, wish: Wish, rules: DiscountRules, now: datetime) -> Iterator[Refusal]:
    """A launch discount is set before the release; all others begin when the rest after it is over."""
    releases = [moment for moment in dated.release.all if moment <= now]
    others = [moment for moment in dated.other_releases if moment <= now]
    if wish.kind == "launch":
        if releases or others:
            yield Refusal(field="kind", code="launch_after_release", detail="set before the release alone")
        if any(other.kind == "launch" and other.is_ahead(dated.release, now) for other in dated.discounts):
            yield Refusal(field="kind", code="launch_twice", detail="there is one already")
        return
    if not releases or dated.awaits_release:
        yield Refusal(
            field="kind", code="not_released", detail="before the release only a launch discount is set"
        )
    until = max(
        (at + rules.rest_days_after_release * _DAY for at in (*releases, *others)), default=wish.starts_at
    )
    if wish.starts_at < until:
        days = rules.rest_days_after_release
        yield _refusal("starts_at", "rest_after_release", "days of rest after a release", days, until)


def _rest_after_raise(dated: Dated, wish: Wish, rules: DiscountRules, now: datetime) -> Iterator[Refusal]:
    # When a launch discount begins is not known: it may be at once.
    begins = now if wish.kind == "launch" else wish.starts_at
    days = rules.rest_days_after_raise
    raised_at = max((base.since for base in dated.bases if base.is_raised), default=None)
    if raised_at and begins < raised_at + days * _DAY:
        until = raised_at + days * _DAY
        yield _refusal("starts_at", "rest_after_raise", "days of rest after a raised price", days, until)
    asked_since = min((base.since for base in dated.bases if base.price), default=None)
    if wish.kind == "launch" or asked_since is None:
        return
    if not dated.is_offered:
        yield Refusal(field="package_id", code="not_on_sale", detail="nobody can pay its price")
        return
    charged_since = max(asked_since, dated.offered_since or asked_since)
    if begins < charged_since + days * _DAY:
        until = charged_since + days * _DAY
        yield _refusal("starts_at", "price_not_charged", "days of the price itself", days, until)


def _others(dated: Dated, wish: Wish, rules: DiscountRules) -> Iterator[Refusal]:
    wanted = Span(wish.starts_at, wish.ends_at)
    days = rules.rest_days_after_discount
    for other, span in _held(dated):
        ends = span.until
        if ends is None:
            continue
        if span.meet(wanted):
            yield Refusal(
                field="starts_at", code="discounts_overlap", detail="another one holds then", until=ends
            )
        elif "seasonal" in (wish.kind, other.kind):
            continue
        elif ends <= wanted.since < ends + days * _DAY:
            until = ends + days * _DAY
            yield _refusal("starts_at", "rest_after_discount", "days of rest after a discount", days, until)
        elif wish.ends_at <= span.since < wish.ends_at + days * _DAY:
            until = ends + days * _DAY
            yield _refusal("ends_at", "rest_before_discount", "days of rest before the next", days, until)


def _amounts(dated: Dated, wish: Wish, rules: DiscountRules) -> Iterator[Refusal]:
    asked = {base.region: base.price for base in dated.bases if base.until is None and base.price}
    if not any(price.amount for price in asked.values()):
        yield Refusal(field="package_id", code="nothing_to_reduce", detail="it has no price, or is free")
    if not 0 <= wish.percent <= rules.percent_max:
        return
    for region, price in sorted(asked.items()):
        if price.amount and reduced(price, wish.percent).amount < rules.least(price.currency):
            yield Refusal(
                field="percent",
                code="price_below_minimum",
                detail=f"in {region} the price falls below the least of {price.currency}",
                limit=str(rules.least(price.currency)),
            )


def _held(dated: Dated) -> Iterator[tuple[Discount, Span]]:
    for discount in dated.discounts:
        span = discount.span(dated.release)
        if span is not None:
            yield discount, span


def _refusal(field: str, code: str, detail: str, limit: int, until: datetime | None = None) -> Refusal:
    return Refusal(field=field, code=code, detail=detail, limit=str(limit), until=until)


def is_of_the_wish(refusal: Refusal) -> bool:
    """Return whether the wish itself is wrong (422), not the moment for it (409)."""
    return refusal.until is None and refusal.code not in _OF_THE_MOMENT


def as_fields(refusals: Iterable[Refusal]) -> list[FieldError]:
    """Return refusals as the fields of an error; `limit` says until when, or the number in the rule."""
    return [
        FieldError(one.field, one.code, one.detail, one.until.isoformat() if one.until else one.limit)
        for one in refusals
    ]
