"""Collections: named once, ordered without gaps, and never beyond their limits."""

import asyncio
from uuid import uuid4

import pytest

from samovar.kit.errors import InvalidInput
from samovar.kit.ids import new_id
from samovar.services.library.collections import domain
from samovar.services.library.collections.errors import (
    CollectionNameTaken,
    CollectionNotFound,
    CollectionsFull,
    TooManyCollections,
)
from samovar.services.library.collections.schemas import CollectionChange, GamesChange, NewCollection
from tests.services.library.shelf.bookshelf import Bookshelf


async def _order(books: Bookshelf) -> list[str]:
    found = (await books.collections.list_all(books.account_id)).items
    assert [one.place for one in found] == list(range(len(found)))
    return [one.name for one in found]


async def test_collections_are_made_renamed_moved_and_deleted(books: Bookshelf) -> None:
    me = books.account_id
    made = [await books.collections.make(me, NewCollection(name=name)) for name in (" А ", "Б", "В")]
    assert await _order(books) == ["А", "Б", "В"]
    await books.collections.change(me, made[2].collection_id, CollectionChange(place=0))
    assert await _order(books) == ["В", "А", "Б"]
    await books.collections.change(me, made[2].collection_id, CollectionChange(name="Г", place=99))
    assert await _order(books) == ["А", "Б", "Г"]
    await books.collections.delete(me, made[0].collection_id)
    assert await _order(books) == ["Б", "Г"]
    with pytest.raises(CollectionNotFound):
        await books.collections.delete(me, made[0].collection_id)
    with pytest.raises(CollectionNotFound):
        await books.collections.change(uuid4(), made[1].collection_id, CollectionChange(name="Чужое"))


async def test_two_names_never_read_alike(books: Bookshelf) -> None:
    me = books.account_id
    made = await books.collections.make(me, NewCollection(name="Ёлки"))
    with pytest.raises(CollectionNameTaken):
        await books.collections.make(me, NewCollection(name="елки!"))
    other = await books.collections.make(me, NewCollection(name="★"))
    with pytest.raises(CollectionNameTaken):
        await books.collections.change(me, other.collection_id, CollectionChange(name="ЁЛКИ"))
    renamed = await books.collections.change(me, made.collection_id, CollectionChange(name="ЕЛКИ"))
    assert renamed.name == "ЕЛКИ"
    await books.collections.make(uuid4(), NewCollection(name="Ёлки"))
    with pytest.raises(InvalidInput):
        await books.collections.make(me, NewCollection(name=" \u2800 "))


async def test_one_name_at_one_moment_makes_one_collection(books: Bookshelf) -> None:
    made = await asyncio.gather(
        *(books.collections.make(books.account_id, NewCollection(name="Одна")) for _ in range(4)),
        return_exceptions=True,
    )
    assert sum(isinstance(one, CollectionNameTaken) for one in made) == 3
    assert await _order(books) == ["Одна"]


async def test_games_come_and_go_and_only_ones_own(books: Bookshelf) -> None:
    games = [await books.have(title) for title in "АБВ"]
    made = await books.collections.make(books.account_id, NewCollection(name="К", game_ids=games[:1]))
    changed = await books.collections.change_games(
        books.account_id, made.collection_id, GamesChange(add=[*games, games[0]], remove=[games[1], new_id()])
    )
    assert changed.games == 2
    with pytest.raises(InvalidInput) as refused:
        await books.collections.change_games(
            books.account_id, made.collection_id, GamesChange(add=[games[1], new_id()])
        )
    assert [fault.field for fault in refused.value.fields] == ["add[1]"]
    assert (await books.collections.list_all(books.account_id)).items[0].games == 2


async def test_there_is_an_end_to_collections(books: Bookshelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(domain, "COLLECTIONS_MAX", 2)
    monkeypatch.setattr(domain, "MEMBERSHIPS_MAX", 2)
    games = [await books.have(title) for title in "АБВ"]
    await books.collections.make(books.account_id, NewCollection(name="1", game_ids=games[:2]))
    with pytest.raises(CollectionsFull):
        await books.collections.make(books.account_id, NewCollection(name="2", game_ids=games[2:]))
    await books.collections.make(books.account_id, NewCollection(name="2"))
    with pytest.raises(TooManyCollections):
        await books.collections.make(books.account_id, NewCollection(name="3"))
    assert await _order(books) == ["1", "2"]
