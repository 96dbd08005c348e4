"""Words in the order of their names, and creators with what the reader may see of theirs."""

from uuid import UUID

import pytest

from samovar.kit.database import Database
from samovar.services.catalog.apps import taxonomy
from samovar.services.catalog.apps.schemas import TermWrite
from samovar.services.catalog.schemas import Names
from samovar.testing.hosting import Running
from tests.services.catalog.pages import name_creators, publish

WORDS = {"yozh": ("Ёж", "Hedgehog"), "yel": ("Ель", "Fir"), "farm": ("Ферма", "Farm"), "rpg": ("RPG", "RPG")}


async def _put_words(database: Database, kind: str) -> None:
    async with database.transaction() as tx:
        await taxonomy.put_terms(
            tx,
            [
                TermWrite(kind=kind, slug=slug, names=Names(ru=ru, en=en))  # type: ignore[arg-type]
                for slug, (ru, en) in WORDS.items()
            ],
        )


@pytest.mark.parametrize(("path", "kind"), [("tags", "tag"), ("genres", "genre")])
async def test_words_stand_in_the_order_of_their_names(catalog: Running, path: str, kind: str) -> None:
    await _put_words(catalog.database, kind)
    first = await catalog.request("GET", f"/v1/{path}?limit=3")
    rest = await catalog.request("GET", f"/v1/{path}?limit=3&cursor={first.body['next_cursor']}")
    assert [one["name"] for one in (*first.body["items"], *rest.body["items"])] == [
        "Ёж",
        "Ель",
        "Ферма",
        "RPG",
    ]
    assert (first.body["total"], rest.body["next_cursor"]) == (4, None)
    english = await catalog.request("GET", f"/v1/{path}", headers={"Accept-Language": "en"})
    assert [one["name"] for one in english.body["items"]] == ["Farm", "Fir", "Hedgehog", "RPG"]


async def test_a_creator_is_shown_with_what_the_reader_may_see(catalog: Running) -> None:
    database = catalog.database
    await name_creators(database, "teahouse")
    mine = {"developers": ["teahouse"], "publishers": ["teahouse"]}
    for number in range(3):
        release = {"stage": "released", "on": f"2026-02-0{number + 1}"}
        await publish(database, f"tea-{number}", release=release, **mine)
    await publish(database, "tea-bonus", kind="dlc", base="tea-0", **mine)
    await publish(database, "tea-18", age={"rating": 18}, **mine)
    await publish(database, "tea-abroad", visible={"only_in": ["KZ"]}, **mine)
    first = await catalog.request("GET", "/v1/creators/teahouse?limit=2")
    assert (first.status, first.body["name"], first.body["followers"]) == (200, "TEAHOUSE", 0)
    by_id = f"/v1/creators/{first.body['id']}?limit=2&cursor={first.body['games']['next_cursor']}"
    rest = await catalog.request("GET", by_id)
    games = [*first.body["games"]["items"], *rest.body["games"]["items"]]
    assert [game["slug"] for game in games] == ["tea-2", "tea-1", "tea-0"]
    assert {"price", "review_score", "tags"} <= set(games[0])
    abroad = await catalog.request("GET", "/v1/creators/teahouse?country=KZ")
    assert "tea-abroad" in [game["slug"] for game in abroad.body["games"]["items"]]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/creators/nobody", 404),
        (f"/v1/creators/{UUID(int=7)}", 404),
        ("/v1/creators/nobody?country=XX", 422),
        ("/v1/tags?cursor=abc", 422),
        ("/v1/genres?limit=101", 422),
    ],
)
async def test_nonsense_is_refused(catalog: Running, path: str, status: int) -> None:
    assert (await catalog.request("GET", path)).status == status
