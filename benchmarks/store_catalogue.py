"""A made-up store of any size, always the same for the same seed.

Titles are such as stores have, a few known to all and very many known to nobody, with tags, prices, languages and countries in the proportions
of a real one:

    for game in games(2_000, seed=7): ...

    python benchmarks/store_catalogue.py postgresql://… 200000    # fills an empty database of catalog
"""

import asyncio
import json
import random
import sys
import tomllib
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate, count
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg

from samovar.kit.text.titles import sort_key
from samovar.services.catalog.domain import Stage
from samovar.services.catalog.reviews import scores

_WORDS: dict[str, Any] = tomllib.loads((Path(__file__).parent / "store_words.toml").read_text("utf-8"))
_ADJECTIVES, _NOUNS, _GENRE_WORDS = (_WORDS[name].split() for name in ("adjectives", "nouns", "genre_words"))
_RUSSIAN, _RUSSIAN_ADJECTIVES = (_WORDS[name].split() for name in ("russian", "russian_adjectives"))
_ONSETS, _VOWELS, _CODAS = (_WORDS[name].split() for name in ("onsets", "vowels", "codas"))
_PHRASES, _ENGLISH_PHRASES = _WORDS["phrases"], _WORDS["english_phrases"]
TAGS = tuple(f"tag-{number}" for number in range(420))
GENRES = (
    "action", "adventure", "rpg", "strategy", "simulation", "puzzle", "racing", "sports", "horror", "platformer", "shooter", "casual",
    "indie", "arcade",
)  # fmt: skip
CATEGORIES = ("single-player", "multi-player", "co-op", "mmo", "local-multi-player", "split-screen")
FEATURES = (
    "achievements",
    "cloud-saves",
    "controller",
    "workshop",
    "leaderboards",
    "cards",
    "vr",
    "remote-play",
    "hdr",
)
LANGUAGES = ("en", "ru", "de", "fr", "es", "pt-BR", "zh-Hans", "ja", "ko", "it", "pl", "tr")
PLATFORMS = ("windows", "linux", "macos", "android", "ios", "web")
AGES = (0, 6, 12, 16, 18)
_STAGES: tuple[Stage, ...] = ("released", "early_access", "coming_soon")


class Game(NamedTuple):
    """One game of the made-up store."""

    id: UUID
    slug: str
    title: str
    russian_title: str | None
    texts: tuple[str, str]
    creators: tuple[int, ...]
    stage: Stage
    released_on: date
    tags: tuple[str, ...]
    genres: tuple[str, ...]
    categories: tuple[str, ...]
    features: tuple[str, ...]
    platforms: tuple[str, ...]
    languages: tuple[str, ...]
    age: int
    popularity: float
    positive: int
    negative: int
    price: int
    discount: int
    hidden_in: tuple[str, ...]


class _Skewed:
    """Picks, the first ones much more often: Zipf's law."""

    def __init__(self, chance: random.Random, values: Sequence[str], power: float = 1.0) -> None:
        self._chance = chance
        self._values = values
        self._sums = list(accumulate(1 / (place + 2) ** power for place in range(len(values))))

    def pick(self, count: int) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self._chance.choices(self._values, cum_weights=self._sums, k=count)))


