"""Catalogue files for tests, and an import of them."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from samovar.kit.clock import SystemClock
from samovar.kit.database import Database
from samovar.kit.ids import new_id
from samovar.services.catalog.exchange.keeping.keeper import keeper_of
from samovar.services.catalog.exchange.keeping.pages import Pictures
from samovar.services.catalog.exchange.reading import Source
from samovar.services.catalog.exchange.surveying import Numbered
from samovar.services.catalog.exchange.use_cases import CatalogImport, Mode, Summary

CLOCK = SystemClock()


class NoPictures:
    """An album in which there is nothing."""

    async def take(self, _source: Source, _batch: Sequence[Numbered]) -> Pictures:
        """Return nothing."""
        return {}


def term(slug: str, kind: str = "tag", **fields: Any) -> dict[str, Any]:
    """Return the line of a term."""
    return {"record": "term", "kind": kind, "slug": slug, "names": {"ru": slug.upper()}} | fields


def creator(slug: str, **fields: Any) -> dict[str, Any]:
    """Return the line of a creator."""
    return {"record": "creator", "slug": slug, "name": slug.upper()} | fields


def app(slug: str, *, page: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    """Return the line of an app; `page` are fields of its page."""
    plain = {
        "slug": slug,
        "title": slug.title(),
        "texts": {"ru": {"short_description": "Игра для проверки"}},
        "release": {"stage": "released", "on": "2026-01-15"},
        "age": {"rating": 12},
    }
    return {"record": "app", "page": plain | (page or {})} | fields


def package(slug: str, of: str, **fields: Any) -> dict[str, Any]:
    """Return the line of a package that holds the app on whose page it is."""
    return {"record": "package", "slug": slug, "app": of, "names": {"ru": slug}, "contents": [of]} | fields


def write(path: Path, *lines: dict[str, Any] | str) -> Path:
    """Write a file of lines."""
    texts = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines]
    path.write_text("".join(f"{text}\n" for text in texts), "utf-8")
    return path


def importing(database: Database) -> CatalogImport:
    """Return what takes files into a database."""
    keeper = keeper_of(clock=CLOCK, new_id=new_id, reason="проверка")
    return CatalogImport(database, keeper=keeper, album=NoPictures(), clock=CLOCK, new_id=new_id)


async def take(database: Database, path: Path, *, mode: Mode = "steps", is_anew: bool = False) -> Summary:
    """Import a file."""
    source = Source(path, folder=path.parent)
    return await importing(database).run(source, mode=mode, is_anew=is_anew, told=lambda _: None)
