"""What the ledger does by the clock."""

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.workers import every
from samovar.services.payment import invariants
from samovar.services.payment.ledger import alarm
from samovar.services.payment.ledger.chain import blocks
from samovar.services.payment.ledger.expiry import AT_ONCE_MAX, expire_overdue

BATCHES_MAX = 500
DAY_S = 86_400


@every(5)
async def carry_ledger_on(database: Database, clock: Clock) -> None:
    """Roll up and chain the transfers that nothing can come before any more."""
    for _ in range(BATCHES_MAX):
        if await blocks.extend(database, now=clock.now()) < blocks.BLOCK_TRANSFERS:
            return


@every(30)
async def expire_transfers(database: Database, clock: Clock) -> None:
    """Give back what pending transfers set aside whose time is over."""
    for _ in range(BATCHES_MAX):
        if await expire_overdue(database, now=clock.now()) < AT_ONCE_MAX:
            return


@every(DAY_S)
async def check_ledger(database: Database) -> None:
    """Check all books of payment and the hash chain, and raise the alarm over what is wrong."""
    found = await invariants.faults(database)
    verdict = await blocks.verify(database)
    alarm.tell([*found, verdict.fault] if verdict.fault else found)
