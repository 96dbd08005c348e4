"""Sales over REST: announced by staff, joined by developers, seen by all."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from samovar.services.catalog.contract.prices_events import DiscountEnded, SaleChanged
from samovar.testing.hosting import Answer, Running
from tests.services.catalog.prices.conftest import Studio, cost, reduce, studio

STAFF = uuid4()


def soon(days: float) -> datetime:
    return datetime.now(UTC) + timedelta(days=days)


async def ask(catalog: Running, method: str, path: str = "", **more: Any) -> Answer:
    more.setdefault("roles", ("player", "moderator"))
    return await catalog.request(method, f"/v1/sales{path}", account_id=STAFF, **more)


def body(**fields: Any) -> dict[str, Any]:
    times = {"starts_at": soon(10), "ends_at": soon(20), "join_until": soon(9), **fields}
    return {
        "slug": f"sale-{uuid4().hex[:12]}",
        "names": {"ru": "Зимняя распродажа", "en": "Winter sale"},
        **{
            name: value.isoformat() if isinstance(value, datetime) else value for name, value in times.items()
        },
    }


async def announced(catalog: Running, **fields: Any) -> dict[str, Any]:
    answer = await ask(catalog, "POST", json=body(**fields))
    assert answer.status == 201, answer.body
    made: dict[str, Any] = answer.body
    return made


async def join(catalog: Running, at: Studio, sale_id: str, **more: Any) -> Answer:
    wish = {"kind": "seasonal", "percent": 30, "sale_id": sale_id, **more}
    return await at.request(catalog, "POST", "discounts", json=wish)


async def priced_studio(catalog: Running) -> Studio:
    at = await studio(catalog)
    await cost(catalog.database, at.package_id, "RU", 59_900)
    return at


async def test_a_sale_is_announced_and_everybody_sees_it(catalog: Running) -> None:
    sale = await announced(catalog)
    seen = await catalog.request("GET", "/v1/sales?limit=100")
    assert sale in seen.body["items"]
    (told,) = [event for event in await catalog.events(SaleChanged) if str(event.sale_id) == sale["id"]]
    assert (told.version, told.names["ru"]) == (1, "Зимняя распродажа")


async def test_sales_are_paged(catalog: Running) -> None:
    for _ in range(2):
        await announced(catalog)
    first = await catalog.request("GET", "/v1/sales?limit=1")
    second = await catalog.request("GET", f"/v1/sales?limit=1&cursor={first.body['next_cursor']}")
    assert first.body["items"] != second.body["items"]
    assert (await catalog.request("GET", "/v1/sales?cursor=nonsense")).status == 422


async def test_only_staff_with_the_right_announces(catalog: Running) -> None:
    for roles in (("player",), ("player", "developer"), ("player", "support")):
        assert (await ask(catalog, "POST", json=body(), roles=roles)).status == 403
    assert (await catalog.request("POST", "/v1/sales", json=body())).status == 401


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"starts_at": soon(-1)}, "starts_at", "starts_in_past"),
        ({"ends_at": soon(30)}, "ends_at", "discount_too_long"),
        ({"ends_at": soon(10.5)}, "ends_at", "discount_too_short"),
        ({"join_until": soon(21)}, "join_until", "joined_after_end"),
        ({"slug": "Большая"}, "slug", "wrong_pattern"),
        ({"join_until": "0001-01-01T00:00:00+14:00"}, "join_until", "invalid"),
        (
            {"starts_at": "9999-12-25T00:00:00-12:00", "ends_at": "9999-12-31T23:59:59-12:00"},
            "starts_at",
            "starts_too_late",
        ),
        ({"starts_at": "tomorrow"}, "starts_at", "invalid"),
    ],
)
async def test_a_sale_that_cannot_be_is_refused(
    catalog: Running, fields: dict[str, Any], field: str, code: str
) -> None:
    answer = await ask(catalog, "POST", json=body(**fields))
    assert (answer.status, answer.body["errors"][0]["field"], answer.body["errors"][0]["code"]) == (
        422,
        field,
        code,
    )


async def test_two_sales_have_two_slugs(catalog: Running) -> None:
    sale = await announced(catalog)
    answer = await ask(catalog, "POST", json=body(slug=sale["slug"]))
    assert (answer.status, answer.body["code"]) == (409, "catalog.sale_slug_taken")


async def test_a_package_joins_for_the_time_of_the_sale_also_right_after_another_discount(
    catalog: Running,
) -> None:
    sale, at = await announced(catalog), await priced_studio(catalog)
    await reduce(catalog.database, at.package_id, 20, soon(5), soon(9))
    answer = await join(catalog, at, sale["id"])
    assert answer.status == 201, answer.body
    assert (answer.body["starts_at"], answer.body["ends_at"]) == (sale["starts_at"], sale["ends_at"])
    timed = await join(catalog, at, sale["id"], ends_at=soon(12).isoformat())
    assert timed.body["errors"][0]["code"] == "sale_decides"


async def test_nobody_joins_a_sale_that_is_closed_unknown_or_called_off(catalog: Running) -> None:
    at = await priced_studio(catalog)
    closed = await announced(catalog, join_until=soon(0))
    off = await announced(catalog)
    assert (await ask(catalog, "DELETE", f"/{off['id']}")).status == 204
    for sale_id, code in (
        (closed["id"], "catalog.sale_closed"),
        (off["id"], "catalog.sale_closed"),
        (str(uuid4()), "catalog.sale_not_found"),
    ):
        assert (await join(catalog, at, sale_id)).body["code"] == code
    assert (await at.request(catalog, "GET", "discounts")).body["items"] == []


async def test_dates_stay_once_somebody_has_joined_and_names_may_change(catalog: Running) -> None:
    sale, at = await announced(catalog), await priced_studio(catalog)
    path = f"/{sale['id']}"
    moved = await ask(catalog, "PATCH", path, json={"ends_at": soon(19).isoformat()})
    assert (moved.status, moved.body["version"]) == (200, 2)
    await join(catalog, at, sale["id"])
    stuck = await ask(catalog, "PATCH", path, json={"ends_at": soon(18).isoformat()})
    assert (stuck.status, stuck.body["code"]) == (409, "catalog.sale_begun")
    named = await ask(catalog, "PATCH", path, json={"names": {"ru": "Весна", "en": "Spring"}})
    assert (named.status, named.body["names"]["en"]) == (200, "Spring")
    assert (await ask(catalog, "PATCH", f"/{uuid4()}", json={})).status == 404


async def test_calling_a_sale_off_calls_its_discounts_off(catalog: Running) -> None:
    sale, at = await announced(catalog), await priced_studio(catalog)
    joined = await join(catalog, at, sale["id"])
    assert (await ask(catalog, "DELETE", f"/{sale['id']}")).status == 204
    assert (await ask(catalog, "DELETE", f"/{sale['id']}")).status == 404
    (shown,) = (await at.request(catalog, "GET", "discounts")).body["items"]
    assert (shown["id"], shown["state"]) == (joined.body["id"], "canceled")
    told = [event for event in await catalog.events(DiscountEnded) if event.app_id == at.app_id]
    assert [event.has_held for event in told] == [False]
    seen = await catalog.request("GET", "/v1/sales?limit=100")
    assert sale["id"] not in {one["id"] for one in seen.body["items"]}


async def test_a_sale_is_called_something_and_it_is_on_record_who_did(catalog: Running) -> None:
    for names in ({"ru": " ", "en": "Sale"}, {"ru": "Распродажа", "en": "a\0"}):
        refused = await ask(catalog, "POST", json=body() | {"names": names})
        assert (refused.status, refused.body["errors"][0]["code"]) == (422, "unprintable")
    sale = await announced(catalog)
    await ask(catalog, "PATCH", f"/{sale['id']}", json={"join_until": soon(8).isoformat()})
    await ask(catalog, "DELETE", f"/{sale['id']}")
    kept = await catalog.database.fetch_value(
        """
        SELECT jsonb_agg(jsonb_build_array(version, account_id, document->'canceled_at' <> 'null') ORDER BY version)
        FROM sale_versions WHERE sale_id = $1::text::uuid
        """,
        sale["id"],
    )
    assert kept == [[1, str(STAFF), False], [2, str(STAFF), False], [3, str(STAFF), True]]
