"""Recommendations over REST: for a stranger, for somebody with games, and like one game."""

import asyncio
from uuid import UUID, uuid4

import pytest

from samovar.testing.hosting import WAIT_S, Running
from tests.services.catalog.pages import name_terms, publish

CHILDREN = {"rating": 0}


@pytest.fixture(scope="module")
async def shop(catalog: Running) -> dict[str, UUID]:
    """Publish games of two kinds, and wait until the index holds them."""
    await name_terms(catalog.database, "tag", "cards", "roguelike", "racing")
    shelf = {
        "deck-one": (["cards", "roguelike"], 10.0),
        "deck-two": (["cards", "roguelike"], 5.0),
        "deck-three": (["cards"], 2.0),
        "fast-one": (["racing"], 90.0),
        "fast-two": (["racing"], 80.0),
    }
    found = {
        slug: await publish(catalog.database, slug, tags=tags, age=CHILDREN)
        for slug, (tags, _) in shelf.items()
    }
    async with catalog.database.transaction() as tx:
        for slug, (_, popularity) in shelf.items():
            await tx.execute("UPDATE apps SET popularity = $2 WHERE id = $1", found[slug], popularity)
    async with asyncio.timeout(WAIT_S):
        while (await catalog.request("GET", "/v1/games")).body["total"] < len(shelf):  # noqa: ASYNC110  the index follows
            await asyncio.sleep(0.05)
    return found


async def test_games_like_one_say_what_they_share(catalog: Running, shop: dict[str, UUID]) -> None:
    for key in ("deck-one", shop["deck-one"]):
        answer = await catalog.request("GET", f"/v1/games/{key}/similar")
        first, *others = answer.body["items"]
        assert (first["game"]["slug"], first["reason"]["kind"]) == ("deck-two", "similar")
        assert {tag["slug"] for tag in first["reason"]["tags"]} == {"cards", "roguelike"}
        assert "Deck One" in first["reason"]["text"]
        assert [other["game"]["slug"] for other in others] == ["deck-three"]


async def test_who_owns_something_gets_more_of_it_and_nothing_twice(
    catalog: Running, shop: dict[str, UUID]
) -> None:
    anna = uuid4()
    async with catalog.database.transaction() as tx:
        await tx.execute("INSERT INTO owned_apps VALUES ($1, $2, now())", anna, shop["deck-one"])
        await tx.execute("INSERT INTO ignored_apps VALUES ($1, $2, now())", anna, shop["fast-one"])
    answer = await catalog.request("GET", "/v1/recommendations?surface=home", account_id=anna)
    found = [(item["game"]["slug"], item["reason"]["kind"]) for item in answer.body["items"]]
    assert found == [("deck-two", "owned"), ("deck-three", "owned"), ("fast-two", "popular")]
    assert "вашей библиотеки" in answer.body["items"][0]["reason"]["text"]


@pytest.mark.usefixtures("shop")
async def test_a_stranger_gets_what_is_popular(catalog: Running) -> None:
    answer = await catalog.request("GET", "/v1/recommendations?surface=home&limit=2")
    assert {item["reason"]["kind"] for item in answer.body["items"]} == {"popular"}
    assert len(answer.body["items"]) == 2


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/recommendations?surface=similar", 422),
        ("/v1/recommendations?surface=elsewhere", 422),
        (f"/v1/recommendations?surface=similar&game_id={UUID(int=7)}", 404),
        ("/v1/games/no-such-game/similar", 404),
        ("/v1/games/no-such-game/similar?country=ZZ", 422),
    ],
)
async def test_what_cannot_be_recommended_is_refused(catalog: Running, path: str, status: int) -> None:
    assert (await catalog.request("GET", path)).status == status
