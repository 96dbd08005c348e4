"""From what is written by hand to the lines that `samovar catalog import` reads (`docs/catalog-import.md`)."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from samovar.demo import pricing
from samovar.demo.covers.studio import Art, Frame, frames_of
from samovar.demo.pricing import Line
from samovar.demo.sources import Belonging, Catalogue, Game, Text

INVENTED, FREE = "demo", "free"
"""Origins of apps: what was made up for the showcase, and real free games."""
INVENTED_TAG = "invented"
_NOTE = {
    "ru": "Эта игра придумана для демонстрационной витрины: её не существует, и купить её по-настоящему нельзя.",
    "en": "This game was made up for the showcase: it does not exist and cannot really be bought.",
}
_CIS = ["RU", "AM", "AZ", "BY", "GE", "KG", "KZ", "MD", "TJ", "TM", "UZ"]
_KINDS = {"game": "Игра", "dlc": "Дополнение", "soundtrack": "Саундтрек", "demo": "Демо"}
# What an invented game needs: memory and storage in MiB, processor, graphics.
_NEEDS: dict[str, tuple[tuple[int, int, str, str], tuple[int, int, str, str]]] = {
    "light": ((2_048, 1_024, "2 GHz", "OpenGL 3.3"), (4_096, 1_536, "2.5 GHz", "OpenGL 4.1")),
    "middle": (
        (4_096, 6_144, "Intel Core i3-6100", "GeForce GTX 750 Ti"),
        (8_192, 8_192, "Intel Core i5-8400", "GeForce GTX 1060"),
    ),
    "heavy": (
        (8_192, 24_576, "Intel Core i5-6600", "GeForce GTX 1050 Ti"),
        (16_384, 30_720, "AMD Ryzen 5 3600", "GeForce RTX 2060"),
    ),
    "titan": (
        (12_288, 61_440, "Intel Core i5-8400", "GeForce GTX 1660"),
        (16_384, 71_680, "AMD Ryzen 7 5700X", "GeForce RTX 3070"),
    ),
}


HOUR = timedelta(hours=1)


def now() -> datetime:
    """Return the moment, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


class Painted(NamedTuple):
    """One picture of an app: what it shows and the file that it is in."""

    slug: str
    title: str
    art: Art
    frame: Frame


def pictures(catalogue: Catalogue) -> Iterator[Painted]:
    """Yield all pictures of all apps. What belongs to a game has fewer."""
    for game in catalogue.games:
        title = game.ru.title or game.title
        for frame in frames_of(game.kind):
            yield Painted(game.slug, title, game.art, frame)
        for more in game.more:
            art = _art_of(game, more)
            for frame in frames_of(more.kind):
                yield Painted(more.slug, more.ru.title or more.title, art, frame)


def _art_of(game: Game, more: Belonging) -> Art:
    return Art(
        scene=game.art.scene,
        palette=more.palette or game.art.palette,
        subject=game.art.subject,
        face=game.art.face,
        left=not game.art.left if more.kind == "dlc" else game.art.left,
        seed=more.slug,
    )


def lines(
    catalogue: Catalogue, files: Mapping[tuple[str, str], str], now: datetime, studio: str | None = None
) -> Iterator[Line]:
    """Yield the whole catalogue but its discounts, which begin when all else is in.

    Args:
        catalogue: What is written.
        files: The file of each picture that is drawn, by slug and frame, relative to the catalogue file.
        now: The moment of the seeding; all that is told in days counts from it.
        studio: The organisation that publishes the invented games.
    """
    owned: Line = {"organisation_id": studio} if studio else {}
    invented = {slug for game in catalogue.games if game.is_invented for slug in game.by}
    for kind, terms in catalogue.terms.items():
        for slug, (ru, en) in terms.items():
            yield {"record": "term", "kind": kind, "slug": slug, "names": {"ru": ru, "en": en}}
    for slug, (name, *website) in catalogue.creators.items():
        site = {"website": website[0]} if website else {}
        yield {"record": "creator", "slug": slug, "name": name, **site, **(owned if slug in invented else {})}
    for game in catalogue.games:
        yield {**_app(game, files, now), **(owned if game.is_invented else {})}
        for more in game.more:
            yield {**_belonging(game, more, files, now), **(owned if game.is_invented else {})}
        yield from _packages(game, now)
    for bundle in catalogue.bundles:
        yield {
            "record": "bundle",
            "slug": bundle.slug,
            "kind": bundle.kind,
            "discount_percent": bundle.percent,
            "packages": bundle.packages,
            "names": {"ru": bundle.ru[0], "en": bundle.en[0]},
            "descriptions": {"ru": bundle.ru[1], "en": bundle.en[1]},
        }


def _app(game: Game, files: Mapping[tuple[str, str], str], now: datetime) -> Line:
    tags = [*game.tags, INVENTED_TAG] if game.is_invented else [*game.tags, *_free_tag(game)]
    page: Line = {
        "slug": game.slug,
        "kind": game.kind,
        "title": game.title,
        "texts": {language: _text(game, language) for language in ("ru", "en")},
        "aliases": game.alias,
        "developers": game.by,
        "publishers": game.by[-1:],
        "release": _release(game, now),
        "platforms": game.on.split(),
        "languages": [
            {"code": code, "voice": code in game.voice.split(), "subtitles": code in game.voice.split()}
            for code in game.languages.split()
        ],
        "requirements": list(_requirements(game)),
        "age": {"rating": game.age, "descriptors": game.why},
        "genres": game.genres,
        "categories": game.categories,
        "features": game.features,
        "tags": tags,
        "media": _media(game.slug, game.kind, files),
    }
    optional = {"series": game.series, "website": game.site, "licence": game.licence}
    page |= {name: value for name, value in optional.items() if value}
    if game.region == "cis":
        page["visible"] = {"only_in": _CIS}
    origin = INVENTED if game.is_invented else FREE
    return {"record": "app", "origin": origin, "key": game.slug, "popularity": game.popularity, "page": page}


