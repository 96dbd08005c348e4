"""What must hold of payments, whatever happens: L6 and L7."""

from samovar.kit.database import Database
from samovar.services.payment.ledger.domain import Fault
from samovar.services.payment.payments.settling import books


async def faults(database: Database) -> list[Fault]:
    """Return what is wrong with payments; they may go on meanwhile.

    L6: what goes back of a payment, done and under way, is the sum of its refunds and no more than what was captured.
    L7: what a payment moved in the ledger is what was captured, once; what is captured has a place.
    L12: what clearing holds of a provider is what was captured less what went back and its fees.
    """
    return [
        *await books.refunds_differ(database),
        *await books.captures_differ(database),
        *await books.clearing_differs(database),
    ]
