"""Which receipts a purchase needs, to the kopeck. Pure.

Real money has receipts, bonus money has none: a bonus is a discount that lessens the sum of its line. What is paid for before it is given (a
pre-order, a gift) is a prepayment, closed by a receipt of full payment with an offset when it is given; a top-up of the wallet is an
advance, used up by the receipts of what the wallet pays for.

Two sums say that nothing is lost. Over all receipts, `electronic` of sales less that of refunds is the money that came from outside and
stayed. Advances and prepayments taken, less those given back and less `offset`, are what lies in wallets and in lines not yet given.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID, uuid5

import msgspec

from samovar.kit.money import Money
from samovar.services.payment.domain import Order, OrderLine

ReceiptKind = Literal["advance", "sale", "delivery", "refund", "reversal", "correction"]
Operation = Literal["sell", "sell_refund", "sell_correction", "sell_refund_correction"]
State = Literal["planned", "sent", "registered", "refused", "corrected"]
Settlement = Literal["advance", "prepayment", "full_prepayment", "full_payment"]
CURRENCY = "RUB"
NAME_MAX = 128
ADVANCE_NAME = "Аванс: пополнение кошелька"


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a receipt.

    Attributes:
        organisation_id: For whom the platform sells; none for an advance, and for what nobody has claimed.
        is_own: The platform's own advance, no sale for somebody else.
        rated_at: By its day VAT is reckoned: a refund bears the rate of what it takes back.
    """

    name: str
    amount: int
    settlement: Settlement
    organisation_id: UUID | None = None
    is_own: bool = False
    rated_at: datetime


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """A receipt that is needed."""

    kind: ReceiptKind
    cause_id: UUID
    order_id: UUID | None
    account_id: UUID
    operation: Operation
    currency: str
    electronic: int
    offset_amount: int
    items: tuple[Item, ...]
    planned_at: datetime
    actor_id: UUID | None = None
    reason: str | None = None

    @property
    def id(self) -> UUID:
        """Its id, derived: planned twice, it is one."""
        return uuid5(self.cause_id, f"receipt:{self.kind}")

    @property
    def total(self) -> int:
        """What it is about in all."""
        return self.electronic + self.offset_amount


class LineState(msgspec.Struct, frozen=True, kw_only=True):
    """How a paid line stands with the receipts; see the table `receipt_lines`."""

    line_id: UUID
    order_id: UUID
    net: int
    prepaid: int
    refunded: int
    is_closed: bool

    @property
    def left(self) -> int:
        """What has not gone back."""
        return self.net - self.refunded


class Advance(msgspec.Struct, frozen=True, kw_only=True):
    """Whose advance it was, and since when."""

    account_id: UUID
    planned_at: datetime


class Returned(msgspec.Struct, frozen=True, kw_only=True):
    """Where the money of a refund has gone, minor units."""

    instrument: int = 0
    wallet: int = 0
    bonus: int = 0

    @property
    def money(self) -> int:
        """Real money."""
        return self.instrument + self.wallet


def states_of(order: Order, lines: Sequence[OrderLine]) -> list[LineState]:
    """Return how the lines of a paid order begin: each has its part of the bonus, the wallet's and the provider's money."""
    finals = [line.final for line in lines]
    bonus = _divide(order.bonus_amount, finals)
    nets = [final - part for final, part in zip(finals, bonus, strict=True)]
    outside = _divide(order.provider_amount, nets)
    return [
        LineState(
            line_id=line.id,
            order_id=order.id,
            net=net,
            prepaid=part if is_later(line) else 0,
            refunded=0,
            is_closed=not is_later(line),
        )
        for line, net, part in zip(lines, nets, outside, strict=True)
    ]


def is_later(line: OrderLine) -> bool:
    """Tell whether a line is given some time after it is paid."""
    return line.is_preorder or line.is_gift


def sale(order: Order, lines: Sequence[OrderLine], states: Sequence[LineState], now: datetime) -> Plan | None:
    """Return the receipt of a payment; none where it needs none, as of a pre-order that the wallet pays: its advance has one."""
    items = []
    for line, state in zip(lines, states, strict=True):
        amount = state.net if state.is_closed else state.prepaid
        if amount == 0:
            continue
        settlement: Settlement = "full_payment"
        if not state.is_closed:
            settlement = "full_prepayment" if state.prepaid == state.net else "prepayment"
        items.append(_item(line, amount, settlement, now))
    total = sum(item.amount for item in items)
    offset = total - order.provider_amount
    return _plan("sale", order.id, order, "sell", items, total - offset, offset, now)


def delivery(order: Order, line: OrderLine, state: LineState, now: datetime) -> Plan | None:
    """Return the receipt that closes what was paid before: all of it is an offset."""
    if state.is_closed or state.left <= 0:
        return None
    items = [_item(line, state.left, "full_payment", now)]
    return _plan("delivery", line.id, order, "sell", items, 0, state.left, now)


