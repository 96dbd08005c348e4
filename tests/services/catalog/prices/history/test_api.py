"""The honest history over REST."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from samovar.testing.hosting import Answer, Running
from tests.services.catalog.prices.conftest import cost, game, package, reduce


def ago(days: float) -> datetime:
    return datetime.now(UTC) - timedelta(days=days)


async def history(catalog: Running, app_id: UUID | str, query: str = "") -> Answer:
    return await catalog.request("GET", f"/v1/games/{app_id}/price-history{query}")


def finals(answer: Answer) -> list[tuple[int, int]]:
    steps: list[dict[str, Any]] = answer.body["steps"]
    return [(step["base"]["amount"], step["final"]["amount"]) for step in steps]


async def test_it_tells_what_was_charged_and_the_lowest_of_thirty_days(catalog: Running) -> None:
    app_id = await game(catalog.database)
    package_id = await package(catalog.database, app_id)
    await cost(catalog.database, package_id, "RU", 90_000, since=ago(200), until=ago(100))
    await cost(catalog.database, package_id, "RU", 60_000, since=ago(100))
    await reduce(catalog.database, package_id, 50, ago(20), ago(15))
    await reduce(catalog.database, package_id, 10, ago(1), ago(-3))
    answer = await history(catalog, app_id)
    assert (answer.status, answer.body["region"], answer.body["package_id"]) == (200, "RU", str(package_id))
    assert finals(answer) == [
        (90_000, 90_000),
        (60_000, 60_000),
        (60_000, 30_000),
        (60_000, 60_000),
        (60_000, 54_000),
    ]
    assert answer.body["lowest_30d"] == {"amount": 30_000, "currency": "RUB"}
    assert answer.body["steps"][-1]["until"] is None
    left_s = int(answer.headers["cache-control"].rpartition("=")[2])
    assert 0 < left_s <= 60


async def test_a_page_is_called_by_its_slug_as_by_its_id(catalog: Running) -> None:
    app_id = await game(catalog.database)
    await cost(catalog.database, await package(catalog.database, app_id), "RU", 90_000)
    slug = await catalog.database.fetch_value("SELECT slug FROM apps WHERE id = $1", app_id)
    by_slug = await history(catalog, str(slug))
    assert (by_slug.status, by_slug.body) == (200, (await history(catalog, app_id)).body)
    assert (await history(catalog, "no-such-game")).status == 404


async def test_it_never_tells_the_future_and_goes_back_two_years(catalog: Running) -> None:
    app_id = await game(catalog.database, out_at=ago(2_000))
    package_id = await package(catalog.database, app_id)
    await cost(catalog.database, package_id, "RU", 10_000, since=ago(1_500), until=ago(1_000))
    await cost(catalog.database, package_id, "RU", 20_000, since=ago(1_000))
    await reduce(catalog.database, package_id, 50, ago(-2), ago(-5))
    answer = await history(catalog, app_id)
    assert finals(answer) == [(20_000, 20_000)]
    assert datetime.fromisoformat(answer.body["steps"][0]["since"]) > ago(731)


async def test_another_country_has_another_history(catalog: Running) -> None:
    app_id = await game(catalog.database)
    package_id = await package(catalog.database, app_id)
    await cost(catalog.database, package_id, "CIS", 999, currency="USD")
    assert (await history(catalog, app_id, "?country=KZ")).body["region"] == "CIS"
    russia = await history(catalog, app_id, "?country=RU")
    assert (russia.body["region"], russia.body["steps"], russia.body["lowest_30d"]) == (None, [], None)
    wrong = await history(catalog, app_id, "?country=XX")
    assert (wrong.status, wrong.body["errors"][0]["code"]) == (422, "country_unknown")


async def test_what_was_asked_before_the_release_was_not_charged(catalog: Running) -> None:
    app_id = await game(catalog.database, out_at=ago(5))
    package_id = await package(catalog.database, app_id)
    await cost(catalog.database, package_id, "RU", 10_000, since=ago(90), until=ago(8))
    await cost(catalog.database, package_id, "RU", 20_000, since=ago(8))
    answer = await history(catalog, app_id)
    assert finals(answer) == [(20_000, 20_000)]
    assert answer.body["lowest_30d"]["amount"] == 20_000


async def test_what_has_not_come_out_has_asked_nothing_of_anybody(catalog: Running) -> None:
    app_id = await game(catalog.database, stage="coming_soon", out_at=ago(-30))
    await cost(catalog.database, await package(catalog.database, app_id), "RU", 10_000, since=ago(90))
    answer = await history(catalog, app_id)
    assert (finals(answer), answer.body["lowest_30d"]) == ([], None)


async def test_a_package_with_something_above_the_age_tells_no_history(catalog: Running) -> None:
    app_id, grown_up = await game(catalog.database), await game(catalog.database)
    package_id = await package(catalog.database, app_id)
    async with catalog.database.transaction() as tx:
        await tx.execute("UPDATE apps SET age_rating = 18 WHERE id = $1", grown_up)
        await tx.execute(
            "INSERT INTO package_apps (package_id, app_id, place) VALUES ($1, $2, 9)", package_id, grown_up
        )
    answer = await history(catalog, app_id)
    assert (answer.status, answer.body["code"]) == (403, "catalog.age_restricted")


async def test_what_is_not_shown_has_no_history(catalog: Running) -> None:
    app_id = await game(catalog.database)
    assert (await history(catalog, app_id)).status == 404
    assert (await history(catalog, uuid4())).status == 404
    await package(catalog.database, app_id)
    foreign = await package(catalog.database, await game(catalog.database))
    assert (await history(catalog, app_id, f"?package_id={foreign}")).status == 404
    async with catalog.database.transaction() as tx:
        await tx.execute("UPDATE apps SET age_rating = 18 WHERE id = $1", app_id)
    answer = await history(catalog, app_id)
    assert (answer.status, answer.body["code"]) == (403, "catalog.age_restricted")
    hidden = {"visible": {"except_in": ["RU"]}}
    async with catalog.database.transaction() as tx:
        await tx.execute("UPDATE apps SET document = $2 WHERE id = $1", app_id, hidden)
    assert (await history(catalog, app_id)).status == 404
