"""Payees as those who pay them need them: as they are, locked or not, and as they were when somebody approved."""

from datetime import datetime
from uuid import UUID

from samovar.kit.database import Database, Transaction
from samovar.services.payment.payouts import repository as payouts
from samovar.services.payment.payouts.payees import repository
from samovar.services.payment.payouts.payees.repository import Kept as KeptPayee
from samovar.services.payment.payouts.payees.schemas import PayeeDetails

__all__ = ["KeptPayee", "confirm", "details_at", "find_kept", "is_another", "lock_kept"]


async def find_kept(reader: Database | Transaction, organisation_id: UUID) -> KeptPayee | None:
    """Return a payee, and whose account keeps their bank details."""
    return await repository.find_payee(reader, organisation_id)


async def lock_kept(tx: Transaction, organisation_id: UUID) -> KeptPayee | None:
    """Return a payee that nobody else changes until this transaction ends."""
    return await repository.lock_payee(tx, organisation_id)


async def confirm(tx: Transaction, organisation_id: UUID, inn: str, *, at: datetime) -> None:
    """Keep by which number of a taxpayer an organisation is confirmed in law, and say so on payouts that are not approved yet."""
    await repository.put_confirmed_inn(tx, organisation_id, inn, at)
    confirmed = await repository.find_confirmed_inn(tx, organisation_id)
    await payouts.compare_inns(tx, organisation_id, confirmed or inn)


async def is_another(reader: Database | Transaction, organisation_id: UUID, inn: str) -> bool:
    """Return whether an organisation is confirmed by another number than this; of one that nobody has confirmed it is not."""
    return await repository.find_confirmed_inn(reader, organisation_id) not in {None, inn}


async def details_at(
    reader: Database | Transaction, organisation_id: UUID, version: int
) -> PayeeDetails | None:
    """Return the details of a payee in one of their versions."""
    return await repository.find_details(reader, organisation_id, version)