def games(number_of_games: int, *, seed: int, known: Sequence[str] = ()) -> Iterator[Game]:
    """Yield so many games, the most popular first; `known` titles are among them."""
    chance = random.Random(seed)  # noqa: S311  nothing secret
    tags, genres = _Skewed(chance, TAGS, 0.8), _Skewed(chance, GENRES)
    categories, features = _Skewed(chance, CATEGORIES), _Skewed(chance, FEATURES)
    taken: set[str] = set()
    for number in range(number_of_games):
        title = known[number] if number < len(known) else _title(chance, taken)
        taken.add(title.casefold())
        released_on = date(2026, 11, 1) - timedelta(days=int(chance.random() ** 1.5 * 6_500))
        popularity = 2_000_000 / (number + 1) ** 0.95
        voices = int(popularity * chance.uniform(0.005, 0.05))
        positive = int(voices * min(1.0, chance.betavariate(6, 2)))
        is_free = chance.random() < 0.12
        yield Game(
            id=UUID(int=(0x0193_0000_0000 + number) << 80 | 7 << 76 | 2 << 62 | chance.getrandbits(60)),
            slug=f"game-{number}",
            title=title,
            russian_title=_russian(chance) if chance.random() < 0.05 else None,
            texts=(" ".join(chance.sample(_PHRASES, 4)), " ".join(chance.sample(_ENGLISH_PHRASES, 4))),
            creators=(min(int(chance.paretovariate(0.6)), 20_000),),
            stage=chance.choices(_STAGES, (85, 9, 6))[0],
            released_on=released_on,
            tags=tags.pick(chance.randint(4, 14)),
            genres=genres.pick(2),
            categories=categories.pick(2),
            features=features.pick(3),
            platforms=("windows", *(platform for platform in PLATFORMS[1:] if chance.random() < 0.2)),
            languages=("en", *(code for code in LANGUAGES[1:] if chance.random() < 0.35)),
            age=chance.choices(AGES, (20, 12, 30, 26, 12))[0],
            popularity=popularity,
            positive=positive,
            negative=voices - positive,
            price=0 if is_free else chance.choice((9_900, 19_900, 29_900, 59_900, 99_900, 199_900, 349_900)),
            discount=0 if is_free or chance.random() < 0.85 else chance.choice((10, 20, 25, 33, 50, 75, 90)),
            hidden_in=("CN",) if chance.random() < 0.03 else (),
        )


def _title(chance: random.Random, taken: set[str]) -> str:
    while True:
        title = _russian(chance) if chance.random() < 0.03 else _latin(chance)
        if title.casefold() not in taken:
            return title


def _latin(chance: random.Random) -> str:
    adjective, noun, name = chance.choice(_ADJECTIVES), chance.choice(_NOUNS), _name(chance)
    title = chance.choice(
        (
            f"{adjective} {noun}",
            f"{noun} of {name}",
            f"The {adjective} {noun}",
            f"{name}: {adjective} {noun}",
            f"{name} {noun}",
            f"{noun} {chance.choice(_GENRE_WORDS)}",
            name,
            f"{name} & the {noun}",
            f"{noun} and {chance.choice(_NOUNS)}",
            f"{adjective} {noun} {chance.choice(_GENRE_WORDS)}",
        )
    )
    return f"{title} {chance.choice(('2', '3', 'II', 'III', 'IV', '4'))}" if chance.random() < 0.12 else title


def _russian(chance: random.Random) -> str:
    noun = chance.choice(_RUSSIAN)
    if chance.random() < 0.3:
        return f"{noun} и {chance.choice(_RUSSIAN).lower()}"
    return f"{chance.choice(_RUSSIAN_ADJECTIVES)} {chance.choice(_RUSSIAN_ADJECTIVES).lower()} {noun.lower()}"


def _name(chance: random.Random) -> str:
    syllables = chance.choices((2, 3, 4), (5, 4, 1))[0]
    parts = (
        chance.choice(_ONSETS) + chance.choice(_VOWELS) + chance.choice(_CODAS).strip("-")
        for _ in range(syllables)
    )
    return "".join(parts).capitalize()


TABLES = {
    "terms": "kind slug names",
    "creators": "id slug name created_at",
    "apps": "id slug kind state stage released_on title sort_key age_rating document version origin popularity created_at updated_at",
    "app_tags": "app_id tag developer_place weight",
    "app_creators": "app_id creator_id role place",
    "packages": "id slug app_id names place state sold activatable version created_at updated_at",
    "package_apps": "package_id app_id place",
    "base_prices": "id package_id region amount currency since",
    "discounts": "id package_id kind percent starts_at ends_at rules_version created_at",
    "review_scores": "app_id reviews positive negative rating",
}


async def fill(url: str, number_of_games: int, *, seed: int, known: Sequence[str] = ()) -> None:
    """Copy a made-up store into an empty database of catalog, whose migrations have run."""
    connection = await asyncpg.connect(url)
    try:
        await connection.set_type_codec(
            "jsonb",
            schema="pg_catalog",
            format="binary",
            encoder=lambda value: b"\x01" + json.dumps(value, ensure_ascii=False).encode(),
            decoder=lambda data: json.loads(data[1:]),
        )
        rows = _Rows(datetime.now(UTC))
        rows.name_words(20_001)
        for number, game in enumerate(games(number_of_games, seed=seed, known=known), start=1):
            rows.add(game)
            if number % 5_000 == 0 or number == number_of_games:
                await _copy(connection, rows.taken())
        await connection.execute("ANALYZE")
    finally:
        await connection.close()


