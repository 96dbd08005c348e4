"""Price matrices over REST."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from samovar.kit.identity import Level, RoleGrant
from samovar.services.catalog.contract.events import PricesChanged
from samovar.testing.hosting import Answer, Running
from tests.services.catalog.prices.conftest import Studio, studio

RUB = {"amount": 59_900, "currency": "RUB"}
USD = {"amount": 999, "currency": "USD"}


async def put(catalog: Running, at: Studio, prices: dict[str, Any], **more: Any) -> Answer:
    return await at.request(catalog, "PUT", "prices", json={"prices": prices}, **more)


@pytest.mark.parametrize(
    ("price", "code"),
    [
        ({"amount": -1, "currency": "USD"}, "too_small"),
        ({"amount": 10**13, "currency": "USD"}, "too_large"),
        ({"amount": 9.5, "currency": "USD"}, "wrong_type"),
    ],
)
async def test_an_amount_that_is_none_is_told_with_its_region(
    catalog: Running, price: dict[str, Any], code: str
) -> None:
    at = await studio(catalog)
    prices = {
        "RU": {"amount": 59_900, "currency": "RUB"},
        "CIS": price,
        "WORLD": {"amount": 999, "currency": "USD"},
    }
    answer = await at.request(catalog, "PUT", "prices", json={"prices": prices})
    assert answer.status == 422
    assert [(one["field"], one["code"]) for one in answer.body["errors"]] == [("prices.CIS.amount", code)]


async def test_prices_are_set_by_region_and_told(catalog: Running) -> None:
    at = await studio(catalog)
    answer = await put(catalog, at, {"RU": RUB, "CIS": USD})
    assert (answer.status, answer.body["prices"]) == (200, {"CIS": USD, "RU": RUB})
    shown = await at.request(catalog, "GET", "prices")
    assert shown.body == answer.body == {"package_id": str(at.package_id), "prices": {"CIS": USD, "RU": RUB}}
    told = [event for event in await catalog.events(PricesChanged) if at.package_id in event.package_ids]
    assert [event.app_ids for event in told] == [(at.app_id,)]
    again = await put(catalog, at, {"RU": RUB, "CIS": USD})
    assert again.status == 200
    assert (
        len([event for event in await catalog.events(PricesChanged) if at.package_id in event.package_ids])
        == 1
    )


async def test_a_change_keeps_what_was_charged_before(catalog: Running) -> None:
    at = await studio(catalog)
    for amount in (59_900, 49_900):
        assert (await put(catalog, at, {"RU": {"amount": amount, "currency": "RUB"}})).status == 200
    assert (await put(catalog, at, {})).status == 200
    rows = await catalog.database.fetch_value(
        "SELECT array_agg(amount ORDER BY since) FROM base_prices WHERE package_id = $1", at.package_id
    )
    assert rows == [59_900, 49_900, None]
    assert (await at.request(catalog, "GET", "prices")).body["prices"] == {}


@pytest.mark.parametrize(
    ("prices", "field", "code"),
    [
        ({"XX": RUB}, "prices.XX", "region_unknown"),
        ({"RU": USD}, "prices.RU.currency", "currency_wrong"),
        ({"RU": {"amount": 999, "currency": "RUB"}}, "prices.RU", "price_below_minimum"),
        ({"RU": {"amount": -1, "currency": "RUB"}}, "prices.RU.amount", "too_small"),
        ({"RU": {"amount": 2**60, "currency": "RUB"}}, "prices.RU.amount", "too_large"),
        ({"RU": {"amount": 599.5, "currency": "RUB"}}, "prices.RU.amount", "wrong_type"),
        ({"RU": {"amount": "599", "currency": "RUB"}}, "prices.RU.amount", "wrong_type"),
        ({"RU": {"amount": 59_900}}, "prices.RU.currency", "missing"),
        ({"RU": {"amount": 59_900, "currency": "rub"}}, "prices.RU.currency", "wrong_pattern"),
    ],
)
async def test_nonsense_is_named_and_changes_nothing(
    catalog: Running, prices: dict[str, Any], field: str, code: str
) -> None:
    at = await studio(catalog)
    await put(catalog, at, {"RU": RUB})
    answer = await put(catalog, at, prices)
    assert (answer.status, answer.body["errors"][0]["field"], answer.body["errors"][0]["code"]) == (
        422,
        field,
        code,
    )
    assert (await at.request(catalog, "GET", "prices")).body["prices"] == {"RU": RUB}


async def test_a_change_of_what_is_no_longer_so_is_refused(catalog: Running) -> None:
    at = await studio(catalog)
    seen = (await at.request(catalog, "GET", "prices")).headers["etag"]
    first = await put(catalog, at, {"RU": RUB}, headers={"If-Match": seen})
    stale = await put(catalog, at, {"CIS": USD}, headers={"If-Match": seen})
    assert (first.status, stale.status) == (200, 412)
    fresh = await put(catalog, at, {"CIS": USD}, headers={"If-Match": first.headers["etag"]})
    assert fresh.status == 200


async def test_only_who_may_sees_and_sets_prices(catalog: Running) -> None:
    at = await studio(catalog)
    await put(catalog, at, {"RU": RUB})

    async def seen(level: Level | None, organisation_id: UUID | None = None) -> tuple[int, int]:
        grants = (RoleGrant(level, organisation_id or at.organisation_id),) if level else ()
        more: dict[str, Any] = {"grants": grants, "roles": ("player", "developer")}
        return (
            (await at.request(catalog, "GET", "prices", **more)).status,
            (await put(catalog, at, {"RU": RUB}, **more)).status,
        )

    assert await seen("owner") == await seen("editor") == await seen("finance") == (200, 200)
    assert await seen("viewer") == (200, 404)
    assert await seen("owner", uuid4()) == await seen(None) == (404, 404)
    player = await at.request(catalog, "GET", "prices", roles=("player",), grants=())
    staff = await at.request(catalog, "GET", "prices", roles=("player", "moderator"), grants=())
    unknown = await catalog.request(
        "GET", f"/v1/dev/apps/{uuid4()}/prices", account_id=at.account_id, roles=("player", "moderator")
    )
    assert (player.status, staff.status, unknown.status) == (403, 200, 404)
    assert unknown.body["code"] == "catalog.app_not_found"
    foreign = await studio(catalog)
    elsewhere = await at.request(catalog, "GET", f"prices?package_id={foreign.package_id}")
    assert elsewhere.status == 404


async def test_a_matrix_goes_out_as_a_table_and_comes_back(catalog: Running) -> None:
    at = await studio(catalog)
    await put(catalog, at, {"RU": RUB, "JP": {"amount": 900, "currency": "JPY"}})
    answer = await at.request(catalog, "GET", "prices/csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.body.decode("utf-8-sig").splitlines() == [
        "region,currency,price",
        "JP,JPY,900",
        "RU,RUB,599.00",
    ]
    table = "region;currency;price\r\nRU;RUB;499,50\r\nCIS;USD;9.99\r\n\r\n"
    headers = {"Content-Type": "text/csv"}
    back = await at.request(catalog, "PUT", "prices/csv", data=table.encode(), headers=headers)
    assert back.body["prices"] == {"CIS": USD, "RU": {"amount": 49_950, "currency": "RUB"}}
    other = await at.request(
        catalog, "PUT", "prices/csv", data=b"{}", headers={"Content-Type": "application/json"}
    )
    assert other.status == 415


async def test_regions_say_their_currency_and_countries(catalog: Running) -> None:
    answer = await catalog.request("GET", "/v1/price-regions")
    regions = {region["code"]: region for region in answer.body["items"]}
    assert (regions["RU"]["currency"], regions["RU"]["countries"]) == ("RUB", ["RU"])
    assert "KZ" in regions["CIS"]["countries"]
    assert regions["RU"]["price_min"] == 1_000


async def test_a_table_sets_no_prices_that_its_sender_has_not_seen(catalog: Running) -> None:
    at = await studio(catalog)
    seen = await put(catalog, at, {"RU": RUB})
    await put(catalog, at, {"RU": {"amount": 49_900, "currency": "RUB"}})
    headers = {"Content-Type": "text/csv", "If-Match": seen.headers["etag"]}
    table = b"region,currency,price\nRU,RUB,399.00\n"
    stale = await at.request(catalog, "PUT", "prices/csv", data=table, headers=headers)
    assert stale.status == 412
    headers["If-Match"] = (await at.request(catalog, "GET", "prices")).headers["etag"]
    fresh = await at.request(catalog, "PUT", "prices/csv", data=table, headers=headers)
    assert (fresh.status, fresh.body["prices"]["RU"]["amount"]) == (200, 39_900)
