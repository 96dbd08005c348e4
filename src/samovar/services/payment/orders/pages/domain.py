"""The arithmetic of an order, told step by step; each sum is that of what is shown beside it. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec

from samovar.services.payment.domain import OPEN, Order, OrderLine, OrderStatus
from samovar.services.payment.payments.domain import Stray

StepCode = Literal["base", "discount", "bundle", "promo"]
PartCode = Literal[
    "to_pay", "set_aside", "not_taken", "developer", "commission", "tax", "kept_until_given", "given_back"
]
FundStatus = Literal["waiting", "set_aside", "paid", "released"]
MomentCode = Literal[
    "created", "paid", "licensed", "delivered", "fulfilled", "canceled", "expired", "failed", "refund_started", "refund_settled",
    "stray_late", "stray_mismatch", "stray_returned",
]  # fmt: skip

AwaitedCode = Literal["out", "day", "promise", "unknown"]

_ENDS: dict[OrderStatus, MomentCode] = {"canceled": "canceled", "expired": "expired", "failed": "failed"}

_STRAYS: dict[Literal["late", "mismatch"], MomentCode] = {"late": "stray_late", "mismatch": "stray_mismatch"}


class PriceStep(msgspec.Struct, frozen=True, kw_only=True):
    """One step from the price without any discount to what is paid, in minor units.

    Attributes:
        percent: By how much, where it is a percentage.
        amount: What this step adds or takes off.
        left: What the price is after it.
    """

    code: StepCode
    percent: int | None
    amount: int
    left: int


class Split(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the money of a line, in minor units; the parts are what is left of them after refunds.

    Attributes:
        is_made: False: all that has not gone back waits to be split.
    """

    is_made: bool = False
    developer: int = 0
    commission: int = 0
    tax: int = 0
    given_back: int = 0


class AppRelease(msgspec.Struct, frozen=True, kw_only=True):
    """When an app comes out.

    Attributes:
        on: The day that is named, if any.
        promise: What is said instead of a day, by language.
    """

    is_out: bool
    on: date | None = None
    promise: Mapping[str, str] = {}


class Awaited(msgspec.Struct, frozen=True, kw_only=True):
    """What a line waits for that was bought in advance.

    Attributes:
        code: `out`: all of it came out just now, and is given within moments; `day`, `promise` or `unknown`: what is known of when it will.
        on: The last of the days on which something in it comes out.
        promise: What is said instead of a day.
    """

    code: AwaitedCode
    on: date | None = None
    promise: Mapping[str, str] = {}


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened to an order.

    Attributes:
        amount: How much came or went, where that is told.
    """

    at: datetime
    code: MomentCode
    amount: int = 0
    line_id: UUID | None = None
    refund_id: UUID | None = None


def steps_of(line: OrderLine) -> list[PriceStep]:
    """Return how the price of a line was made."""
    reduced = line.base if line.reduced is None else line.reduced
    price = reduced if line.price is None else line.price
    steps = [PriceStep(code="base", percent=None, amount=line.base, left=line.base)]
    named: tuple[tuple[StepCode, int, int, int], ...] = (
        ("discount", line.discount_percent, line.base, reduced),
        ("bundle", line.bundle_percent, reduced, price),
        ("promo", line.promo_percent, price, line.final),
    )
    steps += [
        PriceStep(code=code, percent=percent or None, amount=after - before, left=after)
        for code, percent, before, after in named
        if percent or after != before
    ]
    return steps


def parts_of(
    order: Order, lines: Sequence[OrderLine], splits: Mapping[UUID, Split]
) -> list[tuple[PartCode, int]]:
    """Return where the money of an order is; what is nothing is left out.

    A line that is not split yet is kept until it is given, except what has gone back.
    """
    if order.status in OPEN:
        own = order.bonus_amount + order.wallet_amount
        found: list[tuple[PartCode, int]] = [("set_aside", own), ("to_pay", order.provider_amount)]
    elif order.paid_at is None:
        found = [("not_taken", order.total)]
    else:
        known = [(line, splits.get(line.id) or Split(given_back=line.refunded)) for line in lines]
        found = [
            ("developer", sum(split.developer for _, split in known)),
            ("commission", sum(split.commission for _, split in known)),
            ("tax", sum(split.tax for _, split in known)),
            (
                "kept_until_given",
                sum(line.final - split.given_back for line, split in known if not split.is_made),
            ),
            ("given_back", sum(split.given_back for _, split in known)),
        ]
    return [(code, amount) for code, amount in found if amount]


def is_awaited(order: Order, line: OrderLine) -> bool:
    """Return whether a line is paid and waits for its release: what has gone back, or is going, waits for nothing."""
    kept = line.final == 0 or line.refunded + line.refund_pending < line.final
    return (
        order.paid_at is not None
        and line.is_preorder
        and line.delivered_at is None
        and line.refunded_at is None
        and kept
    )


def awaited_of(line: OrderLine, releases: Mapping[UUID, AppRelease]) -> Awaited:
    """Return what a line waits for: the day on which all of it is out, where every app of it that is not names one."""
    known = [releases.get(app_id) for app_id in line.app_ids]
    coming = [one for one in known if one is None or not one.is_out]
    if not coming:
        return Awaited(code="out")
    days = [one.on for one in coming if one and one.on]
    if len(days) == len(coming):
        return Awaited(code="day", on=max(days))
    promise: Mapping[str, str] = next(
        (one.promise for one in coming if one and one.promise and not one.on), {}
    )
    return Awaited(code="promise", promise=promise) if promise else Awaited(code="unknown")


def fund_status(order: Order, *, is_provider: bool) -> FundStatus:
    """Return what has become of a part of the payment."""
    if order.paid_at is not None:
        return "paid"
    if order.status in OPEN:
        return "waiting" if is_provider else "set_aside"
    return "released"


def moments_of(
    order: Order,
    lines: Sequence[OrderLine],
    refunds: Sequence[tuple[UUID, datetime, datetime | None]],
    strays: Sequence[Stray] = (),
) -> list[Moment]:
    """Return what happened to an order, in order; `refunds` are their ids, beginnings and ends."""
    found = [Moment(at=order.created_at, code="created")]
    if order.paid_at:
        found.append(Moment(at=order.paid_at, code="paid"))
    found += [Moment(at=one.licensed_at, code="licensed", line_id=one.id) for one in lines if one.licensed_at]
    found += [
        Moment(at=one.delivered_at, code="delivered", line_id=one.id)
        for one in lines
        if one.delivered_at and one.is_preorder
    ]
    if order.fulfilled_at:
        found.append(Moment(at=order.fulfilled_at, code="fulfilled"))
    if order.closed_at and (code := _ENDS.get(order.status)):
        found.append(Moment(at=order.closed_at, code=code))
    for refund_id, started_at, settled_at in refunds:
        found.append(Moment(at=started_at, code="refund_started", refund_id=refund_id))
        if settled_at:
            found.append(Moment(at=settled_at, code="refund_settled", refund_id=refund_id))
    for stray in strays:
        found.append(Moment(at=stray.came_at, code=_STRAYS[stray.kind], amount=stray.amount))
        if stray.returned_at:
            found.append(Moment(at=stray.returned_at, code="stray_returned", amount=stray.amount))
    return sorted(found, key=lambda moment: moment.at)
