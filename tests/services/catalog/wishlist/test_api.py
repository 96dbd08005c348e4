"""Wishlists and hidden games over REST."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from samovar.kit.identity import RoleGrant
from samovar.services.catalog.wishlist import domain, use_cases
from tests.services.catalog.prices.conftest import cost, package, reduce
from tests.services.catalog.wishlist.people import Store


async def test_what_is_wanted_is_listed_with_card_price_and_place(store: Store) -> None:
    account_id, game = await store.person(), await store.game(amount=59_900)
    for _ in range(2):
        added = await store.ask("PUT", f"/v1/wishlist/{game}", account_id)
        assert (added.status, added.body["rank"], added.body["total"]) == (200, 1, 1)
    page = await store.ask("GET", "/v1/wishlist", account_id)
    (item,) = page.body["items"]
    assert (item["rank"], page.body["total"], page.body["next_cursor"]) == (1, 1, None)
    assert item["game"]["price"]["final"] == {"amount": 59_900, "currency": "RUB"}
    assert item["game"]["is_wishlisted"] is True
    assert await store.wished(await store.person()) == []


async def test_the_order_is_ones_own(store: Store) -> None:
    account_id, games = await store.person(), [await store.game() for _ in range(4)]
    await store.wish(account_id, *games)
    for app_id, rank, expected in (
        (games[3], 1, [3, 0, 1, 2]),
        (games[3], 3, [0, 1, 3, 2]),
        (games[0], 99, [1, 3, 2, 0]),
        (games[2], 3, [1, 3, 2, 0]),
    ):
        moved = await store.ask("PUT", f"/v1/wishlist/{app_id}?rank={rank}", account_id)
        assert moved.status == 200
        assert await store.wished(account_id) == [games[place] for place in expected]
    assert (await store.ask("DELETE", f"/v1/wishlist/{games[3]}", account_id)).status == 204
    assert (await store.ask("DELETE", f"/v1/wishlist/{games[3]}", account_id)).status == 204
    assert await store.wished(account_id) == [games[1], games[2], games[0]]
    assert (await store.ask("PUT", f"/v1/wishlist/{games[1]}?rank=0", account_id)).status == 422


async def test_a_list_is_shown_in_each_order_and_by_pages(store: Store) -> None:
    account_id = await store.person()
    now = datetime.now(UTC)
    dear = await store.game(amount=99_900, title="Ёлки")
    cheap = await store.game(amount=9_900, title="Ежи")
    unsold = await store.game(title="Арбуз")
    reduced = await store.game(title="Zen")
    package_id = await package(store.database, reduced)
    await cost(store.database, package_id, "RU", 100_000)
    await reduce(store.database, package_id, 50, now - timedelta(days=1), now + timedelta(days=1))
    await store.wish(account_id, dear, cheap, unsold, reduced)
    for sort, expected in (
        ("rank", [dear, cheap, unsold, reduced]),
        ("added", [reduced, unsold, cheap, dear]),
        ("price", [cheap, reduced, dear, unsold]),
        ("title", [unsold, cheap, dear, reduced]),
    ):
        assert await store.wished(account_id, f"sort={sort}") == expected, sort
    by_discount = await store.wished(account_id, "sort=discount")
    assert (by_discount[0], by_discount[-1]) == (reduced, unsold)
    for sort in ("rank", "added", "price", "title", "discount"):
        whole, paged, cursor = await store.wished(account_id, f"sort={sort}"), [], ""
        while cursor is not None:
            page = await store.ask(
                "GET", f"/v1/wishlist?sort={sort}&limit=3{cursor and '&cursor='}{cursor}", account_id
            )
            paged += [item["game"]["id"] for item in page.body["items"]]
            cursor = page.body["next_cursor"]
        assert paged == [str(app_id) for app_id in whole], sort
    foreign = (await store.ask("GET", "/v1/wishlist?sort=title&limit=1", account_id)).body["next_cursor"]
    wrong = await store.ask("GET", f"/v1/wishlist?sort=price&cursor={foreign}", account_id)
    assert (wrong.status, wrong.body["errors"][0]["field"]) == (422, "cursor")
    assert (await store.ask("GET", "/v1/wishlist?sort=best", account_id)).status == 422


async def test_what_one_has_is_not_wanted(store: Store) -> None:
    account_id, game = await store.person(), await store.game()
    await store.give(account_id, game)
    answer = await store.ask("PUT", f"/v1/wishlist/{game}", account_id)
    assert (answer.status, answer.body["code"]) == (409, "catalog.already_owned")


@pytest.mark.parametrize("kind", ["trial", "family"])
async def test_what_one_only_tries_or_borrows_may_be_wanted(store: Store, kind: str) -> None:
    account_id, game = await store.person(), await store.game()
    await store.give(account_id, game, kind)
    await store.wish(account_id, game)
    assert await store.wished(account_id) == [game]


@pytest.mark.parametrize(("kind", "stays"), [("purchase", False), ("gift", False), ("trial", True)])
async def test_what_one_gets_for_good_leaves_the_list(store: Store, kind: str, *, stays: bool) -> None:
    account_id, games = await store.person(), [await store.game() for _ in range(3)]
    await store.wish(account_id, *games)
    await store.give(account_id, games[1], kind)
    assert await store.wished(account_id) == (games if stays else [games[0], games[2]])


async def test_what_is_bought_while_it_is_wished_for_is_not_on_the_list(store: Store) -> None:
    account_id, game = await store.person(), await store.game()
    await asyncio.gather(
        store.give(account_id, game),
        *(store.ask("PUT", f"/v1/wishlist/{game}", account_id) for _ in range(4)),
    )
    assert await store.wished(account_id) == []


async def test_what_one_does_not_want_to_see_is_not_wanted(store: Store) -> None:
    account_id, game = await store.person(), await store.game()
    await store.wish(account_id, game)
    for _ in range(2):
        assert (await store.ask("PUT", f"/v1/ignored/{game}", account_id)).status == 200
    assert await store.wished(account_id) == []
    refused = await store.ask("PUT", f"/v1/wishlist/{game}", account_id)
    assert (refused.status, refused.body["code"]) == (409, "catalog.app_ignored")
    hidden = await store.ask("GET", "/v1/ignored", account_id)
    assert [item["game"]["id"] for item in hidden.body["items"]] == [str(game)]
    for _ in range(2):
        assert (await store.ask("DELETE", f"/v1/ignored/{game}", account_id)).status == 204
    assert (await store.ask("GET", "/v1/ignored", account_id)).body["items"] == []
    await store.wish(account_id, game)


async def test_what_one_may_not_see_one_cannot_want(store: Store) -> None:
    game, abroad = await store.game(age={"rating": 18}), await store.game(visible={"only_in": ["KZ"]})
    child = await store.person(age_level=12)
    for path in (f"/v1/wishlist/{game}", f"/v1/ignored/{game}"):
        answer = await store.ask("PUT", path, child)
        assert (answer.status, answer.body["code"]) == (403, "catalog.age_restricted")
    for app_id in (abroad, uuid4()):
        assert (await store.ask("PUT", f"/v1/wishlist/{app_id}", child)).status == 404
    kazakh = await store.person(country="KZ")
    await store.wish(kazakh, abroad)
    assert await store.wished(kazakh) == [abroad]
    assert await store.wished(kazakh, "country=RU") == []


async def test_a_list_holds_as_much_as_it_may_whatever_is_sent_at_once(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert domain.WISHES_MAX == 1_000
    for name in ("WISHES_MAX", "IGNORED_MAX"):
        monkeypatch.setattr(use_cases, name, 2)
    account_id, games = await store.person(), [await store.game() for _ in range(6)]
    for room in ("wishlist", "ignored"):
        answers = await asyncio.gather(
            *(store.ask("PUT", f"/v1/{room}/{game}", account_id) for game in games)
        )
        assert sorted(answer.status for answer in answers) == [200, 200, 409, 409, 409, 409]
        refused = next(answer for answer in answers if answer.status == 409)
        assert refused.body["code"] in {"catalog.list_full", "catalog.app_ignored"}
        await store.wished(account_id)


async def test_a_developer_learns_how_many_want_the_game_and_not_who(store: Store) -> None:
    game, organisation_id = await store.game(), uuid4()
    async with store.database.transaction() as tx:
        await tx.execute("UPDATE apps SET organisation_id = $2 WHERE id = $1", game, organisation_id)
    for _ in range(3):
        await store.wish(await store.person(), game)
    path, who = f"/v1/dev/apps/{game}/wishlist-count", await store.person()
    own = {"roles": ("player", "developer"), "grants": (RoleGrant("viewer", organisation_id),)}
    answer = await store.ask("GET", path, who, **own)
    assert (answer.status, answer.body) == (200, {"game_id": str(game), "wishlisted": 3})
    other = {"roles": ("player", "developer"), "grants": (RoleGrant("owner", uuid4()),)}
    assert (await store.ask("GET", path, who, **other)).status == 404
    assert (await store.ask("GET", path, who)).status == 403
    staff = await store.ask("GET", path, who, roles=("player", "moderator"))
    assert staff.status == 200


async def test_titles_stand_in_the_order_in_which_the_reader_sees_them(store: Store) -> None:
    account_id = await store.person()
    texts = {"title": "Гавань", "short_description": "Порт.", "description": "Порт."}
    harbour = await store.game(title="Teal Harbour", texts={"ru": texts})
    fair = await store.game(
        title="Яма", texts={"ru": {**texts, "title": None}, "en": {**texts, "title": "Pit"}}
    )
    await store.wish(account_id, fair, harbour)
    for language, titles in (("ru", ["Гавань", "Яма"]), ("en", ["Pit", "Teal Harbour"])):
        headers = {"Accept-Language": language}
        page = await store.ask("GET", "/v1/wishlist?sort=title", account_id, headers=headers)
        assert [item["game"]["title"] for item in page.body["items"]] == titles
