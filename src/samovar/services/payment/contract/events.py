"""The events that payment sends. Additive change only: an old sample must decode for ever."""

from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.events import Aggregate, Event
from samovar.kit.money import Money


class PaidLine(msgspec.Struct, frozen=True, kw_only=True):
    """One package of an order.

    Attributes:
        app_ids: What a licence of it opens.
        recipient_id: Who will have it.
        is_gift: It waits until the recipient accepts it: `gift_accepted`.
        organisation_id: Who is paid for it; none for what was imported.
        final: What was paid for it.
        is_preorder: It was not out when it was bought.
    """

    line_id: UUID
    package_id: UUID
    app_ids: tuple[UUID, ...]
    recipient_id: UUID
    is_gift: bool = False
    organisation_id: UUID | None = None
    final: Money
    is_preorder: bool = False


class OrderPaid(Event, frozen=True, kw_only=True, subject="payment.v1.order_paid"):
    """An order is paid in full. Library gives the licences of all lines but the gifts, once for each line.

    Attributes:
        total: What was paid.
    """

    order_id: UUID
    account_id: UUID
    country: str
    lines: tuple[PaidLine, ...]
    total: Money
    paid_at: datetime
    version: int

    def aggregate(self) -> Aggregate:
        """Return the order."""
        return Aggregate(str(self.order_id), self.version)


class OrderFulfilled(Event, frozen=True, kw_only=True, subject="payment.v1.order_fulfilled"):
    """Everything in an order has been given: the licences are there, the gifts are with those they are for, and all of it is out."""

    order_id: UUID
    account_id: UUID
    fulfilled_at: datetime
    version: int

    def aggregate(self) -> Aggregate:
        """Return the order."""
        return Aggregate(str(self.order_id), self.version)


class OrderClosed(Event, frozen=True, kw_only=True, subject="payment.v1.order_closed"):
    """An order came to nothing: nobody paid, or what was paid goes back.

    Attributes:
        status: `canceled`, `expired` or `failed`.
        failure_code: Why, a stable code: `insufficient_funds`, `declined`, …
    """

    order_id: UUID
    account_id: UUID
    status: str
    failure_code: str | None = None
    closed_at: datetime
    version: int

    def aggregate(self) -> Aggregate:
        """Return the order."""
        return Aggregate(str(self.order_id), self.version)


class RefundedLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line that is taken back, and what goes back for it."""

    line_id: UUID
    package_id: UUID
    app_ids: tuple[UUID, ...]
    recipient_id: UUID
    amount: Money


class RefundStarted(Event, frozen=True, kw_only=True, subject="payment.v1.refund_started"):
    """A refund was granted: library takes the licences of these lines back.

    Where one was never given, it sees to it that it never is. `licence_revoked` answers, and only then money moves.

    Attributes:
        lines: Those whose licence ends; a partial refund that leaves the game has none.
        reason: A stable code: `asked`, `preorder_canceled`, `chargeback`, `gift_declined`, …
    """

    refund_id: UUID
    order_id: UUID
    account_id: UUID
    lines: tuple[RefundedLine, ...]
    reason: str
    started_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the refund."""
        return Aggregate(str(self.refund_id), 1)


class RefundSettled(Event, frozen=True, kw_only=True, subject="payment.v1.refund_settled"):
    """The money of a refund is back where it belongs.

    Attributes:
        destination: `instrument` or `wallet`.
        is_whole: Nothing of the order is left.
    """

    refund_id: UUID
    order_id: UUID
    account_id: UUID
    amount: Money
    destination: str
    is_whole: bool
    settled_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the refund."""
        return Aggregate(str(self.refund_id), 2)


class WalletToppedUp(Event, frozen=True, kw_only=True, subject="payment.v1.wallet_topped_up"):
    """Money that a player paid in is in their wallet."""

    top_up_id: UUID
    account_id: UUID
    amount: Money
    topped_up_at: datetime


class GiftSent(Event, frozen=True, kw_only=True, subject="payment.v1.gift_sent"):
    """A gift is paid and waits for whoever it is for."""

    gift_id: UUID
    line_id: UUID
    sender_id: UUID
    recipient_id: UUID
    package_id: UUID
    expires_at: datetime
    sent_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the gift."""
        return Aggregate(str(self.gift_id), 1)


class GiftAccepted(Event, frozen=True, kw_only=True, subject="payment.v1.gift_accepted"):
    """Whoever it is for took it. Library gives the licence, once for the line."""

    gift_id: UUID
    line_id: UUID
    sender_id: UUID
    recipient_id: UUID
    package_id: UUID
    app_ids: tuple[UUID, ...]
    accepted_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the gift."""
        return Aggregate(str(self.gift_id), 2)


class GiftReturned(Event, frozen=True, kw_only=True, subject="payment.v1.gift_returned"):
    """A gift was declined, or nobody took it in time: what was paid goes back to the sender.

    Attributes:
        reason: `declined`, `expired` or `withdrawn`.
    """

    gift_id: UUID
    line_id: UUID
    sender_id: UUID
    recipient_id: UUID
    package_id: UUID
    reason: str
    returned_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the gift."""
        return Aggregate(str(self.gift_id), 2)


ORDER_EVENTS = (OrderPaid, OrderFulfilled, OrderClosed)
REFUND_EVENTS = (RefundStarted, RefundSettled)
GIFT_EVENTS = (GiftSent, GiftAccepted, GiftReturned)
