"""Whatever a catalogue holds, exported and imported into an empty database it is exported again byte for byte."""

import io
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from samovar.kit.database import Database
from samovar.services.catalog.exchange.use_cases import CatalogExport
from tests.services.catalog.exchange.files import app, creator, package, take, term, write

CATALOGUES = 8
NOW = datetime.now(UTC)
_EMPTY = "TRUNCATE apps, creators, terms, packages, bundles, imports CASCADE"
_TITLES = [
    "Чайник",
    "Ёлка «Ёж»",
    "S.T.A.L.K.E.R.",
    "火の鳥",
    "a\u00a0b",
    "🫖 tea",
    'O\'Reilly \\ "x"',
    "Ω" * 200,
]
_COUNTRIES = ["RU", "BY", "KZ", "DE", "US", "CN"]


async def _exported(database: Database) -> bytes:
    file = io.BytesIO()
    await CatalogExport(database).run(file, lambda _: None)
    return file.getvalue()


async def test_what_goes_out_comes_back_the_same(
    own_database: Database, other_database: Database, tmp_path: Path
) -> None:
    for seed in range(CATALOGUES):
        for database in (own_database, other_database):
            async with database.transaction() as tx:
                await tx.execute(_EMPTY)
        lines = _catalogue(random.Random(seed))
        taken = await take(own_database, write(tmp_path / f"{seed}.jsonl", *lines))
        assert taken.faults == [], seed
        first = await _exported(own_database)
        (tmp_path / "out.jsonl").write_bytes(first)
        back = await take(other_database, tmp_path / "out.jsonl")
        assert back.faults == [], seed
        assert await _exported(other_database) == first, seed
        again = await take(other_database, tmp_path / "out.jsonl")
        assert (again.counts.new, again.counts.changed, again.counts.refused) == (0, 0, 0), seed


def _catalogue(chance: random.Random) -> list[dict[str, Any]]:
    tags = [f"tag-{number}" for number in range(6)]
    lines: list[dict[str, Any]] = [
        term(tag, names={"ru": chance.choice(_TITLES)[:100]} | _maybe(chance, en="Tag")) for tag in tags
    ]
    lines += [
        term("series-1", "series"),
        term("genre-1", "genre"),
        term("feature-1", "feature"),
        term("cat-1", "category"),
    ]
    studios = [f"studio-{number}" for number in range(3)]
    lines += [creator(studio, **_maybe(chance, website="https://example.org/?a=1&b=ю")) for studio in studios]
    games = [f"game-{number}" for number in range(chance.randint(1, 6))]
    organisation = str(UUID(int=chance.getrandbits(128)))
    lines += [_game(chance, game, tags, studios, organisation) for game in games]
    for game in games:
        lines += _offers(chance, game)
    priced = [f"{game}-p0" for game in games]
    if len(priced) > 1:
        lines.append(
            {
                "record": "bundle",
                "slug": "set",
                "names": {"ru": "Набор"},
                "descriptions": _maybe(chance, ru="Всё сразу", en="All of it"),
                "kind": chance.choice(["complete_the_set", "must_purchase_together"]),
                "discount_percent": chance.randint(0, 90),
                "packages": chance.sample(priced, 2),
            }
        )
    chance.shuffle(lines)
    return lines


def _game(
    chance: random.Random, slug: str, tags: list[str], studios: list[str], organisation: str
) -> dict[str, Any]:
    page: dict[str, Any] = {
        "title": chance.choice(_TITLES),
        "texts": {
            "ru": {"short_description": chance.choice(_TITLES)}
            | _maybe(chance, description="а\n\nб\t«в»", title="Имя"),
            **_maybe(chance, en={"short_description": "In English"}),
        },
        "release": {
            "stage": "released",
            "on": (NOW - timedelta(days=chance.randint(200, 900))).date().isoformat(),
        },
        "age": {"rating": chance.choice([0, 6, 12, 16, 18]), **_maybe(chance, descriptors=["blood", "fear"])},
        **_maybe(
            chance,
            aliases=["псевдоним", "alias"],
            tags=chance.sample(tags, 4),
            developers=chance.sample(studios, 2),
            publishers=chance.sample(studios, 1),
            series="series-1",
            genres=["genre-1"],
            features=["feature-1"],
            categories=["cat-1"],
            platforms=chance.sample(["windows", "linux", "macos"], 2),
            languages=[
                {"code": "ru", "voice": True},
                {"code": "pt-BR", "interface": False, "subtitles": True},
            ],
            requirements=[{"platform": "linux", "memory_mib": 4096, "note": "и монитор"}],
            licence="GPL-3.0-or-later",
            website="https://example.org",
            visible=chance.choice(
                [{"only_in": chance.sample(_COUNTRIES, 3)}, {"except_in": chance.sample(_COUNTRIES, 2)}]
            ),
        ),
    }
    return app(
        slug,
        page=page,
        origin=chance.choice(["own", "demo", "appstream"]),
        popularity=chance.choice([0, 0.1, 1 / 3, 12.5, 1e12, chance.random()]),
        **_maybe(chance, key=f"key-{slug}", organisation_id=organisation, state="withdrawn"),
        released_at=(NOW - timedelta(days=300)).isoformat(),
    )


def _offers(chance: random.Random, game: str) -> list[dict[str, Any]]:
    """Return a game's packages with prices, past and present, its discounts, its changelog."""
    slug, amount = f"{game}-p0", chance.randrange(10_000, 400_000)
    lines = [package(slug, game, prices={"RU": {"amount": amount, "currency": "RUB"}})]
    for days, before in ((280, amount // 2), (150, amount)):
        lines.append(
            {
                "record": "price_history",
                "package": slug,
                "region": "RU",
                "amount": before,
                "currency": "RUB",
                "since": (NOW - timedelta(days=days, microseconds=chance.randrange(10**6))).isoformat(),
            }
        )
    starts_at = NOW - timedelta(days=chance.choice([5, 60, 90]))
    lines.append(
        {
            "record": "discount",
            "package": slug,
            "kind": "custom",
            "percent": chance.randint(10, 80),
            "starts_at": starts_at.isoformat(),
            "ends_at": (starts_at + timedelta(days=chance.randint(6, 14))).isoformat(),
        }
    )
    lines.append(
        {
            "record": "changelog",
            "app": game,
            "release": chance.choice(["1.0", "ёлка"]),
            "texts": {"ru": "Лучше"} | _maybe(chance, en="Better"),
            "published_at": "2026-02-01T10:00:00.123456+03:00",
        }
    )
    return lines


def _maybe(chance: random.Random, **fields: Any) -> dict[str, Any]:
    """Return some of these fields."""
    return {name: value for name, value in fields.items() if chance.random() < 0.5}
