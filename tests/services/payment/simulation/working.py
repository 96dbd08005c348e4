"""The jobs of payment, each with one turn; what a job takes upon itself is done by actors of its own."""

from collections.abc import Awaitable, Callable
from functools import partial

from samovar.services.payment.ledger.chain import blocks
from samovar.services.payment.ledger.expiry import expire_overdue
from samovar.services.payment.payments.settling.janitor import KINDS
from samovar.services.payment.receipts.sending.adapters import RegistersAway
from samovar.services.payment.receipts.sending.repository import Due
from tests.services.payment.simulation.world import World

Act = Callable[[], Awaitable[object]]


def jobs(world: World) -> list[tuple[str, Act]]:
    """Return the jobs of payment, each with one turn."""
    fulfilment, following, checkout = (
        world.use("fulfilment"),
        world.use("refund_following"),
        world.use("checkout"),
    )
    return [
        ("janitor", partial(janitor, world)),
        *[("read_inbox", partial(read_inbox, world))] * 3,
        *[("claim_receipts", partial(claim_receipts, world))] * 5,
        ("expire_orders", checkout.expire),
        ("ask_for_licences", fulfilment.repeat),
        ("deliver_late", fulfilment.deliver_late),
        ("deliver_released", fulfilment.deliver_released),
        ("look_for_releases", fulfilment.look_for_releases),
        ("resume_refunds", following.resume),
        ("return_gifts", world.use("gift_returns").expire),
        ("split_sales", world.splitter.split_batch),
        *[("send_payouts", world.paying_out.send_due)] * 3,
        ("expire_compensations", world.compensations.expire),
        ("release_reserves", world.splitter.release_batch),
        ("expire_transfers", lambda: expire_overdue(world.database, now=world.clock.now())),
        ("carry_ledger_on", lambda: blocks.extend(world.database, now=world.clock.now())),
    ]


async def janitor(world: World) -> None:
    """Take what payments and refunds are due."""
    janitor = world.janitor
    for kind in KINDS:
        world.take(f"janitor {kind}", await janitor.due(kind), partial(janitor.resolve_one, kind))


async def read_inbox(world: World) -> None:
    """Take what providers told."""
    world.take("inbox", await world.inbox.claim(), world.inbox.resolve_one)


async def claim_receipts(world: World) -> None:
    """Take what receipts are due."""
    world.take("receipt", await world.sending.claim(), partial(send_receipt, world))


async def send_receipt(world: World, due: Due) -> None:
    """Take a receipt a step on, as `send_due` does."""
    try:
        await world.sending.send_one(due)
    except RegistersAway:
        await world.sending.put_off([due])
