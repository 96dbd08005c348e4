"""What payment tells: what was paid for is given, what is refunded is taken back, in whatever order it is heard."""

from samovar.kit.database import Transaction
from samovar.kit.events import consumes
from samovar.services.library.licences.use_cases import Purchases
from samovar.services.payment.contract.events import GiftAccepted, OrderPaid, RefundStarted


@consumes(OrderPaid)
async def give_what_was_bought(event: OrderPaid, tx: Transaction, purchases: Purchases) -> None:
    """Give the licences of all lines but the gifts, which wait for whom they are for."""
    await purchases.give(tx, [line for line in event.lines if not line.is_gift])


@consumes(GiftAccepted)
async def give_what_was_accepted(event: GiftAccepted, tx: Transaction, purchases: Purchases) -> None:
    """Give the licence of a gift to whoever took it."""
    await purchases.give_gift(tx, event)


@consumes(RefundStarted)
async def take_back_what_is_refunded(event: RefundStarted, tx: Transaction, purchases: Purchases) -> None:
    """Take back the licences of the lines, or see to it that they are never given."""
    await purchases.take_back(tx, event)
