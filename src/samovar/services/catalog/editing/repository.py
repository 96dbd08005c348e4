"""The SQL of editing: drafts, the history of pages, changelogs."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Transaction
from samovar.services.catalog.editing.schemas import Changes, Entry


class _EntryRow(msgspec.Struct, frozen=True):
    app_id: UUID
    release: str
    published_at: datetime
    texts: Changes


async def find_entries(
    tx: Transaction, entries: Sequence[Entry]
) -> dict[tuple[UUID, str, datetime], Changes]:
    """Return the texts of those of these entries that there are."""
    rows = await tx.fetch(
        """
        SELECT app_id, release, published_at, texts FROM changelog_entries
        WHERE (app_id, release, published_at) IN (SELECT * FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]))
        """,
        [one.app_id for one in entries],
        [one.release for one in entries],
        [one.published_at for one in entries],
        into=_EntryRow,
    )
    return {(row.app_id, row.release, row.published_at): row.texts for row in rows}


async def put_entries(tx: Transaction, entries: Sequence[Entry], *, ids: Sequence[UUID]) -> None:
    """Write entries; `ids` are for those that are not there yet."""
    await tx.execute(
        """
        INSERT INTO changelog_entries (id, app_id, release, texts, published_at)
        SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::jsonb[], $5::timestamptz[])
        ON CONFLICT (app_id, release, published_at) DO UPDATE SET texts = excluded.texts
        """,
        list(ids),
        [one.app_id for one in entries],
        [one.release for one in entries],
        [one.texts for one in entries],
        [one.published_at for one in entries],
    )
