"""What is heard of pre-orders."""

from samovar.kit.database import Transaction
from samovar.kit.events import consumes
from samovar.services.notification.releases.use_cases import Releases
from samovar.services.payment.contract.events import GiftAccepted, OrderPaid, RefundStarted


@consumes(OrderPaid)
async def note_preorders(event: OrderPaid, tx: Transaction, releases: Releases) -> None:
    """Keep who waits for a release."""
    await releases.note_order(tx, event)


@consumes(GiftAccepted)
async def note_given_preorder(event: GiftAccepted, tx: Transaction, releases: Releases) -> None:
    """Keep who was given what is not out yet."""
    await releases.note_gift(tx, event)


@consumes(RefundStarted)
async def lose_preorders(event: RefundStarted, tx: Transaction, releases: Releases) -> None:
    """Let nobody wait for what they gave back."""
    await releases.lose(tx, [line.line_id for line in event.lines], event.started_at)
