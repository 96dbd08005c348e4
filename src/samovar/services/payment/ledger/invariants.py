"""What must hold in the ledger, whatever happens: L1 to L5. Each room of payment has a module like this one for what is its own."""

from samovar.kit.database import Database
from samovar.services.payment.ledger.checking import books
from samovar.services.payment.ledger.domain import Fault


async def faults(database: Database) -> list[Fault]:
    """Return what is wrong in the ledger; it may be used meanwhile.

    L1: in each currency debits and credits are equal, and each transfer is of the currency of its accounts.
    L2: no guarded account is overdrawn, and the database still refuses it.
    L3: a stored balance is the fold of its transfers, and so are the sums at the end of the chain.
    L4: an id is derived of a cause, never drawn: a repetition would not be seen as one.
    L5: a pending transfer is resolved at most once, by no more than it set aside, and when its time is over.
    """
    return [
        *await books.sums_differ(database),
        *await books.overdrawn(database),
        *await books.balances_differ(database),
        *await books.ids_drawn(database),
        *await books.resolved_wrongly(database),
    ]
