"""Whether what was bought may be given back without anybody's decision: a pure function of facts and dated rules.

The rules of the day of the purchase hold; their version is kept with each refund, so that any past answer can be given again. The source
is ADR 103: 14 days and less than 2 hours of play; a pre-order at any time before its release, whose day starts the clock; a bundle by
the time of all its games, and as a whole; what belongs to a game by the time of that game since the purchase; a gift while it is not
accepted, or when the one who has it agrees.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID

import msgspec

from samovar.services.payment.domain import OrderStatus

RuleCode = Literal[
    "paid",
    "money_paid",
    "not_refunded",
    "account_free",
    "not_compensated",
    "not_disputed",
    "gift",
    "bundle_whole",
    "window",
    "play_time",
]
_PAID: frozenset[OrderStatus] = frozenset({"paid", "fulfilled", "partially_refunded", "refunded"})


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """The rules of one time.

    Attributes:
        version: Kept with each refund.
        since: What was bought from then on is judged by them.
        window_days: How long after the purchase, or the release.
        play_minutes_max: Less than so many minutes may have been played.
    """

    version: str
    since: datetime
    window_days: int
    play_minutes_max: int


# The newest first. A change is a new entry: the old ones are promises that were made.
RULES: tuple[Rules, ...] = (
    Rules(
        version="2026-1",
        since=datetime(2026, 1, 1, tzinfo=UTC),
        window_days=14,
        play_minutes_max=120,
    ),
)


class App(msgspec.Struct, frozen=True, kw_only=True):
    """An app that a line opens.

    Attributes:
        base_id: The game that it belongs to; none for what stands alone.
    """

    id: UUID
    base_id: UUID | None = None


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the order, as the rules see it.

    Attributes:
        final: What was paid for it, minor units.
        left: What of that has not gone back and is not on its way.
        is_ending: A refund takes its licence back, or has.
        delivered_at: When it was given for good: of a pre-order, not before the release.
        is_accepted: A gift: the recipient took it.
        has_consent: A gift: the recipient agrees.
        is_compensated: Support has given money for it.
    """

    line_id: UUID
    bundle_id: UUID | None = None
    recipient_id: UUID
    apps: tuple[App, ...]
    final: int
    left: int
    is_ending: bool = False
    is_preorder: bool = False
    delivered_at: datetime | None = None
    is_gift: bool = False
    is_accepted: bool = False
    has_consent: bool = False
    is_compensated: bool = False


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """All that the rules look at.

    Attributes:
        items: All lines of the order.
        played: Recipient and app to seconds of play, over all time.
        played_since: The same, since the purchase alone.
        held_until: Until when the buyer's account is held; none: it is not.
        is_disputed: A bank is asked to take back what was paid, and nobody knows yet who has it in the end.
    """

    now: datetime
    status: OrderStatus
    paid_at: datetime | None
    items: tuple[Item, ...]
    played: Mapping[tuple[UUID, UUID], int]
    played_since: Mapping[tuple[UUID, UUID], int] = {}
    held_until: datetime | None = None
    is_disputed: bool = False


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One rule, and whether it is met.

    Attributes:
        variant: Which sentence tells it: `release` says that the clock starts then.
        value: What was found: days, minutes, lines; none where the rule counts nothing.
        limit: Less than so much is allowed.
        until: Until when it is met, or was.
    """

    code: RuleCode
    is_met: bool
    variant: str | None = None
    value: int | None = None
    limit: int | None = None
    until: datetime | None = None


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What the rules say of one line."""

    line_id: UUID
    findings: tuple[Finding, ...]

    @property
    def is_eligible(self) -> bool:
        """Return whether all rules are met."""
        return all(finding.is_met for finding in self.findings)


def rules_of(bought_at: datetime) -> Rules:
    """Return the rules by which a purchase is judged."""
    return next((rules for rules in RULES if rules.since <= bought_at), RULES[-1])


def judge(facts: Facts, asked: Collection[UUID], rules: Rules) -> list[Verdict]:
    """Return what the rules say of each line that is asked for, in the order of the order."""
    return [
        Verdict(line_id=item.line_id, findings=tuple(_findings(facts, item, asked, rules)))
        for item in facts.items
        if item.line_id in asked
    ]


def _findings(facts: Facts, item: Item, asked: Collection[UUID], rules: Rules) -> Iterator[Finding]:
    yield Finding(code="paid", is_met=facts.status in _PAID)
    together = _bundle(facts, item) if item.bundle_id else [item]
    yield Finding(code="money_paid", is_met=any(other.final > 0 for other in together))
    yield Finding(code="not_refunded", is_met=item.left == item.final and not item.is_ending)
    yield Finding(
        code="account_free",
        is_met=facts.held_until is None or facts.held_until <= facts.now,
        until=facts.held_until,
    )
    yield Finding(code="not_compensated", is_met=not item.is_compensated)
    yield Finding(code="not_disputed", is_met=not facts.is_disputed)
    if item.is_gift:
        yield Finding(
            code="gift",
            is_met=not item.is_accepted or item.has_consent,
            variant="accepted" if item.is_accepted else "waiting",
        )
    if item.bundle_id:
        missing = [other for other in _bundle(facts, item) if other.line_id not in asked]
        yield Finding(code="bundle_whole", is_met=not missing, value=len(missing), limit=1)
    yield _window(facts, item, rules)
    yield _play_time(facts, item, rules)


def _window(facts: Facts, item: Item, rules: Rules) -> Finding:
    """The clock starts at the purchase, or at the release of what was bought before it."""
    if item.is_preorder and item.delivered_at is None:
        return Finding(code="window", is_met=True, variant="before_release", limit=rules.window_days)
    start = item.delivered_at if item.is_preorder else facts.paid_at
    if start is None:
        return Finding(code="window", is_met=False, variant="purchase", limit=rules.window_days)
    until = start + timedelta(days=rules.window_days)
    return Finding(
        code="window",
        is_met=facts.now < until,
        variant="release" if item.is_preorder else "purchase",
        value=max(0, (facts.now - start).days),
        limit=rules.window_days,
        until=until,
    )


def _play_time(facts: Facts, item: Item, rules: Rules) -> Finding:
    """The time of all games together; of what belongs to a game that is not given back, that of the game since the purchase."""
    items = _bundle(facts, item) if item.bundle_id else [item]
    own = {(each.recipient_id, app.id) for each in items for app in each.apps}
    games = {(each.recipient_id, app.id) for each in items for app in each.apps if app.base_id is None}
    bases = {(each.recipient_id, app.base_id) for each in items for app in each.apps if app.base_id}
    # Minutes come last: rounded game by game, those of a bundle would come to less than was played.
    seconds = sum(facts.played.get(game, 0) for game in games) + sum(
        facts.played_since.get(base, 0) for base in bases - own
    )
    variant = "bundle" if item.bundle_id else ("base" if not games else "games")
    return Finding(
        code="play_time",
        is_met=seconds < rules.play_minutes_max * 60,
        variant=variant,
        value=seconds // 60,
        limit=rules.play_minutes_max,
    )


def _bundle(facts: Facts, item: Item) -> list[Item]:
    """Return the lines that were bought with this one as a bundle, for the same person, itself among them."""
    return [
        other
        for other in facts.items
        if other.bundle_id == item.bundle_id and other.recipient_id == item.recipient_id
    ]
