"""What a refund is, and how its money is divided over where it came from. Pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Self
from uuid import UUID, uuid5

import msgspec

from samovar.kit.money import Money
from samovar.services.payment.domain import OrderLine

RefundStatus = Literal["requested", "revoking", "paying", "settled", "refused"]
Destination = Literal["instrument", "wallet"]
Source = Literal["bonus", "wallet", "provider"]
PartDestination = Literal["bonus", "wallet", "instrument", "chargeback"]
PartStatus = Literal["planned", "sent", "held", "done", "dropped"]

# No licence of these was ever given: the recipient did not take the gift.
NEVER_LICENSED = frozenset({"gift_declined", "gift_expired", "gift_withdrawn"})
# The instrument takes nothing any more: it goes to the wallet. At any other refusal a person looks: the provider may have given it back
# already, by somebody's hand in its own cabinet.
TO_WALLET = frozenset(
    {
        "rejected_by_payee",
        "card_expired",
        "invalid_card",
        "method_restricted",
        "instrument_closed",
        "expired",
        "too_late",
    }
)


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """Why there is a refund, and where its money is to go.

    Attributes:
        reason: A stable code: `asked`, `preorder_canceled`, `gift_declined`.
        actor_id: Who of the staff granted it; none where the rules did.
        rules_version: The rules that it was judged by.
        needs_review: A person decides before anything happens.
        charged_back: The source whose money the payer's bank has taken itself.
        is_of_one_fund: All of it comes from that source.
        never_licensed: Lines that nobody will have a licence of: gifts that were withdrawn.
    """

    reason: str
    destination: Destination
    actor_id: UUID | None = None
    note: str | None = None
    rules_version: str | None = None
    needs_review: bool = False
    charged_back: UUID | None = None
    is_of_one_fund: bool = False
    never_licensed: frozenset[UUID] = frozenset()


class Refund(msgspec.Struct, frozen=True, kw_only=True):
    """A refund as it is kept; see the table `refunds`."""

    id: UUID
    order_id: UUID
    account_id: UUID
    status: RefundStatus
    reason: str
    note: str | None = None
    destination: Destination
    currency: str
    amount: int
    rules_version: str | None = None
    actor_id: UUID | None = None
    started_at: datetime
    moved_at: datetime
    settled_at: datetime | None = None
    failure_code: str | None = None

    def money(self, amount: int) -> Money:
        """Return an amount in the currency of the refund."""
        return Money(amount, self.currency)


class RefundLine(msgspec.Struct, frozen=True, kw_only=True):
    """What of a line goes back; see the table `refund_lines`."""

    refund_id: UUID
    line_id: UUID
    amount: int
    ends_licence: bool
    revoked_at: datetime | None
    is_live: bool = True


class Fund(msgspec.Struct, frozen=True, kw_only=True):
    """Where money of an order came from.

    Attributes:
        paid: How much came.
        taken: How much of it has gone back or is on its way.
        disputed: What the payer's bank takes beyond what was left.
    """

    id: UUID
    order_id: UUID
    source: Source
    payment_id: UUID | None
    provider: str | None
    paid: int
    taken: int
    disputed: int = 0

    @classmethod
    def of(
        cls,
        order_id: UUID,
        source: Source,
        paid: int,
        *,
        payment_id: UUID | None = None,
        provider: str | None = None,
    ) -> Self:
        """Return a source of which nothing has gone back; its id is the same each time it is named."""
        return cls(
            id=uuid5(order_id, f"fund:{source}:{payment_id or ''}"),
            order_id=order_id,
            source=source,
            payment_id=payment_id,
            provider=provider,
            paid=paid,
            taken=0,
        )

    @property
    def left(self) -> int:
        """Return what has not gone back."""
        return self.paid - self.taken


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """What of a refund goes where; see the table `refund_parts`."""

    id: UUID
    refund_id: UUID
    fund_id: UUID
    amount: int
    destination: PartDestination
    status: PartStatus
    notice_code: str | None = None
    done_at: datetime | None = None
    twice_at: datetime | None = None


def remaining_of(line: OrderLine) -> int:
    """Return what of a line's price has not gone back and is not on its way."""
    return line.final - line.refunded - line.refund_pending


def parts_of(
    refund_id: UUID,
    amount: int,
    funds: Sequence[Fund],
    *,
    currency: str,
    destination: Destination,
    charged_back: UUID | None = None,
) -> list[Part]:
    """Divide a refund over where the money came from, in proportion to what of each is left, to the kopeck.

    No part is larger than what is left of its source, and the last refund of an order takes exactly what is left of each.

    Raises:
        ValueError: More is asked for than is left of all of them.
    """
    left = sum(fund.left for fund in funds)
    if amount > left:
        raise ValueError(f"{amount} is more than the {left} that are left")
    if amount == 0:
        return []
    shares = Money(amount, currency).allocate([fund.left for fund in funds])
    return [
        Part(
            id=uuid5(refund_id, f"part:{fund.id}"),
            refund_id=refund_id,
            fund_id=fund.id,
            amount=share.amount,
            destination="chargeback"
            if fund.id == charged_back
            else _destination_of(fund.source, destination),
            status="planned",
        )
        for fund, share in zip(funds, shares, strict=True)
        if share.amount > 0
    ]


def _destination_of(source: Source, destination: Destination) -> PartDestination:
    if source == "bonus":
        return "bonus"
    return "wallet" if source == "wallet" else destination
