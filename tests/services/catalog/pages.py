"""Pages for tests: a document with what is said of it, and nothing else."""

from typing import Any
from uuid import UUID

import msgspec

from samovar.kit.clock import SystemClock
from samovar.kit.database import Database
from samovar.kit.ids import new_id
from samovar.services.catalog.apps import taxonomy
from samovar.services.catalog.apps.schemas import AppWrite, CreatorWrite, TermWrite, Written
from samovar.services.catalog.apps.writer import AppWriter
from samovar.services.catalog.domain import TermKind
from samovar.services.catalog.schemas import AppDocument, Names

WRITER = AppWriter(clock=SystemClock(), new_id=new_id)


def page(slug: str, **fields: Any) -> AppDocument:
    """Return a page; `fields` are those of the document, as JSON has them."""
    plain: dict[str, Any] = {
        "slug": slug,
        "title": slug.replace("-", " ").title(),
        "texts": {"ru": {"short_description": "Игра для проверки"}},
        "release": {"stage": "released", "on": "2026-01-15"},
        "age": {"rating": 12},
    }
    return msgspec.convert(plain | fields, AppDocument)


def wish(document: AppDocument, **fields: Any) -> AppWrite:
    """Return the wish to publish a page."""
    plain: dict[str, Any] = {"document": document, "state": "published", "reason": "проверка"}
    return AppWrite(**(plain | fields))


async def put(database: Database, document: AppDocument, **fields: Any) -> Written:
    """Write a page in a transaction of its own."""
    async with database.transaction() as tx:
        return await WRITER.write(tx, wish(document, **fields))


async def publish(database: Database, slug: str, **fields: Any) -> UUID:
    """Publish a new page and return its id."""
    return (await put(database, page(slug, **fields))).app_id


async def name_terms(database: Database, kind: TermKind, *slugs: str) -> None:
    """Put words into the taxonomy; each is called by its slug, in Russian in capitals."""
    async with database.transaction() as tx:
        await taxonomy.put_terms(
            tx, [TermWrite(kind=kind, slug=slug, names=Names(ru=slug.upper(), en=slug)) for slug in slugs]
        )


async def name_creators(database: Database, *slugs: str) -> None:
    """Make creators; each is called by its slug, in capitals."""
    async with database.transaction() as tx:
        await taxonomy.put_creators(
            tx,
            [CreatorWrite(slug=slug, name=slug.upper()) for slug in slugs],
            clock=SystemClock(),
            new_id=new_id,
        )
