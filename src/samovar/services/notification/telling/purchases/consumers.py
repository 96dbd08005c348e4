"""What is heard of purchases: orders, refunds, gifts, money, licences."""

from samovar.kit.database import Transaction
from samovar.kit.events import consumes
from samovar.services.library.contract.events import LicenceGranted, LicenceRevoked
from samovar.services.notification.domain import Story
from samovar.services.notification.telling.facts import money, order_facts
from samovar.services.notification.telling.teller import Teller
from samovar.services.payment.contract.compensations_events import CompensationGiven
from samovar.services.payment.contract.events import (
    GiftAccepted,
    GiftReturned,
    GiftSent,
    OrderClosed,
    OrderFulfilled,
    OrderPaid,
    RefundSettled,
    RefundStarted,
    WalletToppedUp,
)

# These tell of themselves: the person has just done it, or another notification says it better.
QUIET_GRANTS = frozenset({"purchase", "gift", "key", "free", "trial", "family"})
QUIET_ENDS = frozenset({"refunded", "expired"})


@consumes(OrderPaid)
async def tell_order_paid(event: OrderPaid, tx: Transaction, teller: Teller) -> None:
    """Tell the buyer that the money is there."""
    story = Story(
        kind="order_paid",
        topic="order",
        cause=event.order_id,
        package_id=event.lines[0].package_id if event.lines else None,
        app_id=event.lines[0].app_ids[0] if event.lines and event.lines[0].app_ids else None,
        facts=order_facts(event.order_id, event.total, len(event.lines)),
        happened_at=event.paid_at,
    )
    await teller.tell(tx, [event.account_id], story)


@consumes(OrderFulfilled)
async def tell_order_fulfilled(event: OrderFulfilled, tx: Transaction, teller: Teller) -> None:
    """Tell the buyer, in place of the payment, that everything was given."""
    story = Story(
        kind="order_fulfilled",
        topic="order",
        cause=event.order_id,
        stage=2,
        facts={"order_id": str(event.order_id)},
        happened_at=event.fulfilled_at,
    )
    await teller.tell(tx, [event.account_id], story)


@consumes(OrderClosed)
async def tell_order_closed(event: OrderClosed, tx: Transaction, teller: Teller) -> None:
    """Tell the buyer that an order failed; of one that they left or took back themselves there is nothing to tell."""
    story = Story(
        kind="order_failed" if event.status == "failed" else None,
        topic="order",
        cause=event.order_id,
        stage=3,
        facts={"order_id": str(event.order_id)},
        happened_at=event.closed_at,
    )
    await teller.tell(tx, [event.account_id], story)


@consumes(RefundStarted)
async def tell_refund_started(event: RefundStarted, tx: Transaction, teller: Teller) -> None:
    """Tell the buyer that money is on its way back."""
    first = event.lines[0] if event.lines else None
    story = Story(
        kind="refund_started",
        topic="refund",
        cause=event.refund_id,
        package_id=first.package_id if first else None,
        app_id=first.app_ids[0] if first and first.app_ids else None,
        facts={"order_id": str(event.order_id)},
        happened_at=event.started_at,
    )
    await teller.tell(tx, [event.account_id], story)


@consumes(RefundSettled)
async def tell_refund_settled(event: RefundSettled, tx: Transaction, teller: Teller) -> None:
    """Tell the buyer that the money is back."""
    story = Story(
        kind="refund_settled",
        topic="refund",
        cause=event.refund_id,
        stage=2,
        facts={
            "order_id": str(event.order_id),
            "amount": money(event.amount),
            "destination": event.destination,
        },
        happened_at=event.settled_at,
    )
    await teller.tell(tx, [event.account_id], story)


@consumes(GiftSent)
async def tell_gift_received(event: GiftSent, tx: Transaction, teller: Teller) -> None:
    """Tell whom a gift is for that it waits."""
    story = Story(
        kind="gift_received",
        topic="gift",
        cause=event.gift_id,
        package_id=event.package_id,
        person_id=event.sender_id,
        facts={"until": event.expires_at.isoformat()},
        happened_at=event.sent_at,
    )
    await teller.tell(tx, [event.recipient_id], story)


@consumes(GiftAccepted)
async def tell_gift_accepted(event: GiftAccepted, tx: Transaction, teller: Teller) -> None:
    """Tell the sender; to the recipient the gift waits no longer."""
    story = Story(
        kind="gift_accepted",
        topic="sent_gift",
        cause=event.gift_id,
        package_id=event.package_id,
        app_id=event.app_ids[0] if event.app_ids else None,
        person_id=event.recipient_id,
        happened_at=event.accepted_at,
    )
    await teller.tell(tx, [event.sender_id], story)
    over = Story(kind=None, topic="gift", cause=event.gift_id, stage=2, happened_at=event.accepted_at)
    await teller.tell(tx, [event.recipient_id], over)


@consumes(GiftReturned)
async def tell_gift_returned(event: GiftReturned, tx: Transaction, teller: Teller) -> None:
    """Tell the sender that the money goes back, unless they took the gift back themselves."""
    story = Story(
        kind=None if event.reason == "withdrawn" else "gift_returned",
        topic="sent_gift",
        cause=event.gift_id,
        package_id=event.package_id,
        person_id=event.recipient_id,
        happened_at=event.returned_at,
    )
    await teller.tell(tx, [event.sender_id], story)
    over = Story(kind=None, topic="gift", cause=event.gift_id, stage=2, happened_at=event.returned_at)
    await teller.tell(tx, [event.recipient_id], over)


@consumes(WalletToppedUp)
async def tell_wallet_topped_up(event: WalletToppedUp, tx: Transaction, teller: Teller) -> None:
    """Tell that paid-in money is in the wallet."""
    story = Story(
        kind="wallet_topped_up",
        topic="top_up",
        cause=event.top_up_id,
        facts={"amount": money(event.amount)},
        happened_at=event.topped_up_at,
    )
    await teller.tell(tx, [event.account_id], story)


@consumes(CompensationGiven)
async def tell_compensation_given(event: CompensationGiven, tx: Transaction, teller: Teller) -> None:
    """Tell that support has given money."""
    story = Story(
        kind="compensation_given",
        topic="compensation",
        cause=event.compensation_id,
        facts={"amount": money(event.amount)},
        happened_at=event.given_at,
    )
    await teller.tell(tx, [event.account_id], story)


@consumes(LicenceGranted)
async def tell_licence_granted(event: LicenceGranted, tx: Transaction, teller: Teller) -> None:
    """Tell of a licence that the platform gave: of others the person knows, or is told in another way."""
    if event.kind in QUIET_GRANTS:
        return
    story = Story(
        kind="licence_granted",
        topic="licence",
        cause=event.licence_id,
        package_id=event.package_id,
        app_id=event.app_ids[0] if event.app_ids else None,
        happened_at=event.granted_at,
    )
    await teller.tell(tx, [event.account_id], story)


@consumes(LicenceRevoked)
async def tell_licence_revoked(event: LicenceRevoked, tx: Transaction, teller: Teller) -> None:
    """Tell that a game was taken away, where nothing else tells why."""
    if event.reason in QUIET_ENDS:
        return
    story = Story(
        kind="licence_revoked",
        topic="licence",
        cause=event.licence_id,
        stage=2,
        package_id=event.package_id,
        app_id=event.app_ids[0] if event.app_ids else None,
        happened_at=event.revoked_at,
    )
    await teller.tell(tx, [event.account_id], story)
