"""What must hold of sales, whatever happens: L8."""

from samovar.kit.database import Database
from samovar.services.payment.ledger.domain import Fault
from samovar.services.payment.revenue.checking import books


async def faults(database: Database) -> list[Fault]:
    """Return what is wrong with sales; they may be written meanwhile.

    L8: the parts of each sale follow from the rules it names and stand so in the ledger; its refunds together took no more than
    they, and stand in the ledger too; what an organisation earned in all is the sum of its sales; what is kept back is there.
    """
    return await books.wrong(database)
