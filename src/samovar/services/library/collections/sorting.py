"""Putting one game into collections, inside the transaction of another room."""

from collections.abc import Sequence
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.services.library.collections import domain, repository
from samovar.services.library.collections.errors import CollectionNotFound, CollectionsFull


async def put_game(tx: Transaction, account_id: UUID, app_id: UUID, collection_ids: Sequence[UUID]) -> None:
    """Let a game that the player has be in these collections of theirs, and in no others.

    Raises:
        CollectionNotFound: One of them is none of theirs.
        CollectionsFull: They hold too many games.
    """
    await repository.lock_owner(tx, account_id)
    known = {one.collection_id for one in await repository.list_all(tx, account_id)}
    if unknown := set(collection_ids) - known:
        raise CollectionNotFound(", ".join(map(str, unknown)))
    await repository.put_game(tx, account_id, app_id, list(dict.fromkeys(collection_ids)))
    await require_room(tx, account_id)


async def require_room(tx: Transaction, account_id: UUID) -> None:
    """Refuse what has just been added to a player's collections if it is too much.

    Raises:
        CollectionsFull: They hold too many games.
    """
    if await repository.count_memberships(tx, account_id) > domain.MEMBERSHIPS_MAX:
        raise CollectionsFull(limit=domain.MEMBERSHIPS_MAX)


async def had(tx: Transaction, account_id: UUID, app_ids: Sequence[UUID]) -> set[UUID]:
    """Return which of these apps the player has, had, or may borrow: what may be sorted and marked."""
    return await repository.ever_had(tx, account_id, app_ids)
