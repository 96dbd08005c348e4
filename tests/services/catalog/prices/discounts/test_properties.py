"""No sequence of edits breaks a rule: a state machine through the pure core, watched by an oracle that knows only what was charged.

The oracle is written from the text of the rules and shares nothing with the code but the words: it sees what each country paid at each
tick of the clock, as it was at that tick, and when games came out. All that it judges by, it finds in that record.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from samovar.kit.money import Money
from samovar.services.catalog.prices.discounts.domain import Wish, judge, judge_matrix
from samovar.services.catalog.prices.domain import (
    BasePrice,
    Dated,
    Discount,
    DiscountKind,
    Price,
    Release,
)
from tests.services.catalog.prices.conftest import DAY, START
from tests.services.catalog.prices.discounts.test_domain import RULES

TICK = timedelta(hours=12)
REST = 30 * DAY
REGIONS = {"RU": ("RU",), "US": ("US", "WORLD"), "FR": ("WORLD",)}
CURRENCIES = {"RU": "RUB", "US": "USD", "WORLD": "USD"}
# Mostly what rules allow, and what lies around their edges: else hardly anything would ever be granted.
AMOUNTS = st.sampled_from([4_000, 4_001, 3_999, 9_000, 2_000, 30_000, 1_100, 100, 20, 0])
TICKS = st.sampled_from([60, 61, 1, 2, 14, 28, 29, 59, 62, 120])
LENGTHS = st.sampled_from([14, 2, 28, 16, 1, 13, 27, 29, 40])
AHEAD = st.sampled_from([0, 1, 14, 28, 59, 60, 61, 88, 90])
PERCENTS = st.sampled_from([20, 10, 40, 50, 95, 41, 9, 96])
KINDS = st.sampled_from(["custom", "seasonal", "launch"])
MATRICES = st.dictionaries(st.sampled_from(sorted(CURRENCIES)), AMOUNTS, min_size=1, max_size=3)
WAITS = st.tuples(st.just("wait"), st.fixed_dictionaries({"ticks": TICKS}))
WISHES = st.tuples(
    st.just("wish"),
    st.fixed_dictionaries({"kind": KINDS, "percent": PERCENTS, "ahead": AHEAD, "length": LENGTHS}),
)
SPANS = st.fixed_dictionaries({"percent": PERCENTS, "length": LENGTHS, "ticks": TICKS})
EDITS: st.SearchStrategy[tuple[str, Any]] = st.one_of(
    st.tuples(st.just("launch"), SPANS),
    st.tuples(st.just("reduce_again"), SPANS),
    WISHES,
    WAITS,
    st.tuples(st.just("set_prices"), st.fixed_dictionaries({"prices": MATRICES})),
    st.tuples(st.just("shift_prices"), st.fixed_dictionaries({"by": st.sampled_from([-1, -100, 1])})),
    st.tuples(st.just("call_off"), st.fixed_dictionaries({"which": st.integers(0, 9)})),
    st.tuples(st.just("come_out"), st.fixed_dictionaries({"is_early": st.booleans()})),
    WISHES,
    WAITS,
)


class Paid(msgspec.Struct, frozen=True):
    """What a country paid at a tick."""

    base: int
    final: int
    currency: str
    region: str
    lowest: int
    discount_id: UUID | None
    percent: int


class Oracle:
    """Holds a record of ticks against the text of the rules, the slow way."""

    def __init__(self) -> None:
        self.record: dict[str, list[Paid | None]] = {country: [] for country in REGIONS}
        self.kinds: dict[UUID, DiscountKind] = {}
        self.called_off: set[UUID] = set()
        self.releases: list[int] = []
        self.granted: dict[UUID, int] = {}
        self.judged = 0

    @property
    def now(self) -> int:
        return len(self.record["RU"])

    def see(self, paid: dict[str, Paid | None]) -> None:
        for country, one in paid.items():
            self.record[country].append(one)

    def runs(self) -> list[tuple[UUID, int, int]]:
        """Find each discount that anybody paid by: its first tick, and the first after it."""
        seen: dict[UUID, list[int]] = {}
        for paid in self.record.values():
            for tick, one in enumerate(paid):
                if one and one.discount_id:
                    seen.setdefault(one.discount_id, []).append(tick)
        return [(number, min(ticks), max(ticks) + 1) for number, ticks in seen.items()]

    def raises(self) -> set[int]:
        """Find the ticks at which somebody in some country paid more, without a discount, than ever last in that currency."""
        found = set()
        for paid in self.record.values():
            last: dict[str, int] = {}
            for tick, one in enumerate(paid):
                if one is None:
                    continue
                if one.currency in last and one.base > last[one.currency]:
                    found.add(tick)
                last[one.currency] = one.base
        return found

    def check(self) -> None:
        runs, raises = self.runs(), self.raises()
        for number, first, after in runs:
            self._check_shape(number, first, after)
            self._check_rest(number, first, raises, runs)
            self._check_frozen(number, after)
        self._check_apart(runs)
        for released in self.releases:
            assert not any(released < tick < released + REST // TICK for tick in raises), (
                "raised after release"
            )
        for paid in self.record.values():
            self._check_amounts(paid)
        self.judged = self.now

    def _check_shape(self, number: UUID, first: int, after: int) -> None:
        length, kind = (after - first) * TICK, self.kinds[number]
        percents = {
            one.percent for paid in self.record.values() for one in paid if one and one.discount_id == number
        }
        (percent,) = percents
        assert 10 <= percent <= (40 if kind == "launch" else 95)
        assert length <= 14 * DAY
        over = after < self.now
        if over and number not in self.called_off and self._is_whole(first, after):
            assert length >= (7 * DAY if kind == "launch" else DAY)
        if kind == "launch":
            assert first == min(self.releases), "a launch discount begins with the release"
            assert self.granted[number] <= min(self.releases)

    def _is_whole(self, first: int, after: int) -> bool:
        """Whether its ticks follow each other and a price stood beside them: what nobody could pay shows no discount."""
        beside = [
            self.record[country][tick]
            for country in REGIONS
            for tick in (first - 1, after)
            if 0 <= tick < self.now
        ]
        return all(one is not None for one in beside)

    def _check_rest(
        self, number: UUID, first: int, raises: set[int], runs: Sequence[tuple[UUID, int, int]]
    ) -> None:
        rest, kind = REST // TICK, self.kinds[number]
        assert not any(first - rest < tick <= first for tick in raises), "rest after a raise"
        if kind != "launch":
            assert min(self.releases, default=self.now) <= first, "not before the release"
            assert not any(first - rest < tick <= first for tick in self.releases), "rest after a release"
        if kind == "seasonal":
            return
        for other, _, ended in runs:
            if other != number and self.kinds[other] != "seasonal":
                assert not first - rest < ended <= first, "rest after a discount"

    def _check_frozen(self, number: UUID, after: int) -> None:
        """From the moment when it was granted until its end nobody's base price moves."""
        for paid in self.record.values():
            bases = {
                (one.base, one.currency, one.region) if one else None
                for one in paid[self.granted[number] : after]
            }
            assert len(bases) <= 1, "frozen"

    def _check_apart(self, runs: Sequence[tuple[UUID, int, int]]) -> None:
        for number, first, after in runs:
            for other, begun, ended in runs:
                assert number == other or after <= begun or ended <= first, "one at a time"

    def _check_amounts(self, paid: list[Paid | None]) -> None:
        window = REST // TICK
        least = {"RUB": 1_000, "USD": 19}
        for tick in range(self.judged, self.now):
            one = paid[tick]
            if one is None:
                continue
            assert one.final == 0 or one.final >= least[one.currency], "below the least"
            assert 0 <= one.final <= one.base
            exact = one.base * (100 - one.percent)
            assert abs(one.final * 100 - exact) <= 50, "not a kopeck lost"
            opens = min(self.releases, default=tick)
            charged = [
                other.final
                for record in self.record.values()
                for other in record[max(0, tick - window, opens) : tick + 1]
                if other and other.region == one.region
            ]
            assert one.lowest == min([*charged, one.final]), "the lowest that was really charged"


