"""What one can do with one's shelf."""

from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import UNSET

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.pagination import Page, decode_cursor, page_of
from samovar.kit.text.keyboards import other_layout
from samovar.services.library.collections import sorting
from samovar.services.library.errors import GameNotFound
from samovar.services.library.shelf import domain, repository
from samovar.services.library.shelf.repository import Found, Language, Wish
from samovar.services.library.shelf.schemas import (
    GameChange,
    ShelfGame,
    ShelfGameDetails,
    ShelfKey,
    ShelfQuery,
)


class Shelf:
    """The shelves of all players, each with its owner alone."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def games(
        self,
        account_id: UUID,
        query: ShelfQuery,
        *,
        language: Language,
        cursor: str | None,
        limit: int,
    ) -> Page[ShelfGame]:
        """Return a page of what a player has, and how many games there are in all pages.

        Raises:
            InvalidInput: The cursor is not one of this list.
        """
        order = repository.order_of(query.sort, language)
        after = decode_cursor(cursor, ShelfKey)
        if after is not None and after.sort != order:
            raise InvalidInput(
                "cursor", fields=[FieldError("cursor", "cursor_invalid", "not a cursor of this list")]
            )
        now = self._clock.now()
        wish = Wish(
            accesses=query.accesses,
            order=order,
            patterns=domain.patterns_of(query.query),
            collection_id=query.collection,
            kinds=query.kind,
            is_favourite=query.favourite,
            is_hidden=query.hidden,
            after_rank=_rank_of(after) if after else None,
            after_id=after.game_id if after else None,
            limit=limit + 1,
        )
        rows = await repository.list_games(self._database, account_id, now, wish)
        # Where nothing reads so, the keyboard may have stood in the other layout; signs alone would mean everything.
        meant = domain.patterns_of(other_layout(query.query))
        if not rows and wish.patterns and meant:
            wish = msgspec.structs.replace(wish, patterns=meant)
            rows = await repository.list_games(self._database, account_id, now, wish)
        if after is None and len(rows) <= limit:
            total = len(rows)
        else:
            total = await repository.count_games(self._database, account_id, now, wish)
        page = page_of(rows, limit, lambda row: _key_of(row, order))
        return Page([_shown(row) for row in page.items], page.next_cursor, total)

    async def game(self, account_id: UUID, game_id: UUID) -> ShelfGameDetails:
        """Return a game that a player has, may borrow, or had.

        Raises:
            GameNotFound: It is none of these.
        """
        return await self._find(self._database, account_id, game_id, self._clock.now())

    async def change(self, account_id: UUID, game_id: UUID, change: GameChange) -> ShelfGameDetails:
        """Keep what a player says of a game.

        Raises:
            CollectionNotFound: One of the collections is none of theirs.
            CollectionsFull: They hold too many games.
            GameNotFound: They never had it, and cannot borrow it.
        """
        async with self._database.transaction() as tx:
            if game_id not in await sorting.had(tx, account_id, [game_id]):
                raise GameNotFound(f"{game_id}")
            if change.is_hidden is not UNSET or change.is_favourite is not UNSET:
                await repository.put_marks(
                    tx,
                    account_id,
                    game_id,
                    is_hidden=None if change.is_hidden is UNSET else change.is_hidden,
                    is_favourite=None if change.is_favourite is UNSET else change.is_favourite,
                )
            if change.collection_ids is not UNSET:
                await sorting.put_game(tx, account_id, game_id, change.collection_ids)
            return await self._find(tx, account_id, game_id, self._clock.now())

    async def _find(
        self, reader: Database | Transaction, account_id: UUID, game_id: UUID, now: datetime
    ) -> ShelfGameDetails:
        game = await repository.find_game(reader, account_id, game_id, now)
        if game is None:
            raise GameNotFound(f"{game_id}")
        licences = await repository.licences_of_game(reader, account_id, game_id)
        fields = {name: getattr(game, name) for name in ShelfGame.__struct_fields__}
        return ShelfGameDetails(**fields, licences=licences)


def _shown(found: Found) -> ShelfGame:
    return ShelfGame(**{name: getattr(found, name) for name in ShelfGame.__struct_fields__})


def _key_of(found: Found, order: str) -> ShelfKey:
    return ShelfKey(
        sort=order,
        text=found.rank_text,
        number=found.rank_number,
        moment=found.rank_moment,
        game_id=found.game_id,
    )


def _rank_of(key: ShelfKey) -> str | int | datetime | None:
    if key.sort.startswith("title"):
        return key.text
    return key.number if key.sort == "play_time" else key.moment
