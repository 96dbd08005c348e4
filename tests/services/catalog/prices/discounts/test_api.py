"""Discounts over REST."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from samovar.kit.identity import RoleGrant
from samovar.services.catalog.contract.prices_events import DiscountEnded, DiscountPlanned
from samovar.testing.hosting import Answer, Running
from tests.services.catalog.prices.conftest import DAY, Studio, cost, game, package, reduce, studio


def soon(days: float = 1) -> datetime:
    return datetime.now(UTC) + timedelta(days=days)


async def priced_studio(catalog: Running, **more: Any) -> Studio:
    at = await studio(catalog, **more)
    await cost(catalog.database, at.package_id, "RU", 59_900)
    return at


async def wish(catalog: Running, at: Studio, *, path: str = "discounts", **fields: Any) -> Answer:
    starts_at = fields.pop("starts_at", soon())
    ends_at = fields.pop("ends_at", soon(5))
    body = {"kind": "custom", "percent": 20, **fields}
    body |= {"starts_at": starts_at.isoformat()} if starts_at else {}
    body |= {"ends_at": ends_at.isoformat()} if ends_at else {}
    return await at.request(catalog, "POST", path, json=body)


def codes(answer: Answer) -> list[tuple[str, str]]:
    return [(error["field"], error["code"]) for error in answer.body["errors"]]


async def test_a_discount_is_planned_told_and_listed(catalog: Running) -> None:
    at = await priced_studio(catalog)
    answer = await wish(catalog, at)
    assert (answer.status, answer.body["state"], answer.body["rules_version"]) == (201, "scheduled", 1)
    listed = await at.request(catalog, "GET", "discounts")
    assert [one["id"] for one in listed.body["items"]] == [answer.body["id"]]
    (planned,) = [one for one in await catalog.events(DiscountPlanned) if one.app_id == at.app_id]
    assert (str(planned.discount_id), planned.percent, planned.kind) == (answer.body["id"], 20, "custom")


async def test_a_discount_without_a_beginning_begins_at_once(catalog: Running) -> None:
    at = await priced_studio(catalog)
    answer = await wish(catalog, at, starts_at=None)
    assert (answer.status, answer.body["state"]) == (201, "active")
    frozen = await at.request(
        catalog, "PUT", "prices", json={"prices": {"RU": {"amount": 49_900, "currency": "RUB"}}}
    )
    assert (frozen.status, frozen.body["code"]) == (409, "catalog.prices_refused")
    (error,) = frozen.body["errors"]
    assert (error["field"], error["code"]) == ("prices", "price_frozen")
    assert error["limit"] == answer.body["ends_at"].replace("Z", "+00:00")


@pytest.mark.parametrize(
    ("fields", "status", "expected"),
    [
        ({"percent": 9}, 422, [("percent", "percent_too_small")]),
        ({"percent": 96}, 422, [("percent", "percent_too_large")]),
        ({"percent": 0}, 422, [("percent", "too_small")]),
        ({"percent": 2**60}, 422, [("percent", "too_large")]),
        ({"percent": 20.5}, 422, [("percent", "wrong_type")]),
        ({"kind": "daily"}, 422, [("kind", "not_offered")]),
        ({"ends_at": None}, 422, [("ends_at", "missing")]),
        ({"starts_at": soon(2), "ends_at": soon(1)}, 422, [("ends_at", "ends_before_start")]),
        ({"starts_at": soon(-1)}, 422, [("starts_at", "starts_in_past")]),
        ({"starts_at": datetime(2030, 1, 1)}, 422, [("starts_at", "invalid")]),  # noqa: DTZ001  that is the fault
        ({"ends_at": soon(20)}, 422, [("ends_at", "discount_too_long")]),
        ({"kind": "seasonal", "starts_at": None, "ends_at": None}, 422, [("sale_id", "missing")]),
        ({"sale_id": str(uuid4())}, 422, [("sale_id", "not_seasonal")]),
        ({"kind": "launch", "ends_at": soon(9)}, 409, [("kind", "launch_after_release")]),
    ],
)
async def test_a_wrong_wish_is_refused_by_name_and_leaves_nothing(
    catalog: Running, fields: dict[str, Any], status: int, expected: list[tuple[str, str]]
) -> None:
    at = await priced_studio(catalog)
    answer = await wish(catalog, at, **fields)
    assert (answer.status, codes(answer)) == (status, expected)
    assert (await at.request(catalog, "GET", "discounts")).body["items"] == []


async def test_a_second_one_is_told_until_when_it_must_wait(catalog: Running) -> None:
    at = await priced_studio(catalog)
    first = await wish(catalog, at)
    overlap = await wish(catalog, at)
    assert (overlap.status, overlap.body["code"]) == (409, "catalog.discount_refused")
    assert codes(overlap) == [("starts_at", "discounts_overlap")]
    after = await wish(catalog, at, starts_at=soon(10), ends_at=soon(12))
    assert codes(after) == [("starts_at", "rest_after_discount")]
    until = datetime.fromisoformat(after.body["errors"][0]["limit"])
    assert until == datetime.fromisoformat(first.body["ends_at"]) + 30 * DAY
    allowed = await wish(catalog, at, starts_at=until, ends_at=until + DAY)
    assert allowed.status == 201


async def test_a_preview_says_everything_and_changes_nothing(catalog: Running) -> None:
    at = await priced_studio(catalog)
    good = await wish(catalog, at, path="discounts/preview")
    assert (good.status, good.body["is_allowed"], good.body["objections"]) == (200, True, [])
    assert good.body["prices"]["RU"]["final"] == {"amount": 47_920, "currency": "RUB"}
    await reduce(catalog.database, at.package_id, 20, soon(2), soon(3))
    bad = await wish(catalog, at, path="discounts/preview", percent=99)
    assert bad.body["is_allowed"] is False
    found = {one["code"]: one for one in bad.body["objections"]}
    assert set(found) == {"percent_too_large", "discounts_overlap"}
    assert found["discounts_overlap"]["until"] is not None
    assert found["percent_too_large"]["detail"] == "Скидка не больше 95 %."
    assert len((await at.request(catalog, "GET", "discounts")).body["items"]) == 1


async def test_one_to_come_is_called_off_and_its_place_is_free_again(catalog: Running) -> None:
    at = await priced_studio(catalog)
    planned = await wish(catalog, at)
    path = f"discounts/{planned.body['id']}"
    assert (await at.request(catalog, "DELETE", path)).status == 204
    again = await at.request(catalog, "DELETE", path)
    assert (again.status, again.body["code"]) == (409, "catalog.discount_over")
    assert (await at.request(catalog, "DELETE", f"discounts/{uuid4()}")).status == 404
    (ended,) = [one for one in await catalog.events(DiscountEnded) if one.app_id == at.app_id]
    assert ended.has_held is False
    assert (await wish(catalog, at)).status == 201


async def test_an_active_one_is_ended_by_its_owner_or_staff_and_the_rest_holds(catalog: Running) -> None:
    at = await priced_studio(catalog)
    discount_id = await reduce(catalog.database, at.package_id, 20, soon(-1), soon(5))
    path = f"discounts/{discount_id}"
    editor = await at.request(catalog, "DELETE", path, grants=(RoleGrant("editor", at.organisation_id),))
    assert (editor.status, editor.body["code"]) == (403, "catalog.owner_ends_discount")
    assert (await at.request(catalog, "DELETE", path)).status == 204
    assert (await at.request(catalog, "GET", "discounts")).body["items"][0]["state"] == "ended"
    assert codes(await wish(catalog, at)) == [("starts_at", "rest_after_discount")]
    other = await priced_studio(catalog)
    other_id = await reduce(catalog.database, other.package_id, 20, soon(-1), soon(5))
    staff = await other.request(
        catalog, "DELETE", f"discounts/{other_id}", roles=("player", "moderator"), grants=()
    )
    assert staff.status == 204


async def test_nobody_reaches_into_another_organisation(catalog: Running) -> None:
    at, foreign = await priced_studio(catalog), await priced_studio(catalog)
    theirs = await wish(catalog, foreign)
    stranger = Studio(at.account_id, at.organisation_id, foreign.app_id, foreign.package_id)
    assert (await wish(catalog, stranger)).status == 404
    assert (await wish(catalog, at, package_id=str(foreign.package_id))).status == 404
    for method, path in (("GET", "discounts"), ("DELETE", f"discounts/{theirs.body['id']}")):
        assert (await stranger.request(catalog, method, path)).status == 404
    mine = await at.request(catalog, "DELETE", f"discounts/{theirs.body['id']}")
    assert mine.body["code"] == "catalog.discount_not_found"


async def test_a_launch_discount_waits_for_the_release(catalog: Running) -> None:
    at = await studio(catalog, stage="coming_soon")
    await cost(catalog.database, at.package_id, "RU", 59_900)
    early = await wish(catalog, at)
    assert codes(early) == [("kind", "not_released")]
    launch = await wish(catalog, at, kind="launch", ends_at=soon(9))
    assert (launch.status, launch.body["state"]) == (201, "waiting")
    twice = await wish(catalog, at, kind="launch", ends_at=soon(9))
    assert ("kind", "launch_twice") in codes(twice)
    async with catalog.database.transaction() as tx:
        await tx.execute("UPDATE apps SET stage = 'released', updated_at = now() WHERE id = $1", at.app_id)
    assert (await at.request(catalog, "GET", "discounts")).body["items"][0]["state"] == "active"


async def test_editions_have_discounts_of_their_own(catalog: Running) -> None:
    at = await priced_studio(catalog)
    deluxe = await package(catalog.database, at.app_id, place=1, organisation_id=at.organisation_id)
    await cost(catalog.database, deluxe, "RU", 99_900)
    first, second = await wish(catalog, at), await wish(catalog, at, package_id=str(deluxe))
    assert (first.status, second.status) == (201, 201)
    page = await at.request(catalog, "GET", "discounts?limit=1")
    rest = await at.request(catalog, "GET", f"discounts?limit=1&cursor={page.body['next_cursor']}")
    ids = {one["id"] for part in (page, rest) for one in part.body["items"]}
    assert ids == {first.body["id"], second.body["id"]}


async def test_a_new_game_in_a_package_of_an_old_one_rests_first(catalog: Running) -> None:
    at = await priced_studio(catalog)
    new_one = await game(catalog.database, out_at=soon(-1), organisation_id=at.organisation_id)
    put_in = "INSERT INTO package_apps (package_id, app_id, place) VALUES ($1, $2, 1) RETURNING place"
    await catalog.database.fetch_value(put_in, at.package_id, new_one)
    refused = await wish(catalog, at)
    assert (refused.status, codes(refused)) == (409, [("starts_at", "rest_after_release")])
    make_dlc = "UPDATE apps SET kind = 'dlc', base_app_id = $2 WHERE id = $1 RETURNING slug"
    await catalog.database.fetch_value(make_dlc, new_one, at.app_id)
    # What belongs to the game comes with it.
    assert (await wish(catalog, at)).status == 201


async def test_it_is_on_record_who_called_a_discount_off(catalog: Running) -> None:
    at = await priced_studio(catalog)
    planned = await wish(catalog, at)
    assert (await at.request(catalog, "DELETE", f"discounts/{planned.body['id']}")).status == 204
    who = await catalog.database.fetch_value(
        "SELECT account_id FROM discount_ends WHERE discount_id = $1::text::uuid", planned.body["id"]
    )
    assert who == at.account_id


async def test_a_price_in_a_drawer_is_not_struck_out_later(catalog: Running) -> None:
    at = await studio(catalog)
    made = await at.request(
        catalog,
        "POST",
        "packages",
        json={
            "slug": f"drawer-{uuid4().hex[:8]}", "names": {"ru": "Из ящика"}, "app_ids": [str(at.app_id)], "place": 1,
        },
    )  # fmt: skip
    package_id = made.body["id"]
    past = datetime.now(UTC) - 60 * DAY
    async with catalog.database.transaction() as tx:
        await tx.execute("UPDATE packages SET created_at = $2 WHERE id = $1::text::uuid", package_id, past)
        await tx.execute(
            "UPDATE package_versions SET changed_at = $2 WHERE package_id = $1::text::uuid", package_id, past
        )
    await cost(catalog.database, UUID(package_id), "RU", 99_900, since=past)
    hidden = await wish(catalog, at, package_id=package_id)
    assert (hidden.status, codes(hidden)) == (409, [("package_id", "not_on_sale")])
    shown = await catalog.request(
        "PATCH",
        f"/v1/dev/packages/{package_id}",
        account_id=at.account_id,
        roles=("player", "developer"),
        grants=(RoleGrant("owner", at.organisation_id),),
        json={"state": "on_sale"},
    )
    assert shown.status == 200
    fresh = await wish(catalog, at, package_id=package_id)
    assert (fresh.status, codes(fresh)) == (409, [("starts_at", "price_not_charged")])
    later = await wish(catalog, at, package_id=package_id, starts_at=soon(31), ends_at=soon(35))
    assert later.status == 201


async def test_no_discount_is_planned_for_the_release_of_another_game_in_the_package(
    catalog: Running,
) -> None:
    at = await priced_studio(catalog)
    sequel = await game(catalog.database, stage="coming_soon", organisation_id=at.organisation_id)
    async with catalog.database.transaction() as tx:
        await tx.execute(
            "INSERT INTO package_apps (package_id, app_id, place) VALUES ($1, $2, 1)", at.package_id, sequel
        )
    answer = await wish(catalog, at)
    assert (answer.status, codes(answer)) == (409, [("kind", "not_released")])