def advance(
    cause_id: UUID, account_id: UUID, amount: Money, now: datetime, *, rated_at: datetime | None = None
) -> Plan:
    """Return the receipt of a top-up, or of money that came for nothing and goes back."""
    item = Item(
        name=ADVANCE_NAME, amount=amount.amount, settlement="advance", is_own=True, rated_at=rated_at or now
    )
    return Plan(
        kind="advance",
        cause_id=cause_id,
        order_id=None,
        account_id=account_id,
        operation="sell",
        currency=amount.currency,
        electronic=amount.amount,
        offset_amount=0,
        items=(item,),
        planned_at=now,
    )


def advance_back(refund_id: UUID, amount: Money, now: datetime, *, of: Advance) -> Plan:
    """Return the receipt of an advance that went back to the instrument."""
    taken = advance(refund_id, of.account_id, amount, now, rated_at=of.planned_at)
    return msgspec.structs.replace(taken, kind="refund", operation="sell_refund")


def refund(
    refund_id: UUID,
    order: Order,
    lines: Sequence[OrderLine],
    states: Sequence[LineState],
    amounts: Mapping[UUID, int],
    returned: Returned,
    now: datetime,
) -> tuple[Plan | None, list[LineState]]:
    """Return the receipt of a refund, and how its lines stand after it.

    A line that was given: what goes to the instrument is money, what goes to the wallet an advance that comes back. One that was not:
    what goes to the instrument lessens the prepayment; what goes to the wallet stays an advance and needs no receipt.
    """
    weights = [amounts[state.line_id] for state in states]
    parts = _within(returned.money, weights, [state.left for state in states])
    rooms = [min(part, _outside_room(state)) for part, state in zip(parts, states, strict=True)]
    outside = _within(returned.instrument, parts, rooms, most=parts)
    items, electronic, offset, after = [], 0, 0, []
    for line, state, part, money in zip(lines, states, parts, outside, strict=True):
        prepaid = state.prepaid if state.is_closed else max(0, state.prepaid - money)
        after.append(msgspec.structs.replace(state, refunded=state.refunded + part, prepaid=prepaid))
        amount = part if state.is_closed else money
        if amount == 0:
            continue
        rated_at = (line.delivered_at if state.is_closed and is_later(line) else order.paid_at) or now
        whole: Settlement = "full_prepayment" if amount == state.net else "prepayment"
        items.append(_item(line, amount, "full_payment" if state.is_closed else whole, rated_at))
        electronic += money
        offset += amount - money
    return _plan("refund", refund_id, order, "sell_refund", items, electronic, offset, now), after


def correction(plan: Plan, *, actor_id: UUID, reason: str, now: datetime, reverses: bool) -> list[Plan]:
    """Return the receipts that stand for another one: made anew by the same lines, after a reversal where it was registered."""
    is_back = plan.operation == "sell_refund"
    mended = msgspec.structs.replace(
        plan,
        kind="correction",
        cause_id=plan.id,
        operation="sell_refund_correction" if is_back else "sell_correction",
        planned_at=now,
        actor_id=actor_id,
        reason=reason,
    )
    if not reverses:
        return [mended]
    other: Operation = "sell_correction" if is_back else "sell_refund_correction"
    return [msgspec.structs.replace(mended, kind="reversal", operation=other), mended]


def _outside_room(state: LineState) -> int:
    """What of a line may go to the instrument first: of one that was not given, what came from outside."""
    return state.left if state.is_closed else state.prepaid


def _plan(
    kind: ReceiptKind,
    cause_id: UUID,
    order: Order,
    operation: Operation,
    items: Sequence[Item],
    electronic: int,
    offset: int,
    now: datetime,
) -> Plan | None:
    if not items:
        return None
    return Plan(
        kind=kind,
        cause_id=cause_id,
        order_id=order.id,
        account_id=order.account_id,
        operation=operation,
        currency=order.currency,
        electronic=electronic,
        offset_amount=offset,
        items=tuple(items),
        planned_at=now,
    )


def _item(line: OrderLine, amount: int, settlement: Settlement, rated_at: datetime) -> Item:
    name = line.names.get("ru") or next(iter(line.names.values()), "Игра")
    return Item(
        name=name[:NAME_MAX],
        amount=amount,
        settlement=settlement,
        organisation_id=line.organisation_id,
        rated_at=rated_at,
    )


def _divide(amount: int, weights: Sequence[int]) -> list[int]:
    """Divide in proportion, largest remainder first; nothing where all weights are 0."""
    if amount == 0 or not any(weights):
        return [0] * len(weights)
    return [part.amount for part in Money(amount, CURRENCY).allocate(list(weights))]


def _within(
    amount: int, weights: Sequence[int], rooms: Sequence[int], most: Sequence[int] | None = None
) -> list[int]:
    """Divide in proportion, but give nobody more than there is room for while others have some; what is too much goes where `most` lets it."""
    parts = [min(part, room) for part, room in zip(_divide(amount, weights), rooms, strict=True)]
    for limits in (rooms, most or [amount] * len(rooms)):
        for place, limit in enumerate(limits):
            more = max(0, min(amount - sum(parts), limit - parts[place]))
            parts[place] += more
    return parts
