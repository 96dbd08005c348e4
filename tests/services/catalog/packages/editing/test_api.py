"""Packages over REST, as developers edit them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from samovar.kit.database import Database
from samovar.kit.identity import RoleGrant
from samovar.kit.ids import new_id
from samovar.services.catalog.contract.events import PackageChanged
from samovar.services.catalog.contract.prices_events import DiscountEnded
from samovar.services.library.contract.events import LicenceGranted
from samovar.testing.hosting import Running
from tests.services.catalog.packages.sellers import Seller, staff, wanted
from tests.services.catalog.packages.shelf import put_app, put_package
from tests.services.catalog.pages import page, put
from tests.services.catalog.prices.conftest import cost, reduce


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
        ({"names": {"ru": "  "}}, "names.ru"),
        ({"names": {"ru": "a\0b"}}, "names.ru"),
        ({"names": {"ru": "Комплект", "en": "a\u202eb"}}, "names.en"),
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
    assert (refused.status, refused.body["errors"][0]["code"]) == (422, "app_unknown")
    made = await seller.request(catalog, "POST", path, json=wanted(game, dlc))
    assert made.status == 201
    more = await seller.request(
        catalog, "PATCH", f"/v1/dev/packages/{made.body['id']}", json={"app_ids": [str(game), str(other)]}
    )
    assert (more.status, more.body["errors"][0]["field"]) == (422, "app_ids[1]")


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


async def test_apps_of_others_are_told_of_as_those_that_there_are_not(
    catalog: Running, catalog_database: Database
) -> None:
    seller = Seller(uuid4())
    game = await put_app(catalog_database, organisation_id=seller.organisation_id)
    foreign = await put_app(catalog_database, organisation_id=uuid4())
    path = f"/v1/dev/apps/{game}/packages"
    told = [
        await seller.request(catalog, "POST", path, json=wanted(game, other)) for other in (foreign, uuid4())
    ]
    assert told[0].body["errors"] == told[1].body["errors"]
    assert (told[0].status, told[0].body["errors"][0]["field"]) == (422, "app_ids[1]")
    assert (await seller.request(catalog, "GET", path)).body["items"] == []


async def test_it_is_on_record_who_made_a_package_what_it_is(
    catalog: Running, catalog_database: Database
) -> None:
    organisation_id, who = uuid4(), uuid4()
    game = await put_app(catalog_database, organisation_id=organisation_id)
    as_editor: dict[str, Any] = {
        "account_id": who,
        "roles": ("player", "developer"),
        "grants": (RoleGrant("editor", organisation_id),),
    }
    made = await catalog.request("POST", f"/v1/dev/apps/{game}/packages", json=wanted(game), **as_editor)
    path = f"/v1/dev/packages/{made.body['id']}"
    await catalog.request("PATCH", path, json={"state": "on_sale"}, **as_editor)
    await catalog.request("PATCH", path, json={"state": "on_sale"}, **as_editor)
    kept = await catalog.database.fetch_value(
        """
        SELECT jsonb_agg(jsonb_build_array(version, account_id, document->>'state') ORDER BY version)
        FROM package_versions WHERE package_id = $1::text::uuid
        """,
        made.body["id"],
    )
    assert kept == [[1, str(who), "draft"], [2, str(who), "on_sale"]]


async def test_what_leaves_the_store_has_no_discount_left(
    catalog: Running, catalog_database: Database
) -> None:
    seller, now = Seller(uuid4()), datetime.now(UTC)
    game = await put_app(catalog_database, organisation_id=seller.organisation_id)
    package_id = await put_package(catalog_database, game)
    await cost(catalog_database, package_id, "RU", 100_000, since=now - timedelta(days=90))
    over, active, planned = [
        await reduce(
            catalog_database, package_id, 30, now + timedelta(days=begin), now + timedelta(days=begin + 5)
        )
        for begin in (-40, -2, 40)
    ]
    path = f"/v1/dev/packages/{package_id}"
    named = await seller.request(catalog, "PATCH", path, json={"place": 1})
    assert named.status == 200, named.body
    ended = {one.discount_id for one in await catalog.events(DiscountEnded)}
    assert not ended & {active, planned}
    gone = await seller.request(catalog, "PATCH", path, json={"state": "withdrawn"})
    assert gone.status == 200, gone.body
    told = {
        one.discount_id: one.has_held
        for one in await catalog.events(DiscountEnded)
        if one.package_id == package_id and one.discount_id != over
    }
    assert told == {active: True, planned: False}
    back = await seller.request(catalog, "PATCH", path, json={"state": "on_sale"})
    assert back.status == 200, back.body
    kept = await catalog.database.fetch_value(
        "SELECT count(*) FROM discounts WHERE package_id = $1 AND ended_at IS NULL AND id <> $2",
        package_id,
        over,
    )
    assert kept == 0
    who = await catalog.database.fetch_value(
        "SELECT count(*) FROM discount_ends WHERE discount_id = ANY($1::uuid[]) AND account_id IS NOT NULL",
        [active, planned],
    )
    assert who == 2
