"""Of what people mean, how much is among the first ten found: the targets of the store, on a few thousand games."""

import random
from pathlib import Path

import pytest
from store_catalogue import games
from store_queries import (
    engine_of,
    index_of,
    pairs_of,
    recall,
    with_other_e,
    with_typos,
    without_spaces,
)

from samovar.services.catalog.search.engine import SearchEngine
from samovar.services.catalog.search.normaliser import other_layout

GAMES, ASKED, SEED = 3_000, 250, 5
PAIRS = pairs_of(Path(__file__).parent / "cyrillic_titles.tsv")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> SearchEngine:
    known = list(dict.fromkeys(title for _, title in PAIRS))
    folder = tmp_path_factory.mktemp("index")
    return engine_of(index_of(games(GAMES, seed=SEED, known=known), folder))


def titles_of(engine: SearchEngine) -> list[str]:
    assert engine.index is not None
    return random.Random(SEED).sample([title for title in engine.index.table.titles if len(title) > 3], ASKED)


async def test_the_pairs_are_three_hundred_and_found(engine: SearchEngine) -> None:
    assert len(PAIRS) >= 300
    assert await recall(engine, PAIRS) >= 0.97


async def test_one_typo_is_forgiven(engine: SearchEngine) -> None:
    chance = random.Random(SEED)
    assert await recall(engine, [(with_typos(chance, title), title) for title in titles_of(engine)]) >= 0.985


async def test_two_typos_mostly_too(engine: SearchEngine) -> None:
    chance = random.Random(SEED)
    assert (
        await recall(engine, [(with_typos(chance, title, 2), title) for title in titles_of(engine)]) >= 0.80
    )


@pytest.mark.parametrize("spell", [str, other_layout, without_spaces, str.upper])
async def test_spelling_makes_no_difference(engine: SearchEngine, spell: object) -> None:
    missed: list[tuple[str, str]] = []
    pairs = [(spell(title), title) for title in titles_of(engine)]  # type: ignore[operator]
    assert await recall(engine, pairs, missed) == 1.0, missed


async def test_yo_makes_no_difference(engine: SearchEngine) -> None:
    assert engine.index is not None
    russian = [title for title in engine.index.table.titles if "ё" in title.lower() or "е" in title.lower()]
    assert await recall(engine, [(with_other_e(title), title) for title in russian]) == 1.0
