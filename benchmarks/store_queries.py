"""Ways in which people get titles wrong, the index of a made-up store, and how much of what is meant is found.

Shared by the benchmark of quality and the tests, so that both mean the same by recall.
"""

import random
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from store_catalogue import Game

from samovar.kit.clock import SystemClock
from samovar.services.catalog.domain import Availability
from samovar.services.catalog.search import normaliser
from samovar.services.catalog.search.columns.table import Table
from samovar.services.catalog.search.engine import Index, SearchEngine
from samovar.services.catalog.search.fallback import Fallback
from samovar.services.catalog.search.freshness.documents import text_of
from samovar.services.catalog.search.schemas import PricePeriod, SearchDocument, SearchQuery
from samovar.services.catalog.search.tantivy import TantivyBackend

FIRST = 10
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_CYRILLIC = "абвгдежзиклмнопрстуфхцчшыэюя"


def with_typos(chance: random.Random, title: str, count: int = 1) -> str:
    """Return a title with so many letters lost, doubled by another, changed, or swapped with their neighbour."""
    text = title
    for _ in range(count):
        places = [place for place in range(1, len(text) - 1) if text[place].isalnum()]
        place = chance.choice(places or [0])
        letter = chance.choice(_CYRILLIC if normaliser.is_cyrillic(text) else _LETTERS)
        text = chance.choice(
            (
                text[:place] + text[place + 1 :],
                text[:place] + letter + text[place:],
                text[:place] + letter + text[place + 1 :],
                text[:place] + text[place + 1 : place + 2] + text[place] + text[place + 2 :],
            )
        )
    return text


def without_spaces(title: str) -> str:
    """Return a title written as one word."""
    return title.replace(" ", "")


def with_other_e(title: str) -> str:
    """Return a title with е for each ё, and ё for each е."""
    return title.translate(str.maketrans("ёеЁЕ", "еёЕЁ"))


def pairs_of(path: Path) -> list[tuple[str, str]]:
    """Return the pairs of a query and a title that a file holds, one a line, parted by a tabulator."""
    lines = (line.split("\t") for line in path.read_text("utf-8").splitlines())
    return [(query, title) for query, title in lines]


def index_of(games: Iterable[Game], folder: Path) -> Index:
    """Build the index of a store in a folder."""
    table, backend, now = Table(), TantivyBackend(folder), datetime.now(UTC)
    table.prices.groups = {"RU": "RU"}
    with backend.bulk() as write:
        for game in games:
            document = document_of(game)
            write(text_of(document, table.add(document, now)))
    return Index(table, backend)


def engine_of(index: Index) -> SearchEngine:
    """Return an engine that asks an index and has no database."""
    engine = SearchEngine(fallback=Fallback(None), clock=SystemClock())  # type: ignore[arg-type]
    engine.use(index)
    return engine


async def recall(
    engine: SearchEngine, pairs: Iterable[tuple[str, str]], missed: list[tuple[str, str]] | None = None
) -> float:
    """Return the share of pairs of a query and a title whose title is among the first `FIRST` of what is found.

    Args:
        engine: What is asked.
        pairs: What is typed, and the title that is meant.
        missed: Gets the pairs that were not found.
    """
    index = engine.index
    if index is None:
        raise LookupError("the engine has no index")
    found = total = 0
    for query, title in pairs:
        result = await engine.search(SearchQuery(text=query, age_level=18, limit=FIRST))
        places = (index.table.place_of(app_id.bytes) for app_id in result.ids)
        hit = any(index.table.titles[place] == title for place in places if place is not None)
        found, total = found + hit, total + 1
        if not hit and missed is not None:
            missed.append((query, title))
    return found / max(total, 1)


def document_of(game: Game) -> SearchDocument:
    """Return what search holds of a made-up game."""
    creators = {f"studio-{number}": f"Studio {number}" for number in game.creators}
    voices = game.positive + game.negative
    price = PricePeriod(final=game.price * (100 - game.discount) // 100, discount_percent=game.discount)
    return SearchDocument(
        app_id=game.id,
        kind="game",
        stage=game.stage,
        title=game.title,
        names=[game.russian_title] if game.russian_title else [],
        words=[*creators.values(), *game.genres],
        texts={"ru": game.texts[0], "en": game.texts[1]},
        age_rating=game.age,
        popularity=game.popularity,
        released_on=game.released_on,
        tags=list(game.tags),
        genres=list(game.genres),
        categories=list(game.categories),
        features=list(game.features),
        creators=list(creators),
        creator_names=creators,
        platforms=list(game.platforms),
        languages=list(game.languages),
        visible=Availability(except_in=list(game.hidden_in)),
        sold=Availability(),
        prices={group: [price] for group in ("RU", "KZ", "CIS", "EU", "WORLD", "US")},
        score_percent=100 * game.positive // voices if voices >= 10 else None,
        rating=1_000_000 * game.positive // voices if voices else None,
        reviews=voices,
    )
