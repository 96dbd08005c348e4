"""Turns games of AppStream into lines of a catalogue file."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from samovar.services.catalog.domain import Language
from samovar.services.catalog.editing.schemas import CHANGES_LENGTH_MAX, RELEASE_LENGTH_MAX, Changes
from samovar.services.catalog.exchange.appstream import domain
from samovar.services.catalog.exchange.appstream.components import Component
from samovar.services.catalog.exchange.appstream.domain import line_of, plain_text, slug_of, text_in
from samovar.services.catalog.exchange.schemas import (
    KEY_LENGTH_MAX,
    AppLine,
    ChangelogLine,
    CreatorLine,
    Line,
    MediumLine,
    Page,
    TermLine,
)
from samovar.services.catalog.schemas import (
    DESCRIPTION_LENGTH_MAX,
    NAME_LENGTH_MAX,
    SHORT_LENGTH_MAX,
    TITLE_LENGTH_MAX,
    AppLanguage,
    AppText,
    Names,
    Release,
)

ORIGIN = "appstream"
RELEASES_MAX = 20
LANGUAGES_MAX = 60
SPOKEN_PERCENT_MIN = 50
WEBSITE_LENGTH_MAX = 300
CREATOR_LENGTH_MAX = 200


class Converted(msgspec.Struct, kw_only=True):
    """What was found in a file.

    Attributes:
        games: How many apps there are.
        russian: How many of them have a text in Russian.
        screenshots: How many pictures they name; none is fetched.
        unusable: Components without a name, or with one of which no slug can be made.
    """

    games: int = 0
    russian: int = 0
    screenshots: int = 0
    unusable: int = 0


class Conversion:
    """Turns components into lines, one after the other.

    Args:
        slugs: By key, of the apps that came from AppStream before: a slug never changes.
        icons: By the name of a cached icon, the path of its file.
    """

    def __init__(self, *, slugs: Mapping[str, str], icons: Mapping[str, str]) -> None:
        self.found = Converted()
        self._slugs = dict(slugs)
        self._taken = set(slugs.values())
        self._icons = icons
        self._keys: set[str] = set()
        self._creators: set[str] = set()

    def lines(self, components: Iterable[Component]) -> Iterator[Line]:
        """Yield the lines of games, with the genres and creators that they name."""
        for slug, (russian, english) in domain.GENRE_NAMES.items():
            yield TermLine(kind="genre", slug=slug, names=Names(ru=russian, en=english))
        for component in components:
            key, title = str(component.get("ID") or ""), text_in(component.get("Name"), "C")
            slug = self._slug(key, title, component) if title and 0 < len(key) <= KEY_LENGTH_MAX else ""
            if not slug or not title or key in self._keys:
                self.found.unusable += 1
                continue
            self._keys.add(key)
            yield from self._game(component, key, slug, line_of(title, TITLE_LENGTH_MAX))

    def _game(self, component: Component, key: str, slug: str, title: str) -> Iterator[Line]:
        developer = self._developer(component)
        if developer and developer.slug not in self._creators:
            self._creators.add(developer.slug)
            yield developer
        texts = _texts(component, title)
        self.found.games += 1
        self.found.russian += "ru" in texts
        self.found.screenshots += len(_list(component.get("Screenshots")))
        categories = [str(one) for one in _list(component.get("Categories"))]
        licence = component.get("ProjectLicense")
        yield AppLine(
            origin=ORIGIN,
            key=key,
            page=Page(
                slug=slug,
                kind="tool" if "Emulator" in categories else "game",
                title=title,
                texts=texts,
                aliases=_aliases(component, title),
                developers=[developer.slug] if developer else [],
                release=Release(stage="released"),
                platforms=["linux"],
                languages=_languages(component),
                age=domain.age_of(component.get("ContentRating")),
                genres=domain.genres_of(categories),
                media=self._media(component),
                website=_website(component),
                licence=line_of(licence, NAME_LENGTH_MAX)
                if isinstance(licence, str) and licence.strip()
                else None,
            ),
        )
        yield from _changes(component, slug)

    def _slug(self, key: str, title: str, component: Component) -> str:
        """Return the slug that the app has, or one that nobody has: made of its title, its package, its key."""
        if key in self._slugs:
            return self._slugs[key]
        package = str(component.get("Package") or "")
        for rest in ((), (package,), (package, key)):
            slug = slug_of(title, *rest)
            if slug and slug not in self._taken:
                self._taken.add(slug)
                self._slugs[key] = slug
                return slug
        return ""

    def _developer(self, component: Component) -> CreatorLine | None:
        name = text_in(component.get("DeveloperName"), "C") or component.get("ProjectGroup")
        if not isinstance(name, str) or not slug_of(name):
            return None
        return CreatorLine(slug=slug_of(name), name=line_of(name, CREATOR_LENGTH_MAX))

    def _media(self, component: Component) -> list[MediumLine]:
        icon = component.get("Icon")
        cached = _list(icon.get("cached")) if isinstance(icon, dict) else []
        files = [
            self._icons[one["name"]]
            for one in cached
            if isinstance(one, dict) and one.get("name") in self._icons
        ]
        return [MediumLine(kind="logo", file=files[-1])] if files else []


def _texts(component: Component, title: str) -> dict[Language, AppText]:
    """Return the texts; there is a Russian one where anything is said in Russian besides the name."""
    texts: dict[Language, AppText] = {}
    sources: tuple[tuple[Language, str], ...] = (("ru", "ru"), ("en", "C"))
    for language, source in sources:
        summary = text_in(component.get("Summary"), source)
        description = plain_text(text_in(component.get("Description"), source) or "", DESCRIPTION_LENGTH_MAX)
        short = line_of(summary or description, SHORT_LENGTH_MAX)
        if not short:
            continue
        name = text_in(component.get("Name"), source)
        own = line_of(name, TITLE_LENGTH_MAX) if name else title
        texts[language] = AppText(
            title=own if own != title else None, short_description=short, description=description
        )
    return texts or {"en": AppText(short_description=title)}


def _aliases(component: Component, title: str) -> list[str]:
    name = text_in(component.get("Name"), "ru")
    own = line_of(name, TITLE_LENGTH_MAX) if name else title
    return [own] if own != title else []


def _languages(component: Component) -> list[AppLanguage]:
    codes: dict[str, None] = {}
    for one in _list(component.get("Languages")):
        percent = one.get("percentage") if isinstance(one, dict) else None
        if isinstance(percent, int) and percent >= SPOKEN_PERCENT_MIN:
            code = domain.code_of(str(one.get("locale")))
            if code:
                codes[code] = None
    first = sorted(codes, key=lambda code: (code not in {"ru", "en"}, code))
    return [AppLanguage(code=code) for code in first[:LANGUAGES_MAX]]


def _website(component: Component) -> str | None:
    urls = component.get("Url")
    found = urls.get("homepage") if isinstance(urls, dict) else None
    is_one = (
        isinstance(found, str) and found.startswith(("http://", "https://")) and not set(" \n\t") & set(found)
    )
    return found if is_one and isinstance(found, str) and len(found) <= WEBSITE_LENGTH_MAX else None


def _changes(component: Component, slug: str) -> Iterator[ChangelogLine]:
    """Yield the latest releases of which something is told."""
    told = 0
    seen: set[tuple[str, int]] = set()
    for release in _list(component.get("Releases")):
        if not isinstance(release, dict) or told == RELEASES_MAX:
            continue
        stamp, version = (
            release.get("unix-timestamp"),
            line_of(str(release.get("version") or ""), RELEASE_LENGTH_MAX),
        )
        texts = {
            language: plain_text(text_in(release.get("description"), source) or "", CHANGES_LENGTH_MAX)
            for language, source in (("ru", "ru"), ("en", "C"))
        }
        if not isinstance(stamp, int) or not version or not any(texts.values()) or (version, stamp) in seen:
            continue
        try:
            published_at = datetime.fromtimestamp(stamp, UTC)
        except (OverflowError, ValueError, OSError):
            continue
        seen.add((version, stamp))
        told += 1
        yield ChangelogLine(
            app=slug,
            release=version,
            texts=Changes(ru=texts["ru"] or None, en=texts["en"] or None),
            published_at=published_at,
        )


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
