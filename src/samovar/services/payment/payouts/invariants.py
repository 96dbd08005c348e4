"""What must hold of payouts, whatever happens: L9."""

from samovar.kit.database import Database
from samovar.services.payment.ledger.domain import Fault
from samovar.services.payment.payouts.checking import books


async def faults(database: Database) -> list[Fault]:
    """Return what is wrong with payouts; they may be written meanwhile.

    L9: each was within what was owed and could no longer be given back, was approved by another person than proposed it, is set aside
    in the ledger while it lives, and has left the bank once if it was executed, else not at all.
    """
    return await books.wrong(database)
