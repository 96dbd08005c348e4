"""What PostgreSQL answers while there is no index."""

from uuid import UUID

import pytest

from samovar.services.catalog.search.schemas import SearchQuery
from tests.services.catalog.pages import name_creators, name_terms, publish
from tests.services.catalog.search.conftest import Store


async def ask(store: Store, text: str = "", **query: object) -> set[UUID]:
    found = await store.engine.search(SearchQuery(text=text, **query))  # type: ignore[arg-type]
    assert found.degraded
    assert found.total == len(found.ids)
    return set(found.ids)


async def test_words_stems_and_close_titles_are_found_and_said_to_be_degraded(store: Store) -> None:
    one = await publish(
        store.database,
        "one",
        title="Space Haven",
        texts={"ru": {"short_description": "Постройте колонию в космосе"}},
    )
    await publish(store.database, "two", title="Stardew Valley")
    assert await ask(store, "haven") == {one}
    assert await ask(store, "колонии космоса") == {one}
    assert await ask(store, "spase haven") == {one}
    assert await ask(store, "🎲") == set()
    suggested = await store.engine.suggest("spa", country="RU", age_level=18)
    assert suggested.degraded
    assert [item.id for item in suggested.items] == [one]


async def test_filters_hold_also_in_sql(store: Store) -> None:
    await name_terms(store.database, "tag", "rpg", "space")
    await name_terms(store.database, "genre", "strategy")
    await name_creators(store.database, "larian")
    a = await publish(store.database, "a", tags=["rpg", "space"], genres=["strategy"], platforms=["linux"])
    b = await publish(store.database, "b", tags=["rpg"], developers=["larian"], age={"rating": 18})
    c = await publish(store.database, "c", visible={"only_in": ["KZ"]}, release={"stage": "coming_soon"})
    assert await ask(store) == {a}
    assert await ask(store, age_level=18) == {a, b}
    assert await ask(store, country="KZ") == {a, c}
    assert await ask(store, age_level=18, tags=("rpg", "space")) == {a}
    assert await ask(store, age_level=18, tags_excluded=("space",)) == {b}
    assert await ask(store, age_level=18, genres=("strategy",)) == {a}
    assert await ask(store, age_level=18, genres_excluded=("strategy",)) == {b}
    assert await ask(store, age_level=18, creators=("larian",)) == {b}
    assert await ask(store, age_level=18, creators_excluded=("larian",)) == {a}
    assert await ask(store, age_level=18, platforms=("linux",)) == {a}
    assert await ask(store, age_level=18, platforms=("linux", "web")) == set()
    assert await ask(store, age_level=18, ages=(18,)) == {b}
    assert await ask(store, country="KZ", stages=("coming_soon",)) == {c}
    assert await ask(store, age_level=18, owned=frozenset({a}), only_owned=True) == {a}
    assert await ask(store, age_level=18, ignored=frozenset({a}), hide_ignored=True) == {b}


@pytest.mark.parametrize("sort", ["relevance", "popularity", "new", "price", "title"])
async def test_a_list_goes_on_when_the_index_comes_and_goes(store: Store, sort: str) -> None:
    for number in range(5):
        await publish(store.database, f"g-{number}", title=f"Game {number}")
    first = await store.engine.search(SearchQuery(sort=sort, limit=2))  # type: ignore[arg-type]
    assert first.degraded
    second = await store.find(sort=sort, limit=2, cursor=first.next_cursor)
    assert not second.degraded
    store.engine.use(None)
    third = await store.engine.search(SearchQuery(sort=sort, limit=2, cursor=second.next_cursor))  # type: ignore[arg-type]
    seen = [*first.ids, *second.ids, *third.ids]
    assert len(set(seen)) == len(seen)
