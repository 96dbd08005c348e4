"""What payment shows of receipts."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from samovar.kit.money import Money
from samovar.services.payment.receipts.domain import Operation, ReceiptKind, Settlement, State
from samovar.services.payment.receipts.repository import Receipt

# Something to read, and nothing that PostgreSQL cannot keep.
Reason = Annotated[
    str,
    Meta(
        min_length=3,
        max_length=500,
        pattern=r"^\s*[^\s\x00][^\x00]*\Z",
        description="Why, for the record.",
    ),
]


class Mending(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a receipt is mended."""

    reason: Reason


class ReceiptKey(msgspec.Struct, frozen=True):
    """Where a page of receipts ends."""

    planned_at: datetime
    id: UUID


class StaffItem(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a receipt."""

    name: str
    amount: Money
    settlement: Settlement
    organisation_id: UUID | None


class StaffReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """A receipt with all that is known of it.

    Attributes:
        cause_id: The order, line, top-up, refund or receipt that it is about.
        electronic: Money that came from outside, or went there.
        offset: Advances that were used up, or came back.
        attempt: The how-manieth handing in: one more each time that a register refuses it.
        failure: What a register or its service said.
        actor_id: Who mends another receipt with it.
    """

    id: UUID
    kind: ReceiptKind
    operation: Operation
    state: State
    cause_id: UUID
    order_id: UUID | None
    account_id: UUID
    total: Money
    electronic: Money
    offset: Money
    items: list[StaffItem]
    planned_at: datetime
    sent_at: datetime | None
    registered_at: datetime | None
    attempt: int
    failure: str | None
    drive: str | None
    number: int | None
    sign: int | None
    link: str | None
    actor_id: UUID | None
    reason: str | None


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """Money without its receipt, or a receipt of another sum.

    Attributes:
        subject: What it is about: `payment 0190…`, `refund 0190…`.
        money: What moved.
        receipts: What the receipts say.
    """

    subject: str
    money: Money
    receipts: Money


class ReceiptDay(msgspec.Struct, frozen=True, kw_only=True):
    """A day, Moscow time: each rouble has exactly one receipt, or stands in `differences`.

    Attributes:
        captured: What providers took.
        returned: What they gave back.
        sold: What the receipts of that day say came from outside.
        refunded: What they say went back there.
        by_state: How many receipts of that day are in each state.
        differences: At most 100.
    """

    day: date
    captured: Money
    returned: Money
    sold: Money
    refunded: Money
    by_state: dict[State, int]
    differences: list[Difference]


def staff_view_of(one: Receipt) -> StaffReceipt:
    """Return a receipt as staff see it."""
    return StaffReceipt(
        id=one.id,
        kind=one.kind,
        operation=one.operation,
        state=one.state,
        cause_id=one.cause_id,
        order_id=one.order_id,
        account_id=one.account_id,
        total=Money(one.total, one.currency),
        electronic=Money(one.electronic, one.currency),
        offset=Money(one.offset_amount, one.currency),
        items=[
            StaffItem(
                name=item.name,
                amount=Money(item.amount, one.currency),
                settlement=item.settlement,
                organisation_id=item.organisation_id,
            )
            for item in one.items
        ],
        planned_at=one.planned_at,
        sent_at=one.sent_at,
        registered_at=one.registered_at,
        attempt=one.attempt,
        failure=one.failure,
        drive=one.drive,
        number=one.number,
        sign=one.sign,
        link=one.link,
        actor_id=one.actor_id,
        reason=one.reason,
    )
