"""Packages over REST: as people see them, and as developers edit them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from samovar.kit.database import Database
from samovar.kit.identity import Level, RoleGrant
from samovar.kit.ids import new_id
from samovar.services.catalog.contract.events import PackageChanged
from samovar.services.catalog.domain import Availability
from samovar.services.catalog.schemas import Names
from samovar.services.library.contract.events import LicenceGranted
from samovar.testing.hosting import Answer, Running
from tests.services.catalog.packages.shelf import put_app, put_package
from tests.services.catalog.pages import page, publish, put
from tests.services.catalog.prices.conftest import cost, reduce


class Seller(msgspec.Struct, frozen=True):
    """Somebody with a level in an organisation, in the whole of it or in one of its games."""

    organisation_id: UUID
    level: Level = "editor"
    game_id: UUID | None = None

    async def request(self, catalog: Running, method: str, path: str, **more: Any) -> Answer:
        """Ask as them."""
        grant = RoleGrant(self.level, self.organisation_id, self.game_id)
        return await catalog.request(
            method, path, account_id=uuid4(), roles=("player", "developer"), grants=(grant,), **more
        )


async def staff(catalog: Running, method: str, path: str, **more: Any) -> Answer:
    """Ask as a moderator."""
    return await catalog.request(method, path, account_id=uuid4(), roles=("player", "moderator"), **more)


def wanted(*app_ids: UUID, **said: Any) -> dict[str, Any]:
    """Return the body of a new package."""
    return {
        "slug": f"package-{new_id().hex}",
        "names": {"ru": "Комплект"},
        "app_ids": [str(app_id) for app_id in app_ids],
        "place": 0,
        **said,
    }


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
    mine = await catalog.request("GET", f"/v1/packages/{package_id}?country=RU", account_id=me)
    # Whoever has said nothing of their age sees what is for everybody.
    assert (mine.status, mine.body["code"]) == (403, "catalog.age_restricted")
    async with catalog_database.transaction() as tx:
        await tx.execute("INSERT INTO viewers (account_id, age_level) VALUES ($1, 18)", me)
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


async def test_a_developer_makes_and_changes_packages_of_their_game(
    catalog: Running, catalog_database: Database
) -> None:
    seller = Seller(uuid4())
    game = await put_app(catalog_database, organisation_id=seller.organisation_id)
    more = await put_app(catalog_database, organisation_id=seller.organisation_id)
    made = await seller.request(catalog, "POST", f"/v1/dev/apps/{game}/packages", json=wanted(game))
    assert (made.status, made.body["state"], made.body["version"]) == (201, "draft", 1)
    path = f"/v1/dev/packages/{made.body['id']}"
    seen = await seller.request(catalog, "GET", path)
    assert (seen.body, seen.headers["etag"]) == (made.body, made.headers["etag"])
    change = {"state": "on_sale", "app_ids": [str(game), str(more)], "sold": {"only_in": ["RU"]}}
    with_tag = {"headers": {"If-Match": seen.headers["etag"]}}
    changed = await seller.request(catalog, "PATCH", path, json=change, **with_tag)
    assert (changed.status, changed.body["version"]) == (200, 2)
    assert changed.body["sold_where"] == {"only_in": ["RU"], "except_in": []}
    stale = await seller.request(catalog, "PATCH", path, json={"place": 3}, **with_tag)
    assert (stale.status, stale.body["code"]) == (412, "request.precondition_failed")
    listed = await seller.request(catalog, "GET", f"/v1/dev/apps/{game}/packages")
    assert listed.body["items"] == [changed.body]
    told = [one for one in await catalog.events(PackageChanged) if str(one.package_id) == made.body["id"]]
    assert [(one.version, one.state) for one in told] == [(1, "draft"), (2, "on_sale")]


async def test_a_sold_package_cannot_lose_apps(catalog: Running, catalog_database: Database) -> None:
    seller = Seller(uuid4())
    game, more = [await put_app(catalog_database, organisation_id=seller.organisation_id) for _ in range(2)]
    package_id = await put_package(catalog_database, game, more)
    await catalog.announce(
        LicenceGranted(
            licence_id=new_id(),
            account_id=uuid4(),
            app_ids=(game, more),
            package_id=package_id,
            kind="purchase",
            granted_at=datetime.now(UTC),
        )
    )
    await catalog.until("SELECT first_sold_at FROM packages WHERE id = $1", package_id)
    path = f"/v1/dev/packages/{package_id}"
    refused = await seller.request(catalog, "PATCH", path, json={"app_ids": [str(game)]})
    assert (refused.status, refused.body["code"]) == (409, "catalog.package_sold")
    assert (await seller.request(catalog, "GET", path)).body["app_ids"] == [str(game), str(more)]
    assert (await seller.request(catalog, "PATCH", path, json={"state": "withdrawn"})).status == 200


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"app_ids": []}, "app_ids"),
        ({"app_ids": ["x"]}, "app_ids[0]"),
        ({"app_ids": [str(uuid4())]}, "app_ids[0]"),
        ({"sold": {"only_in": ["XX"]}}, "sold.only_in[0]"),
        ({"sold": {"only_in": ["ru"]}}, "sold.only_in[0]"),
        ({"activatable": {"except_in": ["RU"]}}, "activatable"),
        ({"place": 100}, "place"),
        ({"place": -1}, "place"),
        ({"names": {"en": "No Russian"}}, "names.ru"),
        ({"slug": "Not A Slug"}, "slug"),
        ({"price": 100}, "price"),
    ],
)
async def test_nonsense_names_its_field_and_makes_nothing(
    catalog: Running, catalog_database: Database, said: dict[str, Any], field: str
) -> None:
    seller = Seller(uuid4())
    game = await put_app(catalog_database, organisation_id=seller.organisation_id)
    refused = await seller.request(
        catalog, "POST", f"/v1/dev/apps/{game}/packages", json=wanted(game, **said)
    )
    assert (refused.status, refused.body["errors"][0]["field"]) == (422, field)
    listed = await seller.request(catalog, "GET", f"/v1/dev/apps/{game}/packages")
    assert listed.body["items"] == []


async def test_strangers_do_not_learn_that_it_exists(catalog: Running, catalog_database: Database) -> None:
    seller = Seller(uuid4())
    game = await put_app(catalog_database, organisation_id=seller.organisation_id)
    package_id = await put_package(catalog_database, game, state="draft")
    imported = await put_package(catalog_database, await put_app(catalog_database))
    path = f"/v1/dev/packages/{package_id}"
    for stranger in (
        Seller(uuid4()),
        Seller(uuid4(), "owner"),
        Seller(seller.organisation_id, "editor", uuid4()),
    ):
        assert (await stranger.request(catalog, "GET", path)).status == 404
        assert (await stranger.request(catalog, "PATCH", path, json={"place": 1})).status == 404
        assert (await stranger.request(catalog, "GET", f"/v1/dev/apps/{game}/packages")).status == 404
        made = await stranger.request(catalog, "POST", f"/v1/dev/apps/{game}/packages", json=wanted(game))
        assert (made.status, made.body["code"]) == (404, "catalog.app_not_found")
    looks = Seller(seller.organisation_id, "finance")
    assert (await looks.request(catalog, "GET", path)).status == 200
    assert (await looks.request(catalog, "PATCH", path, json={"place": 1})).status == 404
    assert (await seller.request(catalog, "GET", f"/v1/dev/packages/{imported}")).status == 404
    assert (await staff(catalog, "PATCH", f"/v1/dev/packages/{imported}", json={"place": 1})).status == 200
    assert (await catalog.request("GET", path)).status == 401
    assert (await catalog.request("GET", path, account_id=uuid4())).status == 403


async def test_who_edits_one_game_sells_it_and_what_belongs_to_it_alone(
    catalog: Running, catalog_database: Database
) -> None:
    organisation_id = uuid4()
    slug = f"game-{new_id().hex}"
    game = await publish_of(catalog_database, slug, organisation_id)
    other = await put_app(catalog_database, organisation_id=organisation_id)
    dlc = await publish_of(catalog_database, f"dlc-{new_id().hex}", organisation_id, kind="dlc", base=slug)
    seller = Seller(organisation_id, "editor", game)
    path = f"/v1/dev/apps/{game}/packages"
    refused = await seller.request(catalog, "POST", path, json=wanted(game, other))
    assert (refused.status, refused.body["errors"][0]["code"]) == (422, "app_foreign")
    made = await seller.request(catalog, "POST", path, json=wanted(game, dlc))
    assert made.status == 201
    more = await seller.request(
        catalog, "PATCH", f"/v1/dev/packages/{made.body['id']}", json={"app_ids": [str(game), str(other)]}
    )
    assert (more.status, more.body["errors"][0]["field"]) == (422, "app_ids")


async def publish_of(database: Database, slug: str, organisation_id: UUID, **fields: Any) -> UUID:
    """Publish a page of an organisation."""
    return (await put(database, page(slug, **fields), organisation_id=organisation_id)).app_id


async def test_a_page_has_so_many_packages_and_no_more(catalog: Running, catalog_database: Database) -> None:
    seller = Seller(uuid4())
    game = await put_app(catalog_database, organisation_id=seller.organisation_id)
    for place in range(50):
        await put_package(catalog_database, game, place=place)
    path = f"/v1/dev/apps/{game}/packages"
    refused = await seller.request(catalog, "POST", path, json=wanted(game, place=60))
    assert (refused.status, refused.body["code"]) == (409, "catalog.too_many_packages")
    taken = await seller.request(catalog, "POST", path, json=wanted(game, place=0))
    assert taken.status == 409
