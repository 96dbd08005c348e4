"""A made-up store of any size, always the same for the same seed.

Titles are such as stores have, a few known to all and very many known to nobody, with tags, prices, languages and countries in the proportions
of a real one:

    for game in games(2_000, seed=7): ...

    python benchmarks/store_catalogue.py postgresql://… 200000    # fills an empty database of catalog
"""

import random
import tomllib
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

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


class Game(NamedTuple):
    """One game of the made-up store."""

    id: UUID
    slug: str
    title: str
    russian_title: str | None
    texts: tuple[str, str]
    creators: tuple[int, ...]
    stage: str
    kind: str
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


def games(count: int, *, seed: int, known: Sequence[str] = ()) -> Iterator[Game]:
    """Yield so many games, the most popular first; `known` titles are among them."""
    chance = random.Random(seed)  # noqa: S311  nothing secret
    tags, genres = _Skewed(chance, TAGS, 0.8), _Skewed(chance, GENRES)
    categories, features = _Skewed(chance, CATEGORIES), _Skewed(chance, FEATURES)
    taken: set[str] = set()
    for number in range(count):
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
            stage=chance.choices(("released", "early_access", "coming_soon"), (85, 9, 6))[0],
            kind=chance.choices(("game", "dlc", "demo", "soundtrack"), (80, 0, 0, 0))[0],
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
