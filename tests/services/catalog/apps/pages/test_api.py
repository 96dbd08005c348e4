"""The page of an app, as a stranger, a child and an adult see it, here and abroad."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from samovar.kit.database import Database
from samovar.services.account.contract.events import AgeLevelChanged
from samovar.services.catalog.contract.reviews_events import ReviewScoreChanged
from samovar.testing.hosting import WAIT_S, Running
from tests.services.catalog.pages import name_creators, name_terms, page, publish, put
from tests.services.catalog.prices.conftest import cost, package, reduce

NOW = datetime.now(UTC)
ENGLISH = {"Accept-Language": "en"}


async def _of_age(catalog: Running, level: int) -> UUID:
    account_id = uuid4()
    await catalog.announce(AgeLevelChanged(account_id=account_id, level=level, source="self", changed_at=NOW))
    await catalog.until("SELECT EXISTS (SELECT FROM viewers WHERE account_id = $1)", account_id)
    return account_id


async def _log_release(
    database: Database, app_id: UUID, release: str, day: int, text: dict[str, str]
) -> None:
    async with database.transaction() as tx:
        await tx.execute(
            "INSERT INTO changelog_entries (id, app_id, release, texts, published_at) VALUES ($1, $2, $3, $4, $5)",
            uuid4(),
            app_id,
            release,
            text,
            datetime(2026, 3, day, tzinfo=UTC),
        )


async def _publish_tea_farm(database: Database) -> UUID:
    """Publish a page that says all that a page can."""
    await name_terms(database, "tag", "farm")
    await name_terms(database, "genre", "strategy")
    await name_terms(database, "feature", "single-player")
    await name_terms(database, "series", "tea-saga")
    await name_creators(database, "teahouse", "samovar-press")
    return await publish(
        database,
        "tea-farm",
        texts={
            "ru": {"title": "Чайная ферма", "short_description": "О чае", "description": "Долго"},
            "en": {"short_description": "About tea", "description": "At length"},
        },
        developers=["teahouse"],
        publishers=["samovar-press"],
        release={"stage": "early_access", "early_access_on": "2026-02-01", "promise": {"ru": "весной"}},
        platforms=["linux"],
        languages=[{"code": "ru", "voice": True}],
        requirements=[{"platform": "linux", "memory_mib": 4096}],
        age={"rating": 12, "descriptors": ["fear"]},
        genres=["strategy"],
        features=["single-player"],
        tags=["farm"],
        series="tea-saga",
        website="https://tea.example",
        licence="MIT",
    )


async def test_a_page_is_in_the_language_of_its_reader(catalog: Running) -> None:
    app_id = await _publish_tea_farm(catalog.database)
    russian = await catalog.request("GET", "/v1/games/tea-farm")
    english = await catalog.request("GET", f"/v1/games/{app_id}", headers=ENGLISH)
    assert (russian.status, english.status) == (200, 200)
    wanted = ("title", "original_title", "language", "description")
    assert [russian.body[field] for field in wanted] == ["Чайная ферма", "Tea Farm", "ru", "Долго"]
    assert [english.body[field] for field in wanted] == ["Tea Farm", "Tea Farm", "en", "At length"]
    assert russian.body["genres"] == [{"slug": "strategy", "name": "STRATEGY"}]
    assert english.body["genres"] == [{"slug": "strategy", "name": "strategy"}]

    seen = russian.body
    assert [seen[field][0]["slug"] for field in ("tags", "features", "developers", "publishers")] == [
        "farm",
        "single-player",
        "teahouse",
        "samovar-press",
    ]
    assert (seen["series"]["name"], seen["developers"][0]["name"]) == ("TEA-SAGA", "TEAHOUSE")
    assert seen["languages"] == [{"code": "ru", "interface": True, "voice": True, "subtitles": False}]
    assert (seen["requirements"][0]["level"], seen["requirements"][0]["memory_mib"]) == ("minimum", 4096)
    assert (seen["age"], seen["release"]["promise"]) == ({"rating": 12, "descriptors": ["fear"]}, "весной")
    assert (seen["website"], seen["licence"], seen["review_count"]) == ("https://tea.example", "MIT", 0)


async def test_a_page_shows_what_is_sold_and_what_belongs_to_it(catalog: Running) -> None:
    database = catalog.database
    app_id = await publish(database, "whole-game")
    songs = await publish(database, "whole-game-songs", kind="soundtrack", base="whole-game")
    await cost(database, await package(database, songs), "RU", 9_900)
    await publish(database, "whole-game-demo", kind="demo", base="whole-game")
    await _log_release(database, app_id, "1.0", 1, {"ru": "Первый"})
    await _log_release(database, app_id, "1.1", 2, {"ru": "Второй", "en": "Second"})
    standard = await package(database, app_id)
    await cost(database, standard, "RU", 59_900)
    seen = (await catalog.request("GET", "/v1/games/whole-game")).body
    english = (await catalog.request("GET", "/v1/games/whole-game", headers=ENGLISH)).body
    assert ([one["slug"] for one in seen["dlc"]], seen["demo"]["slug"]) == (
        ["whole-game-songs"],
        "whole-game-demo",
    )
    assert seen["dlc"][0]["price"]["final"] == {"amount": 9_900, "currency": "RUB"}
    assert (seen["changelog"]["release"], english["changelog"]["text"]) == ("1.1", "Second")
    price = {"amount": 59_900, "currency": "RUB"}
    assert (seen["price"]["final"], seen["package_id"], seen["editions"]) == (
        price,
        str(standard),
        [str(standard)],
    )
    assert seen["packages"][0]["contents"][0]["slug"] == "whole-game"
    listed = (await catalog.request("GET", "/v1/games/whole-game-songs")).body
    assert (listed["base"]["slug"], listed["base"]["price"]["final"]) == ("whole-game", price)
    assert seen["demo"]["price"] is None


async def test_who_is_too_young_is_refused_and_told_the_mark(catalog: Running) -> None:
    await publish(catalog.database, "grown-up", age={"rating": 18})
    child, adult = await _of_age(catalog, 12), await _of_age(catalog, 18)
    answers = [
        await catalog.request("GET", f"/v1/games/grown-up{path}", account_id=account_id)
        for path in ("", "/dlc", "/changelog")
        for account_id in (None, child, uuid4())
    ]
    assert {(one.status, one.body["code"]) for one in answers} == {(403, "catalog.age_restricted")}
    assert "18+" in answers[0].body["detail"]
    assert (await catalog.request("GET", "/v1/games/grown-up", account_id=adult)).status == 200


async def test_what_is_not_shown_in_a_country_is_not_there(catalog: Running) -> None:
    await publish(catalog.database, "not-here", visible={"except_in": ["RU"]})
    await publish(catalog.database, "base-game")
    await publish(
        catalog.database, "dlc-elsewhere", kind="dlc", base="base-game", visible={"only_in": ["KZ"]}
    )
    for path in ("", "/dlc", "/changelog"):
        assert (await catalog.request("GET", f"/v1/games/not-here{path}")).status == 404
        assert (await catalog.request("GET", f"/v1/games/not-here{path}?country=KZ")).status == 200
    shown = {
        country: (await catalog.request("GET", f"/v1/games/base-game?country={country}")).body["dlc"]
        for country in ("RU", "KZ")
    }
    listed = {
        country: (await catalog.request("GET", f"/v1/games/base-game/dlc?country={country}")).body["items"]
        for country in ("RU", "KZ")
    }
    for found in (shown, listed):
        assert {country: [one["slug"] for one in some] for country, some in found.items()} == {
            "RU": [],
            "KZ": ["dlc-elsewhere"],
        }


@pytest.mark.parametrize("state", ["draft", "withdrawn"])
async def test_what_is_not_in_the_store_is_for_those_alone_who_own_it(catalog: Running, state: str) -> None:
    app_id = (await put(catalog.database, page(f"tea-{state}"), state=state)).app_id
    owner = await _of_age(catalog, 18)
    async with catalog.database.transaction() as tx:
        await tx.execute("INSERT INTO owned_apps VALUES ($1, $2, now())", owner, app_id)
    assert (await catalog.request("GET", f"/v1/games/tea-{state}")).status == 404
    mine = await catalog.request("GET", f"/v1/games/tea-{state}", account_id=owner)
    assert mine.status == (200 if state == "withdrawn" else 404)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/games/nothing-here", 404),
        (f"/v1/games/{UUID(int=7)}", 404),
        ("/v1/games/%D1%87%D0%B0%D0%B9", 404),
        ("/v1/games/%00", 422),
        (f"/v1/games/{'a' * 97}", 422),
        ("/v1/games/nothing-here?country=XX", 422),
        ("/v1/games/nothing-here?country=ru", 422),
        ("/v1/games/nothing-here/dlc?limit=0", 422),
    ],
)
async def test_nonsense_is_refused(catalog: Running, path: str, status: int) -> None:
    assert (await catalog.request("GET", path)).status == status


async def test_a_broken_cursor_is_refused(catalog: Running) -> None:
    await publish(catalog.database, "with-lists")
    for path in ("dlc", "changelog"):
        answer = await catalog.request("GET", f"/v1/games/with-lists/{path}?cursor=abc")
        assert (answer.status, answer.body["errors"][0]["field"]) == (422, "cursor")


async def test_a_change_is_seen_at_once(catalog: Running) -> None:
    app_id = await publish(catalog.database, "changing")
    before = await catalog.request("GET", "/v1/games/changing")
    await put(catalog.database, page("changing", title="Другое имя"), app_id=app_id)
    after = await catalog.request("GET", "/v1/games/changing")
    assert (before.body["title"], after.body["title"]) == ("Changing", "Другое имя")
    assert before.headers["etag"] != after.headers["etag"]
    unchanged = await catalog.request(
        "GET", "/v1/games/changing", headers={"If-None-Match": after.headers["etag"]}
    )
    assert (unchanged.status, unchanged.body) == (304, b"")


async def test_what_players_think_is_soon_on_the_page(catalog: Running) -> None:
    app_id = await publish(catalog.database, "judged")
    assert (await catalog.request("GET", "/v1/games/judged")).body["review_count"] == 0
    told = ReviewScoreChanged(
        app_id=app_id,
        reviews=12,
        positive=12,
        negative=0,
        positive_30d=12,
        negative_30d=0,
        percent=100,
        label="positive",
        version=1,
        changed_at=NOW,
    )
    async with catalog.database.transaction() as tx:
        await tx.execute("INSERT INTO review_scores (app_id, positive) VALUES ($1, 12)", app_id)
        await tx.publish(told)
    async with asyncio.timeout(WAIT_S):
        while (await catalog.request("GET", "/v1/games/judged")).body["review_count"] != 12:  # noqa: ASYNC110  an event travels
            await asyncio.sleep(0.05)


async def test_what_a_page_shows_of_others_follows_their_changes(catalog: Running) -> None:
    await publish(catalog.database, "mother")
    child = await publish(catalog.database, "daughter", kind="dlc", base="mother")
    assert [one["title"] for one in (await catalog.request("GET", "/v1/games/mother")).body["dlc"]] == [
        "Daughter"
    ]
    await put(catalog.database, page("daughter", kind="dlc", base="mother"), app_id=child, state="withdrawn")
    async with asyncio.timeout(WAIT_S):  # Until the event has come.
        while (await catalog.request("GET", "/v1/games/mother")).body["dlc"]:
            pass


async def test_a_price_holds_for_as_long_as_the_answer_says(catalog: Running) -> None:
    # Before the release: in the rest after one no discount begins.
    day = datetime.now(UTC).replace(microsecond=0)
    app_id = await publish(catalog.database, "on-sale")
    package_id = await package(catalog.database, app_id)
    await cost(catalog.database, package_id, "RU", 100_000)
    plain = await catalog.request("GET", "/v1/games/on-sale")
    assert "max-age" not in plain.headers["cache-control"]
    await reduce(catalog.database, package_id, 30, day, day.replace(year=day.year + 1))
    reduced = await catalog.request("GET", "/v1/games/on-sale")
    assert (reduced.body["price"]["final"]["amount"], reduced.body["price"]["discount_percent"]) == (
        70_000,
        30,
    )
    max_age = int(reduced.headers["cache-control"].removeprefix("public, max-age="))
    assert 0 < max_age < 366 * 86_400
    mine = await catalog.request("GET", "/v1/games/on-sale", account_id=await _of_age(catalog, 18))
    assert mine.headers["cache-control"] == "private, no-cache"
    await publish(catalog.database, "on-sale-part", kind="dlc", base="on-sale")
    listed = await catalog.request("GET", "/v1/games/on-sale/dlc")
    again = await catalog.request(
        "GET", "/v1/games/on-sale/dlc", headers={"If-None-Match": listed.headers["etag"]}
    )
    assert (len(listed.body["items"]), again.status) == (1, 304)
    abroad = await catalog.request("GET", "/v1/games/on-sale?country=FR")
    assert (abroad.body["price"], abroad.body["packages"][0]["price"]) == (None, None)


async def test_a_package_with_something_above_ones_age_is_not_offered(catalog: Running) -> None:
    innocent = await publish(catalog.database, "innocent")
    bold = await publish(catalog.database, "bold", age={"rating": 18})
    await package(catalog.database, innocent)
    both = await package(catalog.database, innocent, place=1)
    async with catalog.database.transaction() as tx:
        await tx.execute("INSERT INTO package_apps VALUES ($1, $2, 1)", both, bold)
    adult = await _of_age(catalog, 18)
    counts = [
        len((await catalog.request("GET", "/v1/games/innocent", account_id=who)).body["packages"])
        for who in (None, adult)
    ]
    assert counts == [1, 2]


async def test_long_lists_are_read_page_by_page(catalog: Running) -> None:
    app_id = await publish(catalog.database, "big-game")
    for number in range(5):
        released = (
            {"stage": "released", "on": f"2026-01-0{number + 1}"} if number else {"stage": "coming_soon"}
        )
        await publish(catalog.database, f"part-{number}", kind="dlc", base="big-game", release=released)
        await _log_release(catalog.database, app_id, f"1.{number}", number + 1, {"ru": "Да"})

    async def read(path: str, field: str) -> list[str]:
        found: list[str] = []
        cursor = ""
        while True:
            answer = await catalog.request("GET", f"/v1/games/big-game/{path}?limit=2{cursor}")
            found += [one[field] for one in answer.body["items"]]
            if not answer.body["next_cursor"]:
                return found
            cursor = f"&cursor={answer.body['next_cursor']}"

    assert await read("dlc", "slug") == ["part-0", "part-4", "part-3", "part-2", "part-1"]
    assert await read("changelog", "release") == ["1.4", "1.3", "1.2", "1.1", "1.0"]
