"""What one can do with collections."""

from collections.abc import Sequence
from uuid import UUID

from msgspec import UNSET

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.ids import IdSource
from samovar.services.library.collections import domain, repository, sorting
from samovar.services.library.collections.errors import (
    CollectionNameTaken,
    CollectionNotFound,
    TooManyCollections,
)
from samovar.services.library.collections.schemas import (
    Collection,
    CollectionChange,
    CollectionList,
    GamesChange,
    NewCollection,
)


class Collections:
    """The collections of all players, each with its owner alone."""

    def __init__(self, database: Database, *, clock: Clock, new_id: IdSource) -> None:
        self._database = database
        self._clock = clock
        self._new_id = new_id

    async def list_all(self, account_id: UUID) -> CollectionList:
        """Return all collections of a player in their order."""
        return CollectionList(items=await repository.list_all(self._database, account_id))

    async def make(self, account_id: UUID, new: NewCollection) -> Collection:
        """Make a collection; it becomes the last.

        Raises:
            CollectionNameTaken: Another one reads so.
            CollectionsFull: All together hold too many games.
            InvalidInput: The name shows nothing, or a game is none of the player's.
            TooManyCollections: There are enough.
        """
        name = _name(new.name)
        async with self._database.transaction() as tx:
            await repository.lock_owner(tx, account_id)
            present = await repository.list_all(tx, account_id)
            if len(present) >= domain.COLLECTIONS_MAX:
                raise TooManyCollections(limit=domain.COLLECTIONS_MAX)
            await self._require_free(tx, account_id, name, None)
            await _require_had(tx, account_id, "game_ids", new.game_ids)
            made = Collection(
                collection_id=self._new_id(),
                name=name,
                place=len(present),
                games=len(set(new.game_ids)),
                created_at=self._clock.now(),
            )
            await repository.insert(tx, account_id, made, domain.words_of_name(name))
            await repository.add(tx, account_id, made.collection_id, new.game_ids)
            await sorting.require_room(tx, account_id)
        return made

    async def change(self, account_id: UUID, collection_id: UUID, change: CollectionChange) -> Collection:
        """Rename or move a collection.

        Raises:
            CollectionNameTaken: Another one reads so.
            CollectionNotFound: The player has none of this id.
            InvalidInput: The name shows nothing.
        """
        async with self._database.transaction() as tx:
            present = await self._require(tx, account_id, collection_id)
            if change.name is not UNSET:
                name = _name(change.name)
                await self._require_free(tx, account_id, name, collection_id)
                await repository.rename(tx, collection_id, name, domain.words_of_name(name))
            if change.place is not UNSET:
                order = [one.collection_id for one in present]
                await repository.place(tx, domain.moved(order, collection_id, change.place))
            return await _find(tx, account_id, collection_id)

    async def change_games(self, account_id: UUID, collection_id: UUID, change: GamesChange) -> Collection:
        """Put games into a collection and take others out; a game that is named twice leaves.

        Raises:
            CollectionNotFound: The player has none of this id.
            CollectionsFull: All together hold too many games.
            InvalidInput: A game is none of the player's.
        """
        async with self._database.transaction() as tx:
            await self._require(tx, account_id, collection_id)
            await _require_had(tx, account_id, "add", change.add)
            await repository.add(tx, account_id, collection_id, change.add)
            await repository.remove(tx, account_id, collection_id, change.remove)
            await sorting.require_room(tx, account_id)
            return await _find(tx, account_id, collection_id)

    async def delete(self, account_id: UUID, collection_id: UUID) -> None:
        """Delete a collection; its games stay.

        Raises:
            CollectionNotFound: The player has none of this id.
        """
        async with self._database.transaction() as tx:
            present = await self._require(tx, account_id, collection_id)
            await repository.delete(tx, collection_id)
            rest = [one.collection_id for one in present if one.collection_id != collection_id]
            await repository.place(tx, rest)

    async def _require(self, tx: Transaction, account_id: UUID, collection_id: UUID) -> list[Collection]:
        await repository.lock_owner(tx, account_id)
        present = await repository.list_all(tx, account_id)
        if not any(one.collection_id == collection_id for one in present):
            raise CollectionNotFound(f"{collection_id}")
        return present

    async def _require_free(
        self, tx: Transaction, account_id: UUID, name: str, collection_id: UUID | None
    ) -> None:
        if await repository.is_taken(tx, account_id, domain.words_of_name(name), collection_id):
            raise CollectionNameTaken(name)


async def _find(tx: Transaction, account_id: UUID, collection_id: UUID) -> Collection:
    present = await repository.list_all(tx, account_id)
    return next(one for one in present if one.collection_id == collection_id)


async def _require_had(tx: Transaction, account_id: UUID, field: str, app_ids: Sequence[UUID]) -> None:
    had = await sorting.had(tx, account_id, app_ids)
    faults = [
        FieldError(f"{field}[{place}]", "game_not_yours", "it is not in your library")
        for place, app_id in enumerate(app_ids)
        if app_id not in had
    ]
    if faults:
        raise InvalidInput(field, fields=faults)


def _name(typed: str) -> str:
    """Return a name without the spaces around it.

    Raises:
        InvalidInput: Nothing of it is to be seen.
    """
    name = typed.strip()
    faults = domain.faults_of_name(name)
    if faults:
        raise InvalidInput("name", fields=faults)
    return name
