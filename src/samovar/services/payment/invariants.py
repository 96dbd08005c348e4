"""Everything that must hold of money: the checks of all rooms, which `samovar ledger check`, the nightly job and the tests run.

A room has `invariants.py` with one function, and its line in `CHECKS` here:

    async def faults(database: Database) -> list[Fault]: ...

It reads only, may run at any moment beside everything else, names at most `FAULTS_MAX` faults, and finds nothing in a
state that a purchase, refund or payout passes through on its way.
"""

from collections.abc import Awaitable, Callable

from samovar.kit.database import Database
from samovar.services.payment.gifts import invariants as gifts
from samovar.services.payment.ledger import invariants as ledger
from samovar.services.payment.ledger.domain import Fault
from samovar.services.payment.payments import invariants as payments
from samovar.services.payment.payouts import invariants as payouts
from samovar.services.payment.promo import invariants as promo
from samovar.services.payment.quotes import invariants as quotes
from samovar.services.payment.receipts import invariants as receipts
from samovar.services.payment.refunds import invariants as refunds
from samovar.services.payment.revenue import invariants as revenue

Check = Callable[[Database], Awaitable[list[Fault]]]
FAULTS_MAX = 100
CHECKS: tuple[Check, ...] = (
    ledger.faults,
    receipts.faults,
    refunds.faults,
    revenue.faults,
    payouts.faults,
    gifts.faults,
    payments.faults,
    promo.faults,
    quotes.faults,
)


async def faults(database: Database) -> list[Fault]:
    """Return what is wrong anywhere in the books of payment, at most `FAULTS_MAX` of each room."""
    found = [await check(database) for check in CHECKS]
    return [fault for room in found for fault in room[:FAULTS_MAX]]
