"""What payment shows of refunds, and what is asked for."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from samovar.kit.money import AMOUNT_MAX, Money
from samovar.services.payment.refunds.domain import (
    Destination,
    Part,
    PartDestination,
    PartStatus,
    Refund,
    RefundLine,
    RefundStatus,
)
from samovar.services.payment.refunds.eligibility import RuleCode

LINES_MAX = 100
NOTE_LENGTH_MAX = 500
RULES_SHOWN_MAX = 16

# Something to read, and nothing that PostgreSQL cannot keep.
Note = Annotated[str, Meta(min_length=1, max_length=NOTE_LENGTH_MAX, pattern=r"^\s*[^\s\x00][^\x00]*\Z")]
LineIds = Annotated[list[UUID], Meta(min_length=1, max_length=LINES_MAX)]
StaffReason = Literal[
    "technical_fault", "not_as_described", "bought_by_mistake", "duplicate_purchase", "unlawful_content", "support_decision"
]  # fmt: skip


class RuleView(msgspec.Struct, frozen=True, kw_only=True):
    """One rule, and whether it is met.

    Attributes:
        text: The same in a sentence, in the reader's language.
        value: What was found: days since, minutes played.
        limit: It must be less.
        until: Until when it is met, or was.
    """

    code: RuleCode
    is_met: bool
    text: str
    value: int | None
    limit: int | None
    until: datetime | None


class LineEligibility(msgspec.Struct, frozen=True, kw_only=True):
    """What the rules say of one line.

    Attributes:
        amount: What would come back.
    """

    line_id: UUID
    is_eligible: bool
    amount: Money
    rules: list[RuleView]


class RefundEligibility(msgspec.Struct, frozen=True, kw_only=True):
    """Whether an order, or lines of it, may be given back at once, and why.

    Attributes:
        rules_version: The rules of the day of the purchase.
        is_eligible: All lines asked for are.
        needs_review: They are, and yet a person looks at it first: there were many lately.
    """

    order_id: UUID
    rules_version: str
    is_eligible: bool
    needs_review: bool
    amount: Money
    lines: list[LineEligibility]


class RefundWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a player gives back.

    Attributes:
        lines: Lines of the order; without them all that is left of it.
        reason: Why, in their own words.
        destination: Where money of a payment provider goes; bonus and wallet money go where they came from.
    """

    lines: LineIds | None = None
    reason: Note
    destination: Destination = "instrument"


class StaffLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line that support gives back.

    Attributes:
        amount: Minor units of the order's currency; without it all that is left, and with that the licence ends.
    """

    line_id: UUID
    amount: Annotated[int, Meta(ge=1, le=AMOUNT_MAX)] | None = None


class StaffRefundWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What support gives back beyond the rules; without lines all that is left of the order."""

    lines: Annotated[list[StaffLine], Meta(min_length=1, max_length=LINES_MAX)] | None = None
    reason: StaffReason
    note: Note
    destination: Destination = "instrument"


class Decision(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why somebody of the staff decides so."""

    note: Note


class RefundLineView(msgspec.Struct, frozen=True, kw_only=True):
    """What of a line goes back.

    Attributes:
        ends_licence: Nothing of its price is left, so the game goes too.
    """

    line_id: UUID
    amount: Money
    ends_licence: bool


class RefundPartView(msgspec.Struct, frozen=True, kw_only=True):
    """What of a refund goes where.

    Attributes:
        destination: `bonus`, `wallet` or `instrument`: what it was paid with; `chargeback`: the bank has taken it.
        notice_code: Why it did not go to the instrument; null: it did, or never had to.
    """

    part_id: UUID
    amount: Money
    destination: PartDestination
    status: PartStatus
    notice_code: str | None
    done_at: datetime | None


class RefundView(msgspec.Struct, frozen=True, kw_only=True):
    """A refund.

    Attributes:
        status: `requested` waits for a person; `revoking`: the licence ends; `paying`: the money is on its way; `settled`: all of it is
            there; `refused`.
        reason: A stable code: `asked`, `preorder_canceled`, `gift_declined`.
        rules_version: The rules that it was judged by; null where a person decided.
    """

    id: UUID
    order_id: UUID
    status: RefundStatus
    reason: str
    destination: Destination
    amount: Money
    rules_version: str | None
    started_at: datetime
    settled_at: datetime | None
    failure_code: str | None
    lines: list[RefundLineView]
    parts: list[RefundPartView]


class StaffRefundView(RefundView, frozen=True, kw_only=True):
    """A refund as the staff sees it."""

    account_id: UUID
    actor_id: UUID | None
    note: str | None


class RefundKey(msgspec.Struct, frozen=True):
    """What lists of refunds are sorted by."""

    started_at: datetime
    id: UUID


def views_of(
    refunds: Sequence[Refund],
    lines: Mapping[UUID, Sequence[RefundLine]],
    parts: Mapping[UUID, Sequence[Part]],
) -> list[RefundView]:
    """Return refunds as their owner sees them."""
    return [RefundView(**_fields(refund, lines, parts)) for refund in refunds]


def staff_views_of(
    refunds: Sequence[Refund],
    lines: Mapping[UUID, Sequence[RefundLine]],
    parts: Mapping[UUID, Sequence[Part]],
) -> list[StaffRefundView]:
    """Return refunds as the staff sees them."""
    return [
        StaffRefundView(
            **_fields(refund, lines, parts),
            account_id=refund.account_id,
            actor_id=refund.actor_id,
            note=refund.note,
        )
        for refund in refunds
    ]


def _fields(
    refund: Refund, lines: Mapping[UUID, Sequence[RefundLine]], parts: Mapping[UUID, Sequence[Part]]
) -> dict[str, Any]:
    return {
        "id": refund.id,
        "order_id": refund.order_id,
        "status": refund.status,
        "reason": refund.reason,
        "destination": refund.destination,
        "amount": refund.money(refund.amount),
        "rules_version": refund.rules_version,
        "started_at": refund.started_at,
        "settled_at": refund.settled_at,
        "failure_code": refund.failure_code,
        "lines": [
            RefundLineView(
                line_id=line.line_id, amount=refund.money(line.amount), ends_licence=line.ends_licence
            )
            for line in lines.get(refund.id, ())
        ],
        "parts": [
            RefundPartView(
                part_id=part.id,
                amount=refund.money(part.amount),
                destination=part.destination,
                status=part.status,
                notice_code=part.notice_code,
                done_at=part.done_at,
            )
            for part in parts.get(refund.id, ())
        ],
    }
