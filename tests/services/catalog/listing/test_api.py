"""Lists of games over REST: what is found, filtered, sorted and counted, and by whom it may be seen."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from samovar.services.account.contract.events import AgeLevelChanged
from samovar.testing.hosting import WAIT_S, Answer, Running
from tests.services.catalog.packages.shelf import put_package
from tests.services.catalog.pages import name_terms, publish
from tests.services.catalog.prices.conftest import cost, reduce

NOW = datetime.now(UTC)
TAGS = ("roguelike", "farm-life", "space")


@pytest.fixture(scope="module")
async def shop(catalog: Running) -> dict[str, UUID]:
    """Publish a few games that every test of this module may look at, and wait until the index holds them."""
    await name_terms(catalog.database, "tag", *TAGS)
    await name_terms(catalog.database, "genre", "strategy", "rpg")
    database = catalog.database
    ids = {
        "ember-keep": await publish(
            database,
            "ember-keep",
            title="Ember Keep",
            texts={"ru": {"title": "Крепость углей", "short_description": "Оборона"}},
            aliases=["эмбер кип"],
            tags=["roguelike"],
            genres=["strategy", "rpg"],
            platforms=["windows", "linux"],
        ),
        "quiet-farm": await publish(
            database, "quiet-farm", tags=["farm-life"], genres=["strategy"], platforms=["linux"]
        ),
        "night-clinic": await publish(database, "night-clinic", tags=["space"], age={"rating": 18}),
        "home-waters": await publish(database, "home-waters", tags=["space"], visible={"only_in": ["RU"]}),
        "songs": await publish(database, "ember-keep-songs", kind="soundtrack", base="ember-keep"),
    }
    for slug, amount in (("ember-keep", 100_000), ("quiet-farm", 0), ("home-waters", 50_000)):
        await cost(database, await put_package(database, ids[slug]), "RU", amount)
    await until_listed(catalog, "?price_max=0", {"quiet-farm"})
    return ids


async def ask(catalog: Running, query: str = "", **more: Any) -> Answer:
    return await catalog.request("GET", f"/v1/games{query}", **more)


def slugs(answer: Answer) -> list[str]:
    assert answer.status == 200, answer.body
    return [item["slug"] for item in answer.body["items"]]


async def until_listed(catalog: Running, query: str, wanted: set[str], **more: Any) -> Answer:
    async with asyncio.timeout(WAIT_S):
        while set(slugs(answer := await ask(catalog, query, **more))) != wanted:  # noqa: ASYNC110  the index follows
            await asyncio.sleep(0.05)
    return answer


async def test_a_list_shows_games_with_their_prices(catalog: Running, shop: dict[str, UUID]) -> None:
    answer = await ask(catalog, "?genre=strategy&sort=title")
    assert slugs(answer) == ["ember-keep", "quiet-farm"]
    keep, free = answer.body["items"]
    assert (free["price"]["final"], keep["title"]) == ({"amount": 0, "currency": "RUB"}, "Крепость углей")
    assert (keep["id"], keep["price"]["base"]["amount"]) == (str(shop["ember-keep"]), 100_000)
    assert (answer.body["total"], answer.body["total_is_exact"], answer.body["degraded"]) == (2, True, False)
    assert "facets" not in answer.body


@pytest.mark.parametrize(
    "query",
    [
        "крепость углей",
        "крепсоть углей",
        "rhtgjcnm eukt",
        "ember keep",
        "эмбер кип",
        "emberkeep",
        "уьиук луу",
    ],
)
@pytest.mark.usefixtures("shop")
async def test_words_are_understood_in_whatever_spelling(catalog: Running, query: str) -> None:
    assert slugs(await catalog.request("GET", "/v1/games", params={"query": query}))[0].startswith(
        "ember-keep"
    )


@pytest.mark.usefixtures("shop")
async def test_repeated_words_must_all_hold_and_others_must_not(catalog: Running) -> None:
    assert slugs(await ask(catalog, "?genre=strategy&genre=rpg")) == ["ember-keep"]
    assert slugs(await ask(catalog, "?platform=linux&platform=windows")) == ["ember-keep"]
    assert slugs(await ask(catalog, "?genre=strategy&tag_not=roguelike&tag_not=space")) == ["quiet-farm"]
    assert slugs(await ask(catalog, "?tag=roguelike&tag=space")) == []


@pytest.mark.usefixtures("shop")
async def test_facets_are_counted_and_named(catalog: Running) -> None:
    facets = (await ask(catalog, "?facets=1&genre=strategy")).body["facets"]
    assert {"value": "linux", "name": "Linux", "count": 2} in facets["platform"]
    assert {"value": "roguelike", "name": "ROGUELIKE", "count": 1} in facets["tag"]
    assert {"value": "free", "name": "Бесплатно", "count": 1} in facets["offer"]
    english = (await ask(catalog, "?facets=true", headers={"Accept-Language": "en"})).body["facets"]
    assert {"value": "game", "name": "Game"} in [
        {key: one[key] for key in ("value", "name")} for one in english["kind"]
    ]


async def test_nothing_above_the_age_or_hidden_in_the_country_is_listed(
    catalog: Running, shop: dict[str, UUID]
) -> None:
    assert set(slugs(await ask(catalog, "?tag=space"))) == {"home-waters"}
    assert slugs(await ask(catalog, "?tag=space&country=KZ")) == []
    adult = uuid4()
    await catalog.announce(AgeLevelChanged(account_id=adult, level=18, source="self", changed_at=NOW))
    await catalog.until("SELECT true FROM viewers WHERE account_id = $1", adult)
    assert "night-clinic" in slugs(await ask(catalog, "?tag=space", account_id=adult))
    assert "night-clinic" not in slugs(await ask(catalog, "?tag=space&age_max=12", account_id=adult))
    assert shop


async def test_the_signed_in_see_what_they_own_and_not_what_they_ignore(
    catalog: Running, shop: dict[str, UUID]
) -> None:
    anna = uuid4()
    async with catalog.database.transaction() as tx:
        await tx.execute("INSERT INTO owned_apps VALUES ($1, $2, now())", anna, shop["ember-keep"])
        await tx.execute("INSERT INTO ignored_apps VALUES ($1, $2, now())", anna, shop["quiet-farm"])
    query = "?genre=strategy"
    seen = await ask(catalog, query, account_id=anna)
    assert [(item["slug"], item["is_owned"]) for item in seen.body["items"]] == [("ember-keep", True)]
    assert slugs(await ask(catalog, f"{query}&owned=hide&ignored=show", account_id=anna)) == ["quiet-farm"]
    assert slugs(await ask(catalog, "?owned=only", account_id=anna)) == ["ember-keep"]
    assert seen.headers["cache-control"] == "private, no-cache"


async def test_a_discount_is_listed_from_its_first_second_and_holds_to_its_last(catalog: Running) -> None:
    app_id = await publish(catalog.database, "soon-cheaper")
    package_id = await put_package(catalog.database, app_id)
    await cost(catalog.database, package_id, "RU", 20_000)
    ends = datetime.now(UTC) + timedelta(seconds=600)
    await reduce(catalog.database, package_id, 50, datetime.now(UTC) - timedelta(days=1), ends)
    listed = await until_listed(catalog, "?query=soon+cheaper", {"soon-cheaper"})
    assert listed.body["items"][0]["price"]["final"]["amount"] == 10_000
    assert 0 < int(listed.headers["cache-control"].removeprefix("max-age=")) <= 600


@pytest.mark.usefixtures("shop")
async def test_pages_follow_each_other_without_gap_or_repeat(catalog: Running) -> None:
    whole = slugs(await ask(catalog, "?sort=title&kind=game&kind=soundtrack"))
    found: list[str] = []
    cursor = ""
    while True:
        answer = await ask(catalog, f"?sort=title&kind=game&kind=soundtrack&limit=1{cursor}")
        found += slugs(answer)
        if answer.body["next_cursor"] is None:
            break
        cursor = f"&cursor={answer.body['next_cursor']}"
    assert found == whole
    other = await ask(catalog, f"?sort=new&limit=1{cursor}")
    assert (other.status, other.body["errors"][0]["field"]) == (422, "cursor")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("price_max=-1", "price_max"),
        ("price_max=99999999999999999999", "price_max"),
        ("price_min=5&price_max=4", "price_max"),
        ("review_min=101", "review_min"),
        ("country=ZZ", "country"),
        ("country=Россия", "country"),
        ("sort=random", "sort"),
        ("cursor=abc", "cursor"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("tag=Не+метка", "tag[0]"),
        ("platform=amiga", "platform[0]"),
        ("released_after=yesterday", "released_after"),
        ("age_max=17", "age_max"),
        ("query=" + "ы" * 201, "query"),
        ("query=%00", "query"),
    ],
)
async def test_nonsense_is_refused_by_the_name_of_its_field(catalog: Running, query: str, field: str) -> None:
    answer = await ask(catalog, f"?{query}")
    assert (answer.status, answer.body["errors"][0]["field"]) == (422, field)


@pytest.mark.parametrize(
    "query",
    [
        "'; DROP TABLE apps; --",
        'title:"x" AND (NOT [* TO *])',
        "😀🎮",
        "\\",
        "****",
        "ёмкий ëxplorer Ж\u200d",
        "%",
        "{}",
    ],
)
async def test_any_text_is_only_text(catalog: Running, query: str) -> None:
    answer = await catalog.request("GET", "/v1/games", params={"query": query})
    assert (answer.status, answer.body["degraded"]) == (200, False)


@pytest.mark.usefixtures("shop")
async def test_suggestions_come_while_typing(catalog: Running) -> None:
    answer = await catalog.request("GET", "/v1/search/suggest", params={"q": "креп"})
    assert (answer.status, answer.body["items"][0]["name"]) == (200, "Крепость углей")
    assert answer.body["items"][0]["item"]["price"]["final"]["amount"] == 100_000
    hidden = await catalog.request("GET", "/v1/search/suggest", params={"q": "night clin"})
    assert hidden.body["items"] == []
    nothing = await catalog.request("GET", "/v1/search/suggest", params={"q": ""})
    assert (nothing.status, nothing.body["items"]) == (200, [])
