"""The shelf: found in both languages, sorted four ways, and everything on it shown as what it is."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from samovar.kit.errors import InvalidInput
from samovar.kit.ids import new_id
from samovar.services.library.collections.errors import CollectionNotFound
from samovar.services.library.collections.schemas import NewCollection
from samovar.services.library.errors import GameNotFound
from samovar.services.library.shelf.schemas import GameChange
from tests.services.library.shelf.bookshelf import NOON, Bookshelf


@pytest.mark.parametrize(
    ("query", "finds"),
    [
        ("ведь", True),
        ("ДЬМ", True),
        ("witch", True),
        ("3 дикая", True),
        ("охота ведьмак", True),
        ("ёхота", False),
        ("ведьмак 4", False),
        ("100%", False),
        ("_", False),
        ("?!", True),
        ("", True),
    ],
)
async def test_a_game_is_found_by_parts_of_its_titles(books: Bookshelf, query: str, finds: bool) -> None:  # noqa: FBT001  a column of the table
    game = await books.have("Ведьмак 3: Дикая Охота", "The Witcher 3: Wild Hunt")
    assert await books.ids(query=query) == ([game] if finds else [])


async def test_e_with_dots_is_e(books: Bookshelf) -> None:
    game = await books.have("Ёжик в тумане")
    await books.have("Туманы")
    assert await books.ids(query="ежик") == await books.ids(query="ЁЖИК") == [game]
    # Typed while the keyboard stood in the Latin layout.
    assert await books.ids(query="`;br") == [game]


async def test_each_order_goes_from_page_to_page_without_losing_anything(books: Bookshelf) -> None:
    apps = {}
    for number, title in enumerate(["Ёлки 10", "Ель", "Alien", "Елки 2", "Яблоко", "яблоко"]):
        apps[title] = await books.have(title, f"{9 - number}")
        books.clock.advance(60)
    async with books.database.transaction() as tx:
        await tx.execute(
            "UPDATE library_entries SET played_s = 600, last_played_at = $2 WHERE app_id = $1",
            apps["Ель"],
            NOON,
        )
        await tx.execute("UPDATE library_entries SET brought_s = 900 WHERE app_id = $1", apps["Alien"])
    nameless = new_id()
    await books.own(nameless)
    assert (await books.ids(sort="title"))[:3] == [apps["Елки 2"], apps["Ёлки 10"], apps["Ель"]]
    assert (await books.ids(sort="title"))[-2:] == [apps["Alien"], nameless]
    assert (await books.ids(sort="title", language="en"))[0] == apps["яблоко"]
    assert (await books.ids(sort="added"))[:2] == [nameless, apps["яблоко"]]
    assert (await books.ids(sort="played"))[0] == apps["Ель"]
    assert (await books.ids(sort="play_time"))[:2] == [apps["Alien"], apps["Ель"]]
    everything = {*apps.values(), nameless}
    for sort in ("title", "added", "played", "play_time"):
        found = await books.ids(sort=sort)
        assert len(found) == len(everything)
        assert set(found) == everything


async def test_a_cursor_of_another_order_is_refused(books: Bookshelf) -> None:
    for title in ("А", "Б"):
        await books.have(title)
    cursor = (await books.page(limit=1, sort="title")).next_cursor
    with pytest.raises(InvalidInput):
        await books.page(cursor, sort="added")
    with pytest.raises(InvalidInput):
        await books.page(cursor, sort="title", language="en")


async def test_what_belongs_to_a_game_stands_under_it(books: Bookshelf) -> None:
    game = await books.have("Основа")
    dlc = await books.have("Дополнение", "Expansion", kind="dlc", base_app_id=game)
    stray = await books.have("Чужое дополнение", kind="dlc", base_app_id=new_id())
    page = await books.page(sort="title")
    assert [one.game_id for one in page.items] == [game, stray]
    assert [(one.game_id, one.titles["en"], one.access) for one in page.items[0].contents] == [
        (dlc, "Expansion", "owned")
    ]
    assert page.items[0].contents_total == 1
    assert await books.ids(query="expans") == [game]
    assert set(await books.ids(kind=("dlc",))) == {dlc, stray}
    assert (await books.shelf.game(books.account_id, dlc)).base_game_id == game


async def _lend(books: Bookshelf, title: str) -> tuple[UUID, UUID]:
    """Have a game of another of the family, and return the game and that account."""
    other = uuid4()
    await books.borrow_from(other)
    lent = await books.know(title)
    await books.own(lent, account_id=other)
    return lent, other


async def test_every_access_is_shown_as_what_it_is(books: Bookshelf) -> None:
    owned = await books.have("Своя")
    trial = await books.know("Проба")
    await books.own(trial, kind="trial", expires_at=NOON + timedelta(hours=2))
    lent, other = await _lend(books, "Семейная")
    # What one owns oneself is not borrowed.
    await books.own(owned, account_id=other)
    refunded = await books.know("Возвращённая")
    await books.licences.revoke(await books.own(refunded), reason="refunded")
    shown = {one.game_id: one.access for one in (await books.page()).items}
    assert shown == {owned: "owned", trial: "trial", lent: "family"}
    assert await books.ids(access=("revoked",)) == []
    books.clock.advance(3 * 3_600)
    await books.licences.revoke(await books.own(refunded), reason="refunded")
    assert await books.ids(access=("expired",)) == [trial]
    await books.licences.expire()
    assert await books.ids(access=("expired",)) == [trial]


async def test_what_was_taken_back_is_there_for_whoever_asks(books: Bookshelf) -> None:
    game = await books.know("Возвращённая")
    licence = await books.own(game)
    books.clock.advance(60)
    await books.licences.revoke(licence, reason="refunded")
    assert await books.ids() == []
    (shown,) = (await books.page(access=("owned", "revoked"))).items
    assert (shown.access, shown.end_reason, shown.ended_at) == (
        "revoked",
        "refunded",
        NOON + timedelta(seconds=60),
    )
    details = await books.shelf.game(books.account_id, game)
    assert [one.revoke_reason for one in details.licences] == ["refunded"]
    await books.own(game)
    assert [one.access for one in (await books.page(access=("owned", "revoked"))).items] == ["owned"]


async def test_marks_stay_and_filter(books: Bookshelf) -> None:
    plain, loved, hidden = [await books.have(title) for title in "АБВ"]
    await books.shelf.change(books.account_id, loved, GameChange(is_favourite=True))
    await books.shelf.change(books.account_id, hidden, GameChange(is_hidden=True, is_favourite=True))
    await books.shelf.change(books.account_id, hidden, GameChange())
    assert await books.ids(sort="title") == [plain, loved]
    assert await books.ids(favourite=True) == [loved]
    assert await books.ids(favourite=False) == [plain]
    assert await books.ids(hidden=True) == [hidden]
    changed = await books.shelf.change(books.account_id, hidden, GameChange(is_hidden=False))
    assert (changed.is_hidden, changed.is_favourite) == (False, True)


async def test_a_game_is_put_into_collections_of_ones_own(books: Bookshelf) -> None:
    game = await books.have("Игра")
    await books.have("Другая")
    one = await books.collections.make(books.account_id, NewCollection(name="Одна"))
    two = await books.collections.make(books.account_id, NewCollection(name="Две"))
    changed = await books.shelf.change(
        books.account_id, game, GameChange(collection_ids=[one.collection_id, one.collection_id])
    )
    assert changed.collection_ids == [one.collection_id]
    assert await books.ids(collection=one.collection_id) == [game]
    await books.shelf.change(books.account_id, game, GameChange(collection_ids=[two.collection_id]))
    assert await books.ids(collection=one.collection_id) == []
    foreign = await books.collections.make(uuid4(), NewCollection(name="Чужая"))
    with pytest.raises(CollectionNotFound):
        await books.shelf.change(
            books.account_id, game, GameChange(is_hidden=True, collection_ids=[foreign.collection_id])
        )
    assert await books.ids(collection=foreign.collection_id) == []
    assert not (await books.shelf.game(books.account_id, game)).is_hidden


async def test_what_one_never_had_is_neither_shown_nor_marked(books: Bookshelf) -> None:
    game = await books.know("Чужая")
    await books.own(game, account_id=uuid4())
    with pytest.raises(GameNotFound):
        await books.shelf.game(books.account_id, game)
    with pytest.raises(GameNotFound):
        await books.shelf.change(books.account_id, game, GameChange(is_favourite=True))


async def test_a_refund_that_was_heard_first_shows_nothing(books: Bookshelf) -> None:
    game = await books.have("Игра")
    async with books.database.transaction() as tx:
        await tx.execute("DELETE FROM licence_apps")
        await tx.execute("UPDATE licences SET revoked_at = granted_at, revoke_reason = 'refunded'")
    assert await books.ids(access=("revoked",)) == []
    with pytest.raises(GameNotFound):
        await books.shelf.game(books.account_id, game)
