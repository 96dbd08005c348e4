"""The showcase in a running platform: it fills an empty store through the gateway, goes on where it was cut off, repeats nothing."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from samovar.demo import players, pricing, records, sources, studio
from samovar.demo.covers.studio import FRAMES, Art, draw
from samovar.demo.seed import Seeding
from samovar.demo.store import Store, StoreFailed, command
from samovar.testing.platform import Platform, platform_up

CATALOGUE = sources.read()
CHOSEN = {"hollow-meridian", "nochnaya-elektrichka", "neverball"}
SMALL = msgspec.structs.replace(
    CATALOGUE,
    games=[game for game in CATALOGUE.games if game.slug in CHOSEN],
    bundles=[],
)


@pytest.fixture(scope="module")
async def platform(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Platform]:
    state = tmp_path_factory.mktemp("showcase")
    async with platform_up(
        state, "--only", "auth,account,catalog,library,developer,payment,download"
    ) as running:
        # The commands of an operator find the platform by its folder.
        before = dict(os.environ)
        os.environ["SAMOVAR_UP__STATE"] = str(state)
        yield running
        os.environ.clear()
        os.environ.update(before)


async def seeded(platform: Platform, *, only_empty: bool = False) -> bool:
    """Seed as the command does; return whether there was anything to do."""
    with Store(platform.url) as store:
        seeding = Seeding(platform.state / "demo", store, lambda _: None, SMALL, ["tea-line"])
        return await asyncio.to_thread(seeding.run, only_empty=only_empty)


async def shown(platform: Platform) -> dict[str, Any]:
    """What the public sees of the small showcase: the ids of its games, and their reviews with the votes."""
    games = {slug: (await platform.request("GET", f"/v1/games/{slug}")).body["id"] for slug in sorted(CHOSEN)}
    reviews = {
        slug: (await platform.request("GET", f"/v1/games/{game}/reviews")).body["items"]
        for slug, game in games.items()
    }
    return {"games": games, "reviews": reviews}


async def test_the_whole_catalogue_keeps_all_rules_of_the_import(platform: Platform, tmp_path: Path) -> None:
    assert platform.state.exists()
    picture = tmp_path / "covers" / "one.webp"
    picture.parent.mkdir()
    picture.write_bytes(draw("one", "Игра", Art(scene="sea", palette="ocean"), FRAMES[0]))
    files = {(one.slug, one.frame.name): "covers/one.webp" for one in records.pictures(CATALOGUE)}
    began = records.now()
    file = tmp_path / "catalogue.jsonl"
    lines = [
        *records.lines(CATALOGUE, files, began),
        *pricing.discounts(CATALOGUE.games, began + records.HOUR),
    ]
    file.write_bytes(b"".join(msgspec.json.encode(line) + b"\n" for line in lines))
    said = await asyncio.to_thread(command, "catalog", "import", str(file), "--check")
    assert said.startswith(f"{len(lines)} lines: ")
    assert ", 0 refused" in said


async def test_an_empty_store_comes_alive_and_a_repetition_changes_nothing(platform: Platform) -> None:
    assert await seeded(platform, only_empty=True)
    first = await shown(platform)
    assert len(first["reviews"]["hollow-meridian"]) == 3
    assert not await seeded(platform, only_empty=True)
    progress = platform.state / "demo" / "seed.json"
    began = json.loads(progress.read_bytes())["began_at"]
    progress.write_text(json.dumps({"began_at": began, "done": []}))
    assert await seeded(platform)
    assert await shown(platform) == first


async def test_the_invented_games_belong_to_the_organisation_of_the_developer(platform: Platform) -> None:
    told = studio.read()
    credentials = {"login": told.owner, "password": players.people().password}
    token = (await platform.request("POST", "/v1/auth/login", json=credentials)).body["access_token"]
    [mine] = (await platform.request("GET", studio.ORGANISATIONS, token=token)).body
    assert (mine["organisation"]["name"], mine["levels"]) == (told.name, ["owner"])
    organisation_id = mine["organisation"]["id"]
    payee = await platform.request("GET", f"/v1/dev/payees/{organisation_id}", token=token)
    assert payee.body["details"]["inn"] == told.legal.inn
    earned = await platform.request("GET", f"/v1/dev/earnings?organisation_id={organisation_id}", token=token)
    assert (earned.status, earned.body) == (200, [])
    async with platform.database("catalog") as database:
        owned = await database.fetch_value(
            """
            SELECT jsonb_object_agg(p.slug, p.organisation_id) FROM packages p JOIN apps a ON a.id = p.app_id
            WHERE a.organisation_id IS NOT DISTINCT FROM p.organisation_id
            """
        )
    assert {slug: owned[slug] for slug in CHOSEN & owned.keys()} == {
        "hollow-meridian": organisation_id,
        "nochnaya-elektrichka": organisation_id,
        "neverball": None,
    }


async def test_our_own_games_are_sold_and_their_owner_can_download_them(platform: Platform) -> None:
    credentials = {"login": players.people().player[0].login, "password": players.people().password}
    token = (await platform.request("POST", "/v1/auth/login", json=credentials)).body["access_token"]
    game = (await platform.request("GET", "/v1/games/tea-line", token=token)).body
    assert (game["title"], game["stage"], game["is_owned"]) == ("Чайный путь", "released", True)
    assert {one["kind"] for one in game["media"]} == {frame.kind for frame in FRAMES}
    achievements = await platform.request("GET", f"/v1/library/{game['id']}/achievements", token=token)
    assert achievements.body["total"] == 3
    order = {"game_id": game["id"], "device_id": "notebook"}
    ordered = await platform.request(
        "POST", "/v1/downloads", json=order, token=token, headers={"Idempotency-Key": "tea-line-on-notebook"}
    )
    assert ordered.status == 201, ordered.body


async def test_a_store_that_is_alive_gets_its_studio_later(platform: Platform) -> None:
    progress = platform.state / "demo" / "seed.json"
    known = json.loads(progress.read_bytes())
    progress.write_text(json.dumps(known | {"done": [step for step in known["done"] if step != "studio"]}))
    async with platform.database("catalog") as database, database.transaction() as tx:
        await tx.execute("UPDATE packages SET organisation_id = NULL")
        await tx.execute("UPDATE apps SET organisation_id = NULL")
    assert await seeded(platform)
    async with platform.database("catalog") as database:
        assert await database.fetch_value(
            "SELECT count(*) FROM packages WHERE slug = 'hollow-meridian' AND organisation_id IS NOT NULL"
        )


async def test_a_store_that_somebody_else_has_filled_is_left_alone(platform: Platform) -> None:
    (platform.state / "demo" / "seed.json").rename(platform.state / "demo" / "aside.json")
    assert not await seeded(platform, only_empty=True)
    assert not (platform.state / "demo" / "seed.json").exists()


async def test_a_refusal_says_what_was_asked(platform: Platform) -> None:
    with Store(platform.url) as store, pytest.raises(StoreFailed, match="/v1/games/no-such-game: 404"):
        await asyncio.to_thread(store.ask, "GET", "/v1/games/no-such-game")
