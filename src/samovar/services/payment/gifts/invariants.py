"""What must hold of gifts, whatever happens."""

from samovar.kit.database import Database
from samovar.services.payment.gifts import repository
from samovar.services.payment.ledger.domain import Fault

FAULTS_MAX = 100


async def faults(database: Database) -> list[Fault]:
    """Return what is wrong: each paid gift is sent, and opens something only once it was accepted (L11)."""
    return [
        Fault(invariant="L11", subject=f"order line {wrong.line_id}", detail=wrong.detail)
        for wrong in await repository.misplaced(database, FAULTS_MAX)
    ]