def _free_tag(game: Game) -> list[str]:
    return ["free-software"] if game.licence else []


def _text(game: Game, language: str) -> Line:
    text = game.ru if language == "ru" else game.en
    return _said(text, _NOTE[language] if game.is_invented else "")


def _said(text: Text, note: str) -> Line:
    description = "\n\n".join(part for part in (text.text.strip(), note) if part)
    said: Line = {"short_description": text.short, "description": description}
    return {"title": text.title, **said} if text.title else said


def _release(game: Game, now: datetime) -> Line:
    if game.year is not None:
        year = str(game.year)
        said: Line = {"on": game.first.isoformat()} if game.first else {"promise": {"ru": year, "en": year}}
        return {"stage": game.stage, **said}
    if game.promise:
        return {"stage": game.stage, "promise": {"ru": game.promise.ru, "en": game.promise.en}}
    if game.days_ahead is not None:
        return {"stage": game.stage, "on": _day(now, -game.days_ahead)}
    opened = _day(now, game.days_ago or 0)
    return {"stage": game.stage, "early_access_on" if game.stage == "early_access" else "on": opened}


def _day(now: datetime, days_ago: int) -> str:
    day: date = (now - timedelta(days=days_ago)).date()
    return day.isoformat()


def _requirements(game: Game) -> Iterator[Line]:
    if game.weight is None:
        return
    for platform in game.on.split():
        os = {"windows": "Windows 10", "linux": "Ubuntu 22.04"}.get(platform, platform)
        for level, (memory, storage, cpu, gpu) in zip(
            ("minimum", "recommended"), _NEEDS[game.weight], strict=True
        ):
            yield {
                "platform": platform,
                "level": level,
                "os": os,
                "cpu": cpu,
                "gpu": gpu,
                "memory_mib": memory,
                "storage_mib": storage,
            }


def _media(slug: str, kind: str, files: Mapping[tuple[str, str], str]) -> list[Line]:
    return [
        {"kind": frame.kind, "file": files[slug, frame.name]}
        for frame in frames_of(kind)
        if (slug, frame.name) in files
    ]


def _belonging(game: Game, more: Belonging, files: Mapping[tuple[str, str], str], now: datetime) -> Line:
    kind = _KINDS[more.kind]
    about = f"{kind} к игре «{game.ru.title or game.title}». {_NOTE['ru']}"
    about_en = f"Belongs to {game.en.title or game.title}. {_NOTE['en']}"
    return {
        "record": "app",
        "origin": INVENTED,
        "key": more.slug,
        "popularity": round(game.popularity * 0.3, 1),
        "page": {
            "slug": more.slug,
            "kind": more.kind,
            "base": game.slug,
            "title": more.title,
            "texts": {"ru": _said(more.ru, about), "en": _said(more.en, about_en)},
            "developers": game.by,
            "publishers": game.by[-1:],
            "release": {"stage": "released", "on": _day(now, more.days_ago)},
            "platforms": game.on.split(),
            "languages": [{"code": code} for code in game.languages.split()],
            "age": {"rating": game.age, "descriptors": game.why},
            "genres": game.genres,
            "tags": [*game.tags[:4], INVENTED_TAG],
            "media": _media(more.slug, more.kind, files),
        },
    }


def _packages(game: Game, now: datetime) -> Iterator[Line]:
    names = {"ru": game.ru.title or game.title, "en": game.en.title or game.title}
    if game.kind == "tool" or game.price or game.stage != "coming_soon":
        first = game.history[0][1] if game.history else game.price
        yield _package(game, game.slug, game.slug, names, price=game.price, contents=[game.slug])
        if game.price and game.days_ago:
            yield from pricing.history(game.slug, game.history or [(game.days_ago, first)], now)
    for more in game.more:
        more_names = {"ru": more.ru.title or more.title, "en": more.en.title or more.title}
        yield _package(game, more.slug, more.slug, more_names, price=more.price, contents=[more.slug])
        if more.price:
            yield from pricing.history(more.slug, [(more.days_ago, more.price)], now)
    for place, edition in enumerate(game.edition, 1):
        named = {"ru": f"{names['ru']}: {edition.ru}", "en": f"{names['en']}: {edition.en}"}
        line = _package(
            game, game.slug, edition.slug, named, price=edition.price, contents=[game.slug, *edition.with_]
        )
        yield {**line, "place": place}


def _package(
    game: Game, app: str, slug: str, names: Mapping[str, str], *, price: int, contents: list[str]
) -> Line:
    where: Line = {}
    if game.region == "cis":
        where = {"sold": {"only_in": _CIS}, "activatable": {"only_in": _CIS}}
    elif game.region == "not-cn":
        where = {"sold": {"except_in": ["CN"]}}
    return {
        "record": "package",
        "slug": slug,
        "app": app,
        "names": names,
        "is_preorder": game.preorder,
        "contents": contents,
        "prices": pricing.prices(price),
        **where,
    }
