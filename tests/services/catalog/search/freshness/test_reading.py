"""What search holds of an app is what the other rooms say of it; prices count as of the moment of the question."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest

from samovar.kit.database import Database
from samovar.services.catalog.search.freshness.reading import Reader
from samovar.services.catalog.search.schemas import SearchDocument
from tests.services.catalog.pages import name_creators, name_terms, publish
from tests.services.catalog.prices.conftest import DAY, START, HeldClock, cost, game, package, reduce
from tests.services.catalog.search.conftest import Store


@pytest.fixture
async def held(own_database: Database, tmp_path: Path) -> AsyncIterator[tuple[Store, HeldClock]]:
    clock = HeldClock()
    store = Store(own_database, tmp_path, clock)
    yield store, clock
    await store.follower.close()


async def read(database: Database, app_id: UUID) -> SearchDocument:
    reader = Reader(database, HeldClock())
    await reader.learn()
    (document,) = await reader.read([app_id])
    return document


async def test_a_page_is_read_with_its_words_names_and_languages(own_database: Database) -> None:
    await name_terms(own_database, "tag", "rpg", "space")
    await name_terms(own_database, "genre", "strategy")
    await name_creators(own_database, "larian")
    app_id = await publish(
        own_database,
        "one",
        title="The Witcher",
        aliases=["Ведьмак"],
        texts={
            "ru": {"title": "Ведьмак: Начало", "short_description": "Коротко", "description": "Длинно"},
            "en": {"short_description": "Short"},
        },
        tags=["space", "rpg"],
        genres=["strategy"],
        developers=["larian"],
        publishers=["larian"],
        languages=[{"code": "ru", "voice": True}, {"code": "en", "interface": False, "subtitles": True}],
        visible={"except_in": ["CN"]},
    )
    document = await read(own_database, app_id)
    assert document.names == ["Ведьмак: Начало", "Ведьмак"]
    assert document.words == ["LARIAN", "strategy", "STRATEGY", "space", "SPACE", "rpg", "RPG"]
    assert document.texts == {"ru": "Коротко\nДлинно", "en": "Short\n"}
    assert (document.tags, document.creators) == (["space", "rpg"], ["larian"])
    assert (document.languages, document.voice, document.subtitles) == (["ru"], ["ru"], ["en"])
    assert not document.visible.holds_in("CN")
    assert document.sold is None
    assert (document.score_percent, document.rating, document.reviews) == (None, None, 0)


async def test_a_price_is_that_of_the_first_region_that_has_one(own_database: Database) -> None:
    app_id = await game(own_database)
    package_id = await package(own_database, app_id, sold={"except_in": ["KZ"]})
    await cost(own_database, package_id, "RU", 60_000)
    await cost(own_database, package_id, "WORLD", 999, currency="USD")
    document = await read(own_database, app_id)
    finals = {group: periods[0].final for group, periods in document.prices.items()}
    assert finals["RU"] == 60_000
    assert finals["KZ"] == finals["EU"] == finals["WORLD"] == 999
    assert document.sold is not None
    assert document.sold.holds_in("RU")
    assert not document.sold.holds_in("KZ")


async def test_a_discount_counts_to_its_last_second_and_no_longer(held: tuple[Store, HeldClock]) -> None:
    store, clock = held
    app_id = await game(store.database)
    package_id = await package(store.database, app_id)
    await cost(store.database, package_id, "RU", 60_000)
    await reduce(store.database, package_id, 50, START + DAY, START + 2 * DAY)
    await store.follower.turn()

    async def found(**query: object) -> bool:
        # Nothing is read again: only the clock is turned.
        return bool((await store.find(**query)).ids)  # type: ignore[arg-type]

    cheap: dict[str, object] = {"price_max": 30_000, "country": "RU"}
    assert not await found(**cheap)
    assert await found(is_discounted=False)
    clock.at = START + DAY
    assert await found(**cheap)
    assert await found(discount_min=50, on_sale=True)
    clock.at = START + 2 * DAY
    assert not await found(**cheap)
    assert not await found(is_discounted=True)
