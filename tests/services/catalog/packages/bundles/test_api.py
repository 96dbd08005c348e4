"""Bundles over REST: what somebody pays for what they lack, and who may make them."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from samovar.kit.database import Database
from samovar.kit.ids import new_id
from samovar.services.catalog.contract.events import BundleChanged
from samovar.services.catalog.domain import Availability
from samovar.services.library.contract.events import LicenceGranted
from samovar.testing.hosting import Answer, Running
from tests.services.catalog.packages.sellers import Seller, staff
from tests.services.catalog.packages.shelf import put_app, put_package
from tests.services.catalog.prices.conftest import cost


def wanted(organisation_id: UUID | None, *package_ids: UUID, **said: Any) -> dict[str, Any]:
    """Return the body of a new bundle on sale."""
    return {
        "organisation_id": str(organisation_id) if organisation_id else None,
        "slug": f"bundle-{new_id().hex}",
        "names": {"ru": "Набор", "en": "Set"},
        "descriptions": {"ru": "Всё сразу"},
        "discount_percent": 10,
        "package_ids": [str(package_id) for package_id in package_ids],
        "state": "on_sale",
        **said,
    }


async def priced(database: Database, organisation_id: UUID, amount: int, **said: Any) -> tuple[UUID, UUID]:
    """Return an app and its package at a price in Russia."""
    app_id = await put_app(database, organisation_id=organisation_id)
    package_id = await put_package(database, app_id, **said)
    await cost(database, package_id, "RU", amount)
    return app_id, package_id


async def make(catalog: Running, seller: Seller, *package_ids: UUID, **said: Any) -> Answer:
    """Make a bundle."""
    body = wanted(seller.organisation_id, *package_ids, **said)
    return await seller.request(catalog, "POST", "/v1/dev/bundles", json=body)


async def own(catalog: Running, account_id: UUID, *app_ids: UUID) -> None:
    """Let somebody have apps."""
    await catalog.announce(
        LicenceGranted(
            licence_id=new_id(),
            account_id=account_id,
            app_ids=app_ids,
            kind="gift",
            granted_at=datetime.now(UTC),
        )
    )
    query = "SELECT count(*) = $2 FROM owned_apps WHERE account_id = $1 AND app_id = ANY($3)"
    await catalog.until(query, account_id, len(app_ids), list(app_ids))


async def test_a_set_is_completed_for_what_one_lacks(catalog: Running, catalog_database: Database) -> None:
    seller = Seller(uuid4())
    first_app, first = await priced(catalog_database, seller.organisation_id, 100_000)
    second_app, second = await priced(catalog_database, seller.organisation_id, 33_335)
    made = await make(catalog, seller, first, second)
    path = f"/v1/bundles/{made.body['id']}?country=RU"
    shown = await catalog.request("GET", path, headers={"Accept-Language": "en"})
    assert (shown.status, shown.body["name"], shown.body["description"]) == (200, "Set", "Всё сразу")
    # Each line is rounded half to even, and the lines add up to the total.
    finals = [package["final"]["amount"] for package in shown.body["packages"]]
    assert finals == [90_000, 30_002]
    assert shown.body["price"] == {
        "base": {"amount": 133_335, "currency": "RUB"},
        "final": {"amount": 120_002, "currency": "RUB"},
        "discount_percent": 9,
    }
    me = uuid4()
    await own(catalog, me, first_app)
    mine = await catalog.request("GET", path, account_id=me)
    assert mine.body["price"]["final"]["amount"] == 30_002
    assert [(one["is_owned"], one["final"] is None) for one in mine.body["packages"]] == [
        (True, True),
        (False, False),
    ]
    await own(catalog, me, second_app)
    all_mine = await catalog.request("GET", path, account_id=me)
    assert (all_mine.body["price"], all_mine.body["is_owned"]) == (None, True)
    linked = await catalog.request("GET", f"/v1/packages/{first}?country=RU")
    assert [bundle["id"] for bundle in linked.body["bundles"]] == [made.body["id"]]


async def test_what_is_bought_together_is_all_or_nothing(
    catalog: Running, catalog_database: Database
) -> None:
    seller = Seller(uuid4())
    app_id, first = await priced(catalog_database, seller.organisation_id, 100_000)
    _, second = await priced(catalog_database, seller.organisation_id, 50_000)
    made = await make(catalog, seller, first, second, kind="must_purchase_together")
    path = f"/v1/bundles/{made.body['id']}?country=RU"
    assert (await catalog.request("GET", path)).body["price"]["final"]["amount"] == 135_000
    me = uuid4()
    await own(catalog, me, app_id)
    mine = await catalog.request("GET", path, account_id=me)
    assert (mine.body["price"], mine.body["is_owned"]) == (None, False)


async def test_a_bundle_goes_as_far_as_its_packages_do(catalog: Running, catalog_database: Database) -> None:
    seller = Seller(uuid4())
    _, here = await priced(catalog_database, seller.organisation_id, 100_000)
    _, elsewhere = await priced(
        catalog_database, seller.organisation_id, 50_000, sold=Availability(except_in=["RU"])
    )
    completed = await make(catalog, seller, here, elsewhere)
    together = await make(catalog, seller, here, elsewhere, kind="must_purchase_together")
    shown = await catalog.request("GET", f"/v1/bundles/{completed.body['id']}?country=RU")
    assert shown.body["price"]["final"]["amount"] == 90_000
    assert shown.body["packages"][1]["price"] is None
    shown = await catalog.request("GET", f"/v1/bundles/{together.body['id']}?country=RU")
    assert (shown.status, shown.body["price"]) == (200, None)
    assert (await catalog.request("GET", f"/v1/bundles/{new_id()}")).status == 404


async def test_a_bundle_is_changed_as_it_was_seen(catalog: Running, catalog_database: Database) -> None:
    seller = Seller(uuid4())
    packages = [(await priced(catalog_database, seller.organisation_id, 100))[1] for _ in range(3)]
    made = await make(catalog, seller, *packages[:2], state="draft")
    assert (made.status, made.body["version"]) == (201, 1)
    path = f"/v1/dev/bundles/{made.body['id']}"
    assert (await catalog.request("GET", f"/v1/bundles/{made.body['id']}")).status == 404
    match = {"headers": {"If-Match": made.headers["etag"]}}
    body = {"package_ids": [str(one) for one in reversed(packages)], "state": "on_sale"}
    changed = await seller.request(catalog, "PATCH", path, json=body, **match)
    assert changed.body["package_ids"] == body["package_ids"]
    assert (await seller.request(catalog, "PATCH", path, json={"state": "withdrawn"}, **match)).status == 412
    again = await seller.request(catalog, "PATCH", path, json={"state": "on_sale"})
    assert (again.status, again.body["version"]) == (200, 2)
    hidden = await seller.request(catalog, "PATCH", path, json={"state": "draft"})
    assert (hidden.status, hidden.body["errors"][0]["field"]) == (422, "state")
    told = [one for one in await catalog.events(BundleChanged) if str(one.bundle_id) == made.body["id"]]
    assert [one.version for one in told] == [1, 2]


async def test_one_organisation_a_bundle_unless_staff_say_otherwise(
    catalog: Running, catalog_database: Database
) -> None:
    seller, other = Seller(uuid4()), Seller(uuid4())
    _, ours = await priced(catalog_database, seller.organisation_id, 100)
    _, theirs = await priced(catalog_database, other.organisation_id, 100)
    refused = await make(catalog, seller, ours, theirs)
    assert (refused.status, refused.body["errors"][0]["code"]) == (422, "package_unknown")
    nobodys = wanted(None, ours, theirs)
    refused = await seller.request(catalog, "POST", "/v1/dev/bundles", json=nobodys)
    assert (refused.status, refused.body["errors"][0]["field"]) == (422, "organisation_id")
    body = wanted(seller.organisation_id, ours, theirs)
    assert (await other.request(catalog, "POST", "/v1/dev/bundles", json=body)).status == 404
    made = await staff(catalog, "POST", "/v1/dev/bundles", json=body)
    assert made.status == 201
    path = f"/v1/dev/bundles/{made.body['id']}"
    assert (await other.request(catalog, "GET", path)).status == 404
    assert (await other.request(catalog, "PATCH", path, json={"discount_percent": 1})).status == 404
    # Its own organisation may go on with it, and not put more of others into it.
    assert (await seller.request(catalog, "PATCH", path, json={"discount_percent": 20})).status == 200
    reordered = {"package_ids": [str(theirs), str(ours)]}
    assert (await seller.request(catalog, "PATCH", path, json=reordered)).status == 422
    one_game = Seller(seller.organisation_id, "owner", uuid4())
    assert (await one_game.request(catalog, "GET", path)).status == 404
    listed = await seller.request(catalog, "GET", f"/v1/dev/bundles?organisation_id={seller.organisation_id}")
    assert [item["id"] for item in listed.body["items"]] == [made.body["id"]]
    listed = await other.request(catalog, "GET", f"/v1/dev/bundles?organisation_id={seller.organisation_id}")
    assert listed.body["items"] == []


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"package_ids": []}, "package_ids"),
        ({"package_ids": [str(uuid4()), str(uuid4())]}, "package_ids[0]"),
        ({"discount_percent": 96}, "discount_percent"),
        ({"discount_percent": -1}, "discount_percent"),
        ({"kind": "lottery"}, "kind"),
        ({"names": {"ru": ""}}, "names.ru"),
        ({"slug": "a" * 97}, "slug"),
    ],
)
async def test_nonsense_names_its_field(
    catalog: Running, catalog_database: Database, said: dict[str, Any], field: str
) -> None:
    seller = Seller(uuid4())
    _, first = await priced(catalog_database, seller.organisation_id, 100)
    _, second = await priced(catalog_database, seller.organisation_id, 100)
    refused = await make(catalog, seller, first, second, **said)
    assert (refused.status, refused.body["errors"][0]["field"]) == (422, field)
    twice = await make(catalog, seller, first, first)
    assert (twice.status, twice.body["errors"][0]["field"]) == (422, "package_ids[1]")


async def test_a_slug_is_one_bundles(catalog: Running, catalog_database: Database) -> None:
    seller = Seller(uuid4())
    packages = [(await priced(catalog_database, seller.organisation_id, 100))[1] for _ in range(2)]
    made = await make(catalog, seller, *packages)
    taken = await make(catalog, seller, *packages, slug=made.body["slug"])
    assert (taken.status, taken.body["code"]) == (409, "catalog.offer_slug_taken")


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"names": {"ru": " "}}, "names.ru"),
        ({"names": {"ru": "Набор", "en": "a\u202eb"}}, "names.en"),
        ({"descriptions": {"ru": "a\0b"}}, "descriptions.ru"),
    ],
)
async def test_a_bundle_is_called_something(
    catalog: Running, catalog_database: Database, said: dict[str, Any], field: str
) -> None:
    seller = Seller(uuid4())
    packages = [(await priced(catalog_database, seller.organisation_id, 100))[1] for _ in range(2)]
    refused = await make(catalog, seller, *packages, **said)
    assert (refused.status, [one["field"] for one in refused.body["errors"]]) == (422, [field])


async def test_packages_of_others_are_told_of_as_those_that_there_are_not(
    catalog: Running, catalog_database: Database
) -> None:
    seller = Seller(uuid4())
    _, ours = await priced(catalog_database, seller.organisation_id, 100)
    _, theirs = await priced(catalog_database, uuid4(), 100)
    told = [await make(catalog, seller, ours, other) for other in (theirs, uuid4())]
    assert told[0].body["errors"] == told[1].body["errors"]


async def test_it_is_on_record_who_made_a_bundle_what_it_is(
    catalog: Running, catalog_database: Database
) -> None:
    seller = Seller(uuid4())
    packages = [(await priced(catalog_database, seller.organisation_id, 100))[1] for _ in range(2)]
    made = await make(catalog, seller, *packages)
    path = f"/v1/dev/bundles/{made.body['id']}"
    await seller.request(catalog, "PATCH", path, json={"discount_percent": 30})
    kept = await catalog.database.fetch_value(
        """
        SELECT jsonb_agg(jsonb_build_array(version, account_id IS NOT NULL, document->'discount_percent') ORDER BY version)
        FROM bundle_versions WHERE bundle_id = $1::text::uuid
        """,
        made.body["id"],
    )
    assert kept == [[1, True, 10], [2, True, 30]]
