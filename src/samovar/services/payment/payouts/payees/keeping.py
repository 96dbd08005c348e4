"""Payees as those who pay them need them: as they are, locked or not, and as they were when somebody approved."""

from uuid import UUID

from samovar.kit.database import Database, Transaction
from samovar.services.payment.payouts.payees import repository
from samovar.services.payment.payouts.payees.repository import Kept as KeptPayee
from samovar.services.payment.payouts.payees.schemas import PayeeDetails

__all__ = ["KeptPayee", "details_at", "find_kept", "lock_kept"]


async def find_kept(reader: Database | Transaction, organisation_id: UUID) -> KeptPayee | None:
    """Return a payee, and whose account keeps their bank details."""
    return await repository.find_payee(reader, organisation_id)


async def lock_kept(tx: Transaction, organisation_id: UUID) -> KeptPayee | None:
    """Return a payee that nobody else changes until this transaction ends."""
    return await repository.lock_payee(tx, organisation_id)


async def details_at(
    reader: Database | Transaction, organisation_id: UUID, version: int
) -> PayeeDetails | None:
    """Return the details of a payee in one of their versions."""
    return await repository.find_details(reader, organisation_id, version)
