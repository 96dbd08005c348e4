"""The SQL of phrases."""

from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.library.presence.schemas import Phrase


class _Row(msgspec.Struct, frozen=True):
    phrases: dict[str, Phrase]


async def lock(tx: Transaction, app_id: UUID) -> None:
    """Let the phrases of one game be changed by one at a time."""
    await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended('phrases of ' || $1, 0))", str(app_id))


async def find(reader: Database | Transaction, app_id: UUID) -> dict[str, Phrase]:
    """Return the phrases of a game, by key; none where nothing was said yet."""
    row = await reader.fetch_one("SELECT phrases FROM phrase_lists WHERE app_id = $1", app_id, into=_Row)
    return dict(sorted(row.phrases.items())) if row else {}


async def put(tx: Transaction, app_id: UUID, phrases: dict[str, Phrase], now: datetime) -> None:
    """Keep the phrases of a game in the place of those before."""
    await tx.execute(
        """
        INSERT INTO phrase_lists (app_id, phrases, changed_at) VALUES ($1, $2, $3)
        ON CONFLICT (app_id) DO UPDATE SET phrases = excluded.phrases, changed_at = excluded.changed_at
        """,
        app_id,
        phrases,
        now,
    )
