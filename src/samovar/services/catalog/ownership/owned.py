"""Which apps a person has, and by what licences, for every room that shows or decides by it.

Library is the owner: this follows its events within a second.

owned = await owned.of(database, account_id, app_ids)
"""

from collections.abc import Collection
from uuid import UUID

from samovar.kit.database import Database, Transaction
from samovar.services.catalog.ownership import repository
from samovar.services.catalog.ownership.domain import LENT, Licence


async def of(reader: Database | Transaction, account_id: UUID | None, app_ids: Collection[UUID]) -> set[UUID]:
    """Return which of these apps a person has; nobody has none."""
    if account_id is None or not app_ids:
        return set()
    return await repository.find_owned(reader, account_id, list(app_ids))


async def keeps(reader: Database | Transaction, account_id: UUID, app_id: UUID) -> bool:
    """Return whether a person has an app for good, and not on trial or of their family."""
    licences = await licences_of(reader, account_id, [app_id])
    return any(licence.revoked_at is None and licence.kind not in LENT for licence in licences)


async def licences_of(
    reader: Database | Transaction, account_id: UUID, app_ids: Collection[UUID]
) -> list[Licence]:
    """Return all that library told of a person's licences to these apps, those that are over as well."""
    return await repository.list_licences(reader, account_id, list(app_ids))


async def hold(tx: Transaction, account_id: UUID) -> None:
    """Let what is told of a person's licences wait until this transaction has decided by them."""
    await repository.lock_owner(tx, account_id)