class Edits(RuleBasedStateMachine):
    """A package in the hands of somebody who tries everything."""

    def __init__(self) -> None:
        super().__init__()
        self.at = START
        self.dated = Dated()
        self.oracle = Oracle()
        self.number = 0

    @initialize(prices=MATRICES, stage=st.sampled_from(["coming", "released", "early"]), ticks=TICKS)
    def begin(self, prices: dict[str, int], stage: str, ticks: int) -> None:
        self.set_prices(prices)
        if stage != "coming":
            self.come_out(is_early=stage == "early")
        self.wait(ticks)

    @rule(edits=st.lists(EDITS, min_size=6, max_size=14))
    def edit(self, edits: list[tuple[str, Any]]) -> None:
        """Do many things: one at a time, Hypothesis would seldom come to a discount at all."""
        for name, drawn in edits:
            getattr(self, name)(**drawn)

    def launch(self, percent: int, length: int, ticks: int) -> None:
        """Come out as games do: with a launch discount planned, sooner or later than it was."""
        self.wish("launch", percent, 14, length)
        self.wait(ticks)
        self.come_out(is_early=False)
        self.wait(length + 1)

    def reduce_again(self, percent: int, length: int, ticks: int) -> None:
        """Wait as long as one must, or not quite, between two discounts."""
        self.wish("custom", percent, 0, length)
        self.wait(length + ticks)
        self.wish("custom", percent, 0, length)
        self.wait(length)

    def wait(self, ticks: int) -> None:
        for _ in range(ticks):
            self.oracle.see(
                {
                    country: self._paid(self.dated.price_at(regions, self.at))
                    for country, regions in REGIONS.items()
                }
            )
            self.at += TICK

    def shift_prices(self, by: int) -> None:
        asked = {base.region: base.price for base in self.dated.bases if base.until is None and base.price}
        self.set_prices({region: max(0, price.amount + by) for region, price in asked.items()})

    def set_prices(self, prices: dict[str, int]) -> None:
        wanted = {region: Money(amount, CURRENCIES[region]) for region, amount in prices.items()}
        changes, refusals = judge_matrix(self.dated, wanted, RULES, self.at, REGIONS.values())
        if refusals:
            return
        changed = {change.region for change in changes}
        bases = [
            msgspec.structs.replace(base, until=self.at)
            if base.until is None and base.region in changed
            else base
            for base in self.dated.bases
        ]
        bases += [
            BasePrice(region=one.region, price=one.price, since=self.at, is_raised=one.is_raised)
            for one in changes
        ]
        self.dated = msgspec.structs.replace(self.dated, bases=bases)

    def wish(self, kind: DiscountKind, percent: int, ahead: int, length: int) -> None:
        starts_at = self.at + ahead * TICK
        wanted = Wish(kind=kind, percent=percent, starts_at=starts_at, ends_at=starts_at + length * TICK)
        if judge(self.dated, wanted, RULES, self.at):
            return
        self.number += 1
        discount = Discount(
            id=UUID(int=self.number),
            kind=kind,
            percent=percent,
            starts_at=starts_at,
            ends_at=wanted.ends_at,
            rest_after_release=REST,
        )
        self.oracle.kinds[discount.id] = kind
        self.oracle.granted[discount.id] = self.oracle.now
        self.dated = msgspec.structs.replace(self.dated, discounts=[*self.dated.discounts, discount])

    def call_off(self, which: int) -> None:
        if not self.dated.discounts:
            return
        chosen = self.dated.discounts[which % len(self.dated.discounts)]
        if not chosen.is_ahead(self.dated.release, self.at):
            return
        ended = msgspec.structs.replace(chosen, ended_at=self.at)
        self.oracle.called_off.add(chosen.id)
        self.dated = msgspec.structs.replace(
            self.dated, discounts=[ended if one is chosen else one for one in self.dated.discounts]
        )

    def come_out(self, *, is_early: bool) -> None:
        release = self.dated.release
        if release.released_at is not None or (is_early and release.early_access_at is not None):
            return
        changed = (
            Release(early_access_at=self.at)
            if is_early
            else Release(early_access_at=release.early_access_at, released_at=self.at)
        )
        self.oracle.releases.append(self.oracle.now)
        self.dated = msgspec.structs.replace(self.dated, release=changed)

    @invariant()
    def every_rule_holds(self) -> None:
        self.oracle.check()

    @invariant()
    def the_history_tells_what_was_charged(self) -> None:
        """However it was edited since, the history says of each past tick what was paid then."""
        steps = {region: list(self.dated.charged(region)) for region in CURRENCIES}
        for paid in self.oracle.record.values():
            for tick, one in enumerate(paid):
                if one:
                    moment = self._moment(tick)
                    told = [step.final.amount for step in steps[one.region] if step.span.holds(moment)]
                    assert told == [one.final]

    def _moment(self, tick: int) -> datetime:
        return self.at - (self.oracle.now - tick) * TICK

    @staticmethod
    def _paid(price: Price | None) -> Paid | None:
        if price is None:
            return None
        return Paid(
            price.base.amount,
            price.final.amount,
            price.base.currency,
            price.region,
            price.lowest_30d.amount,
            price.discount_id,
            price.discount_percent,
        )


TestEdits = Edits.TestCase
TestEdits.settings = settings(max_examples=80, stateful_step_count=6, deadline=None)
