"""The SQL of presence."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.library.presence.schemas import NewPresence


class Playing(msgspec.Struct, frozen=True, kw_only=True):
    """A session that runs, with what its game says.

    Attributes:
        lines: The phrase by language, as it is worded now; none: the game has no such phrase.
    """

    account_id: UUID
    game_id: UUID
    slug: str | None
    titles: dict[str, str]
    capsule_url: str | None
    since: datetime
    changed_at: datetime | None
    phrase: str | None
    text: str | None
    parameters: dict[str, str] | None
    lines: dict[str, str] | None


class _Lines(msgspec.Struct, frozen=True):
    lines: dict[str, str]


async def find_phrase(tx: Transaction, app_id: UUID, key: str) -> dict[str, str] | None:
    """Return one phrase of a game, by language."""
    found = await tx.fetch_one(
        "SELECT phrases -> $2 AS lines FROM phrase_lists WHERE app_id = $1 AND phrases ? $2",
        app_id,
        key,
        into=_Lines,
    )
    return found.lines if found else None


async def put(
    tx: Transaction, session_id: UUID, account_id: UUID, said: NewPresence, now: datetime
) -> datetime:
    """Keep what a game says; return since when it has said so. The same again is as old as it was."""
    since: datetime = await tx.fetch_value(
        """
        INSERT INTO presences AS p (session_id, account_id, phrase, text, parameters, changed_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (session_id) DO UPDATE
        SET phrase = excluded.phrase, text = excluded.text, parameters = excluded.parameters,
            changed_at = CASE
                WHEN (p.phrase, p.text, p.parameters) IS NOT DISTINCT FROM (excluded.phrase, excluded.text, excluded.parameters)
                THEN p.changed_at ELSE excluded.changed_at
            END
        RETURNING changed_at
        """,
        session_id,
        account_id,
        said.phrase,
        said.text,
        said.parameters,
        now,
    )
    return since


async def drop(tx: Transaction, session_id: UUID) -> None:
    """Forget what a game says."""
    await tx.execute("DELETE FROM presences WHERE session_id = $1", session_id)


async def drop_over(tx: Transaction, limit: int) -> int:
    """Forget what was said in sessions that are over; return how many there were."""
    return await tx.execute(
        """
        DELETE FROM presences WHERE session_id IN (
            SELECT p.session_id FROM presences p JOIN play_sessions s ON s.id = p.session_id
            WHERE s.ended_at IS NOT NULL LIMIT $1
            FOR UPDATE OF p SKIP LOCKED
        )
        """,
        limit,
    )


async def list_playing(
    database: Database, account_ids: Sequence[UUID], *, viewer: UUID, heard_since: datetime, limit: int
) -> list[Playing]:
    """Return what these accounts play, of each the session that began last, those that began last first.

    Of others, games that they hide and games that are not out, or not known, are left out.
    """
    return await database.fetch(
        """
        SELECT * FROM (
            SELECT DISTINCT ON (s.account_id) s.account_id, s.app_id AS game_id, a.slug,
                jsonb_strip_nulls(jsonb_build_object('ru', a.title_ru, 'en', a.title_en)) AS titles, a.capsule_url,
                s.started_at AS since, p.changed_at, p.phrase, p.text, p.parameters, l.phrases -> p.phrase AS lines
            FROM play_sessions s
            LEFT JOIN app_copies a ON a.app_id = s.app_id
            LEFT JOIN shelf_marks m ON m.account_id = s.account_id AND m.app_id = s.app_id
            LEFT JOIN presences p ON p.session_id = s.id
            LEFT JOIN phrase_lists l ON l.app_id = s.app_id AND p.phrase IS NOT NULL
            WHERE s.account_id = ANY($1::uuid[]) AND s.ended_at IS NULL AND s.last_beat_at >= $3
                AND (
                    s.account_id = $2
                    OR (m.is_hidden IS NOT TRUE AND a.slug IS NOT NULL AND a.stage IS DISTINCT FROM 'coming_soon')
                )
            ORDER BY s.account_id, s.started_at DESC, s.id DESC
        ) playing
        ORDER BY since DESC, account_id
        LIMIT $4
        """,
        list(account_ids),
        viewer,
        heard_since,
        limit,
        into=Playing,
    )
