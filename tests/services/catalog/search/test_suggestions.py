"""What is suggested to somebody who types."""

import pytest

from tests.services.catalog.pages import name_creators, name_terms, publish
from tests.services.catalog.search.conftest import Store


async def suggested(
    store: Store, text: str, *, age_level: int = 16, limit: int = 10
) -> list[tuple[str, str]]:
    await store.follower.turn()
    found = await store.engine.suggest(text, country="RU", age_level=age_level, limit=limit)
    assert not found.degraded
    return [(item.kind, item.name) for item in found.items]


async def test_the_most_popular_titles_come_first_then_creators_and_tags(store: Store) -> None:
    await name_creators(store.database, "witchcraft")
    await name_terms(store.database, "tag", "witches", "wits")
    await publish(store.database, "a", title="Witch Hut", tags=["witches"], developers=["witchcraft"])
    await publish(store.database, "b", title="The Witcher")
    async with store.database.transaction() as tx:
        await tx.execute("UPDATE apps SET popularity = 1000 WHERE slug = 'b'")
    found = await suggested(store, "wit")
    # A tag of no app is no suggestion: it would lead to an empty list.
    assert found == [
        ("app", "The Witcher"),
        ("app", "Witch Hut"),
        ("creator", "WITCHCRAFT"),
        ("tag", "WITCHES"),
    ]
    assert len(await suggested(store, "wit", limit=1)) == 1


@pytest.mark.parametrize(
    "text", ["w", "wi", "witc", "witcher", "the wit", "цше", "wicther", "ведьм", "ведьмак", "виче"]
)
async def test_a_title_is_suggested_from_its_first_letters_in_any_spelling(store: Store, text: str) -> None:
    await publish(store.database, "a", title="The Witcher", aliases=["Ведьмак"])
    assert await suggested(store, text) == [("app", "The Witcher")]


async def test_one_letter_is_taken_as_it_is_written(store: Store) -> None:
    await publish(store.database, "a", title="Game 5")
    await publish(store.database, "b", title="Маяк")
    # In the other layout «м» is the letter v, and that is a Roman five.
    assert await suggested(store, "м") == [("app", "Маяк")]


@pytest.mark.parametrize(
    ("text", "corrected_to"),
    [("supe", None), ("ыгзу", "supe"), ("dtl", "вед"), ("вед", None), ("supertux", None)],
)
async def test_another_layout_is_told_only_when_it_was_meant(
    store: Store, text: str, corrected_to: str | None
) -> None:
    await publish(store.database, "a", title="SuperTux")
    await publish(store.database, "b", title="Ведьмак")
    await store.follower.turn()
    found = await store.engine.suggest(text, country="RU", age_level=16)
    assert (len(found.items), found.corrected_to) == (1, corrected_to)


async def test_a_creator_of_nothing_that_may_be_seen_is_not_suggested(store: Store) -> None:
    await name_creators(store.database, "forbidden-games")
    await publish(store.database, "a", title="Something", age={"rating": 18}, developers=["forbidden-games"])
    assert await suggested(store, "forb") == []
    assert await suggested(store, "forb", age_level=18) != []


@pytest.mark.parametrize("text", ["", " ", "🎲", "\x00", "%", "-"])
async def test_nothing_typed_suggests_nothing(store: Store, text: str) -> None:
    await publish(store.database, "a", title="The Witcher")
    assert await suggested(store, text) == []
