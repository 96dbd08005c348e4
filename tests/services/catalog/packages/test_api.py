"""Packages over REST, as people see them."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from samovar.kit.database import Database
from samovar.kit.ids import new_id
from samovar.services.catalog.domain import Availability
from samovar.services.catalog.schemas import Names
from samovar.services.library.contract.events import LicenceGranted
from samovar.testing.hosting import Running
from tests.services.catalog.packages.shelf import put_package
from tests.services.catalog.pages import publish
from tests.services.catalog.prices.conftest import cost, reduce


async def _be_of_age(database: Database, account_id: UUID, level: int) -> None:
    async with database.transaction() as tx:
        await tx.execute(
            """
            INSERT INTO viewers (account_id, age_level) VALUES ($1, $2)
            ON CONFLICT (account_id) DO UPDATE SET age_level = excluded.age_level
            """,
            account_id,
            level,
        )


async def test_a_package_shows_what_is_in_it_and_what_it_costs(
    catalog: Running, catalog_database: Database
) -> None:
    slug = f"game-{new_id().hex}"
    game = await publish(
        catalog_database,
        slug,
        texts={
            "ru": {"short_description": "Игра", "title": "Самовар"},
            "en": {"short_description": "Game", "title": "Samovar"},
        },
    )
    extra = await publish(catalog_database, f"extra-{new_id().hex}")
    package_id = await put_package(catalog_database, game, extra, names=Names(ru="Полный", en="Full"))
    await cost(catalog_database, package_id, "RU", 100_000)
    ends_at = datetime.now(UTC) + timedelta(days=1)
    await reduce(catalog_database, package_id, 30, datetime.now(UTC) - timedelta(days=1), ends_at)
    answer = await catalog.request(
        "GET", f"/v1/packages/{package_id}?country=RU", headers={"Accept-Language": "en"}
    )
    assert answer.status == 200
    body = answer.body
    assert (body["name"], body["game_id"], body["state"]) == ("Full", str(game), "on_sale")
    assert body["price"]["final"] == {"amount": 70_000, "currency": "RUB"}
    assert body["price"]["discount_percent"] == 30
    assert body["contents"][0]["title"] == "Samovar"
    assert [item["game_id"] for item in body["contents"]] == [str(game), str(extra)]
    assert body["is_owned"] is False
    # Nobody is shown the price a second after its discount has ended.
    held_s = int(answer.headers["cache-control"].removeprefix("max-age="))
    assert 0 < held_s <= 86_400

    me = uuid4()
    owned = LicenceGranted(
        licence_id=new_id(), account_id=me, app_ids=(game,), kind="gift", granted_at=datetime.now(UTC)
    )
    await catalog.announce(owned)
    await catalog.until("SELECT true FROM owned_apps WHERE account_id = $1", me)
    await _be_of_age(catalog_database, me, 6)
    mine = await catalog.request("GET", f"/v1/packages/{package_id}?country=RU", account_id=me)
    assert (mine.status, mine.body["code"]) == (403, "catalog.age_restricted")
    await _be_of_age(catalog_database, me, 18)
    mine = await catalog.request("GET", f"/v1/packages/{package_id}?country=RU", account_id=me)
    assert [item["is_owned"] for item in mine.body["contents"]] == [True, False]
    assert (mine.body["is_owned"], mine.headers["cache-control"]) == (False, "private, no-cache")


async def test_a_package_is_there_where_it_is_shown(catalog: Running, catalog_database: Database) -> None:
    game = await publish(catalog_database, f"game-{new_id().hex}", visible={"only_in": ["RU", "BY"]})
    package_id = await put_package(catalog_database, game, sold=Availability(only_in=["RU"]))
    await cost(catalog_database, package_id, "RU", 100_000)
    seen = {}
    for country in ("RU", "BY", "DE"):
        seen[country] = await catalog.request("GET", f"/v1/packages/{package_id}?country={country}")
    assert seen["RU"].body["price"]["final"]["amount"] == 100_000
    assert (seen["BY"].status, seen["BY"].body["price"]) == (200, None)
    assert (seen["DE"].status, seen["DE"].body["code"]) == (404, "catalog.package_not_found")
    nowhere = await catalog.request("GET", f"/v1/packages/{package_id}?country=XX")
    assert (nowhere.status, nowhere.body["errors"][0]["field"]) == (422, "country")
    assert (await catalog.request("GET", f"/v1/packages/{new_id()}")).status == 404


async def test_what_is_withdrawn_stays_and_what_is_a_draft_is_not_there(
    catalog: Running, catalog_database: Database
) -> None:
    game = await publish(catalog_database, f"game-{new_id().hex}")
    gone = await put_package(catalog_database, game, state="withdrawn")
    await cost(catalog_database, gone, "RU", 100_000)
    draft = await put_package(catalog_database, game, state="draft", place=1)
    shown = await catalog.request("GET", f"/v1/packages/{gone}")
    assert (shown.status, shown.body["state"], shown.body["price"]) == (200, "withdrawn", None)
    assert (await catalog.request("GET", f"/v1/packages/{draft}")).status == 404
