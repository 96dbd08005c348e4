"""What is found, in what order, and how pages follow one another."""

from typing import Any

import pytest

from samovar.kit.errors import InvalidInput
from samovar.services.catalog.search.schemas import SearchQuery
from tests.services.catalog.packages.shelf import put_package
from tests.services.catalog.pages import name_creators, name_terms, page, publish, put
from tests.services.catalog.prices.conftest import cost
from tests.services.catalog.search.conftest import Store

TITLES = (
    "The Witcher 3: Wild Hunt",
    "Grand Theft Auto V",
    "Counter-Strike 2",
    "S.T.A.L.K.E.R. 2: Heart of Chornobyl",
    "Fallout: New Vegas",
    "Ёлки и палки",
)


async def fill(store: Store, **fields: Any) -> None:
    for number, title in enumerate(TITLES):
        await publish(store.database, f"game-{number}", title=title, **fields)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("witcher", TITLES[0]),
        ("ведьмак 3", TITLES[0]),
        ("wicher", TITLES[0]),
        ("цшесрук", TITLES[0]),
        ("wildhunt", TITLES[0]),
        ("гта 5", TITLES[1]),
        ("gta v", TITLES[1]),
        ("кс", TITLES[2]),
        ("counterstrike", TITLES[2]),
        ("counter strike", TITLES[2]),
        ("stalker 2", TITLES[3]),
        ("сталкер", TITLES[3]),
        ("фоллаут", TITLES[4]),
        ("фолаут нью вегас", TITLES[4]),
        ("елки", TITLES[5]),
        ("`krb", TITLES[5]),
        ("елкипалки", TITLES[5]),
        ("yolki", TITLES[5]),
    ],
)
async def test_a_title_is_found_however_it_is_written(store: Store, text: str, title: str) -> None:
    await fill(store)
    assert (await store.titles(text))[:1] == [title]


async def test_what_was_meant_is_said(store: Store) -> None:
    await fill(store)
    assert (await store.find("цшесрук")).corrected_to == "witcher"
    assert (await store.find("wicher")).corrected_to == "witcher"
    assert (await store.find("witcher")).corrected_to is None


async def test_what_somebody_may_not_see_is_neither_found_nor_counted_nor_suggested(store: Store) -> None:
    await publish(store.database, "grown-up", title="Forbidden Fruit", age={"rating": 18})
    await publish(store.database, "not-here", title="Forbidden Land", visible={"except_in": ["RU"]})
    await publish(store.database, "shown", title="Forbidden City")
    found = await store.find("forbidden", age_level=16, facets=("age",))
    assert found.total == 1
    assert [(count.value, count.count) for count in found.facets["age"]] == [("12", 1)]
    suggested = await store.engine.suggest("forb", country="RU", age_level=16)
    assert [item.name for item in suggested.items] == ["Forbidden City"]
    assert (await store.find("forbidden", age_level=18, country="KZ")).total == 3


async def test_a_change_is_found_and_what_was_withdrawn_is_not(store: Store) -> None:
    app_id = await publish(store.database, "one", title="First Name")
    assert await store.titles("first") == ["First Name"]
    await put(store.database, page("one", title="Second Name"), app_id=app_id)
    assert await store.titles("first") == []
    assert await store.titles("second") == ["Second Name"]
    await put(store.database, page("one", title="Second Name"), app_id=app_id, state="withdrawn")
    assert (await store.find("second")).total == 0


async def test_a_price_goes_with_what_the_package_holds(store: Store) -> None:
    app_id = await publish(store.database, "mild", title="Mild")
    extra = await publish(store.database, "extra", kind="dlc", base="mild")
    await cost(store.database, await put_package(store.database, app_id, extra), "RU", 100)
    assert await store.titles(price_max=100) == ["Mild"]
    grown_up = page("extra", kind="dlc", base="mild", age={"rating": 18})
    await put(store.database, grown_up, app_id=extra)
    assert await store.titles(price_max=100) == []
    assert await store.titles(price_max=100, age_level=18) == ["Mild"]
    await put(store.database, grown_up, app_id=extra, state="withdrawn")
    assert await store.titles(on_sale=True, age_level=18) == []


async def test_some_groups_are_alternatives_and_of_others_all_must_hold(store: Store) -> None:
    await name_terms(store.database, "tag", "rpg", "space", "horror")
    await name_creators(store.database, "larian")
    await publish(store.database, "a", title="A", tags=["rpg", "space"], platforms=["linux"])
    await publish(store.database, "b", title="B", tags=["rpg"], platforms=["windows"], developers=["larian"])
    await publish(store.database, "c", title="C", tags=["rpg", "horror"], platforms=["android"])
    assert await store.titles(tags=("rpg", "space")) == ["A"]
    assert sorted(await store.titles(stages=("released", "early_access"))) == ["A", "B", "C"]
    assert await store.titles(platforms=("linux", "android")) == []
    assert sorted(await store.titles(tags_excluded=("horror", "space", "unheard-of"))) == ["B"]
    assert await store.titles(creators=("larian",)) == ["B"]
    await publish(store.database, "d", title="D", kind="tool", tags=["space"])
    found = await store.find(kinds=("tool",), facets=("kind", "tag"))
    # A group of alternatives is counted without its own filter, so that one sees what another choice would give.
    assert {count.value: count.count for count in found.facets["kind"]} == {"game": 3, "tool": 1}
    assert {count.value: count.count for count in found.facets["tag"]} == {"space": 1}


@pytest.mark.parametrize(
    "sort", ["relevance", "popularity", "new", "price", "-price", "discount", "score", "title"]
)
@pytest.mark.parametrize("text", ["", "game"])
async def test_pages_follow_one_another_without_gap_or_repetition(store: Store, sort: str, text: str) -> None:
    for number in range(7):
        await publish(store.database, f"g-{number}", title=f"Game {number // 2}")
    whole = (await store.find(text, sort=sort, limit=100)).ids
    assert len(whole) == 7
    seen, cursor = [], None
    while True:
        found = await store.find(text, sort=sort, limit=2, cursor=cursor)
        seen += found.ids
        cursor = found.next_cursor
        if cursor is None:
            break
    assert seen == whole


async def test_a_cursor_of_another_query_is_refused(store: Store) -> None:
    await fill(store)
    first = await store.find(limit=2)
    for broken in (first.next_cursor, "no cursor", ""):
        with pytest.raises(InvalidInput) as refused:
            await store.engine.search(SearchQuery(cursor=broken, sort="title", limit=2))
        assert refused.value.fields[0].field == "cursor"


async def test_words_of_descriptions_are_found_in_the_other_layout_too(store: Store) -> None:
    texts = {"ru": {"short_description": "Красная планета"}}
    await publish(store.database, "one", title="Outpost", texts=texts)
    found = await store.find("rhfcyst")
    assert (found.total, found.corrected_to) == (1, "красные")
    assert (await store.find("qqqqqqq")).corrected_to is None


async def test_impossible_ranges_are_refused_by_name(store: Store) -> None:
    with pytest.raises(InvalidInput) as refused:
        await store.find(price_min=500, price_max=100, score_min=101, reviews_min=-1)
    assert [fault.field for fault in refused.value.fields] == ["review_min", "reviews_min", "price_max"]
