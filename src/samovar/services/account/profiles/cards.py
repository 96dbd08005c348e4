"""What other rooms may ask and tell of profiles, in their own transaction."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.account.errors import AccountNotReady
from samovar.services.account.profiles import repository
from samovar.services.account.profiles.schemas import Card


async def cards_of(database: Database | Transaction, account_ids: Sequence[UUID]) -> dict[UUID, Card]:
    """Return these people as they stand in lists; unknown ones are left out. Who may see them is not asked here."""
    return {one.id: one.card() for one in await repository.list_known(database, list(account_ids))}


async def show_picture(tx: Transaction, account_id: UUID, avatar: str | None, *, now: datetime) -> bool:
    """Let a person show another picture, or the drawn one, and tell the others; false when it is the same.

    Raises:
        AccountNotReady: The account is not known here.
    """
    person = await repository.lock_person(tx, account_id)
    if person is None:
        raise AccountNotReady(f"{account_id} has gone again")
    if person.avatar == avatar:
        return False
    changed = msgspec.structs.replace(person, avatar=avatar, version=person.version + 1)
    await repository.update_avatar(tx, account_id, avatar=avatar, version=changed.version)
    await tx.publish(changed.told(now))
    return True
