"""Writes what changed in releases of apps, for developers and for imports.

verdicts = await put_entries(tx, [Entry(app_id=…, release="1.2", texts=…, published_at=…)], new_id=new_id)
"""

from collections.abc import Sequence
from typing import Literal

from samovar.kit.database import Transaction
from samovar.kit.ids import IdSource
from samovar.services.catalog.contract.editing_events import ChangelogWritten
from samovar.services.catalog.editing import repository
from samovar.services.catalog.editing.schemas import Entry

ENTRIES_MAX = 1_000
IDS_PER_EVENT_MAX = 500


async def put_entries(
    tx: Transaction, entries: Sequence[Entry], *, new_id: IdSource
) -> list[Literal["new", "changed", "same"]]:
    """Write up to `ENTRIES_MAX` entries, named by app, release and moment; say what became of each, in their order."""
    if len(entries) > ENTRIES_MAX:
        raise ValueError(f"{len(entries)} entries at once, at most {ENTRIES_MAX}")
    if not entries:
        return []
    known = await repository.find_entries(tx, entries)
    before = [known.get((one.app_id, one.release, one.published_at)) for one in entries]
    changed = [one for one, texts in zip(entries, before, strict=True) if texts != one.texts]
    if changed:
        await repository.put_entries(tx, changed, ids=[new_id() for _ in changed])
        app_ids = sorted({one.app_id for one in changed})
        await tx.publish_many(
            [
                ChangelogWritten(app_ids=tuple(app_ids[start : start + IDS_PER_EVENT_MAX]))
                for start in range(0, len(app_ids), IDS_PER_EVENT_MAX)
            ]
        )
    return [
        "new" if texts is None else "same" if texts == one.texts else "changed"
        for one, texts in zip(entries, before, strict=True)
    ]


async def drop_entries(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Take up to `ENTRIES_MAX` entries off, named by app, release and moment; those that there are not are left out."""
    if entries:
        await repository.delete_entries(tx, entries)
        app_ids = sorted({one.app_id for one in entries})
        await tx.publish_many(
            [
                ChangelogWritten(app_ids=tuple(app_ids[start : start + IDS_PER_EVENT_MAX]))
                for start in range(0, len(app_ids), IDS_PER_EVENT_MAX)
            ]
        )