async def _copy(connection: Any, tables: dict[str, list[tuple[Any, ...]]]) -> None:
    async with connection.transaction():
        for table, columns in TABLES.items():
            if tables.get(table):
                await connection.copy_records_to_table(table, records=tables[table], columns=columns.split())


class _Rows:
    """Rows of the tables, as games give them."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._tables: dict[str, list[tuple[Any, ...]]] = {table: [] for table in TABLES}
        self._numbers = count(1)

    def taken(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return the rows and begin anew."""
        tables, self._tables = self._tables, {table: [] for table in TABLES}
        return tables

    def name_words(self, creators: int) -> None:
        """Add the words of the taxonomy and the creators."""
        for kind, slugs in (
            ("tag", TAGS),
            ("genre", GENRES),
            ("category", CATEGORIES),
            ("feature", FEATURES),
        ):
            self._tables["terms"] += [(kind, slug, {"ru": slug, "en": slug.title()}) for slug in slugs]
        self._tables["creators"] += [
            (UUID(int=number + 1), f"studio-{number}", f"Studio {number}", self._now)
            for number in range(creators)
        ]

    def add(self, game: Game) -> None:
        """Add all rows of a game."""
        add, now = self._tables, self._now
        add["apps"].append(
            (
                game.id, game.slug, "game", "published", game.stage, game.released_on, game.title, sort_key(game.title), game.age,
                document_in_json(game), 1, "made-up", game.popularity, now, now,
            )
        )  # fmt: skip
        add["app_tags"] += [(game.id, tag, place, 100 - 4 * place) for place, tag in enumerate(game.tags)]
        add["app_creators"] += [
            (game.id, UUID(int=number + 1), "developer", place) for place, number in enumerate(game.creators)
        ]
        voices = game.positive + game.negative
        add["review_scores"].append(
            (
                game.id,
                voices,
                game.positive,
                game.negative,
                scores.rating(scores.Counts(game.positive, game.negative)),
            )
        )
        package = self._id()
        add["packages"].append(
            (package, game.slug, game.id, {"ru": game.title}, 0, "on_sale", {}, {}, 1, now, now)
        )
        add["package_apps"].append((package, game.id, 0))
        since = now - timedelta(days=200)
        for region, currency, divisor in (
            ("RU", "RUB", 1),
            ("KZ", "KZT", 1),
            ("CIS", "USD", 90),
            ("WORLD", "USD", 60),
        ):
            add["base_prices"].append((self._id(), package, region, game.price // divisor, currency, since))
        if game.discount:
            begun, ends = now - timedelta(days=3), now + timedelta(days=7)
            add["discounts"].append((self._id(), package, "custom", game.discount, begun, ends, 1, begun))

    def _id(self) -> UUID:
        return UUID(int=(0x0194 << 112) | (7 << 76) | (2 << 62) | next(self._numbers))


def document_in_json(game: Game) -> dict[str, Any]:
    """Return the page of a game as it lies in the table."""
    russian = {"short_description": game.texts[0][:300], "description": game.texts[0]}
    return {
        "slug": game.slug,
        "kind": "game",
        "title": game.title,
        "texts": {
            "ru": russian | ({"title": game.russian_title} if game.russian_title else {}),
            "en": {"short_description": game.texts[1][:300], "description": game.texts[1]},
        },
        "developers": [f"studio-{number}" for number in game.creators],
        "release": {"stage": game.stage, "on": game.released_on.isoformat()},
        "platforms": list(game.platforms),
        "languages": [{"code": code} for code in game.languages],
        "age": {"rating": game.age},
        "genres": list(game.genres),
        "categories": list(game.categories),
        "features": list(game.features),
        "tags": list(game.tags),
        "visible": {"except_in": list(game.hidden_in)} if game.hidden_in else {},
    }


if __name__ == "__main__":
    asyncio.run(fill(sys.argv[1], int(sys.argv[2]), seed=7))
