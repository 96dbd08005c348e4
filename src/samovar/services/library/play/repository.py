"""The SQL of play."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.library.play.domain import EndReason, Session

_SESSIONS = """
    SELECT id, account_id, app_id, device_id, client_session_id, is_offline, started_at, last_beat_at, last_seq, ended_at,
        end_reason
    FROM play_sessions
"""


class EndedSession(Session, frozen=True, kw_only=True):
    """A session that has just ended, and how long the account has played the app in all."""

    total_s: int


class _Id(msgspec.Struct, frozen=True):
    app_id: UUID


class _Seconds(msgspec.Struct, frozen=True):
    seconds: int


async def lock_player(tx: Transaction, account_id: UUID) -> None:
    """Let what one account plays be written one after the other: its time is counted once however many devices tell of it."""
    await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended('play ' || $1, 0))", str(account_id))


async def lock_player_lightly(tx: Transaction, account_id: UUID) -> None:
    """As `lock_player`, for what may be lost with the machine: the commit does not wait for the disk."""
    await tx.execute(
        """
        SELECT pg_advisory_xact_lock(hashtextextended('play ' || $1, 0)), set_config('synchronous_commit', 'off', true)
        """,
        str(account_id),
    )


async def commit_durably(tx: Transaction) -> None:
    """Take back that the commit does not wait for the disk."""
    await tx.execute("SET LOCAL synchronous_commit TO DEFAULT")


async def find(tx: Transaction, session_id: UUID) -> Session | None:
    """Return a session; nobody changes it until the end of the transaction."""
    return await tx.fetch_one(f"{_SESSIONS} WHERE id = $1 FOR NO KEY UPDATE", session_id, into=Session)


async def find_named(tx: Transaction, account_id: UUID, names: Sequence[UUID]) -> list[Session]:
    """Return the sessions that a client has named so."""
    return await tx.fetch(
        f"{_SESSIONS} WHERE account_id = $1 AND client_session_id = ANY($2::uuid[])",
        account_id,
        list(names),
        into=Session,
    )


async def list_live(tx: Transaction, account_id: UUID) -> list[Session]:
    """Return the sessions of an account that run; nobody changes them until the end of the transaction."""
    return await tx.fetch(
        f"""
        {_SESSIONS} WHERE account_id = $1 AND ended_at IS NULL ORDER BY id FOR NO KEY UPDATE
        """,
        account_id,
        into=Session,
    )


async def list_of_device(
    tx: Transaction, account_id: UUID, device_id: str, begun_at: datetime
) -> list[Session]:
    """Return the sessions of a device that lasted beyond a moment."""
    return await tx.fetch(
        f"""
        {_SESSIONS}
        WHERE account_id = $1 AND device_id = $2 AND (ended_at IS NULL OR ended_at > $3)
        """,
        account_id,
        device_id,
        begun_at,
        into=Session,
    )


async def insert(tx: Transaction, sessions: Sequence[Session]) -> None:
    """Keep new sessions."""
    await tx.execute(
        """
        INSERT INTO play_sessions (
            id, account_id, app_id, device_id, client_session_id, is_offline, started_at, last_beat_at, last_seq, ended_at,
            end_reason
        )
        SELECT id, account_id, app_id, device_id, client_session_id, is_offline, started_at, last_beat_at, last_seq, ended_at,
            end_reason
        FROM jsonb_to_recordset($1) AS new (
            id uuid, account_id uuid, app_id uuid, device_id text, client_session_id uuid, is_offline boolean,
            started_at timestamptz, last_beat_at timestamptz, last_seq bigint, ended_at timestamptz, end_reason text
        )
        """,
        sessions,
    )


async def beat(tx: Transaction, session_id: UUID, at: datetime, seq: int) -> None:
    """Note that a session still runs."""
    await tx.execute(
        "UPDATE play_sessions SET last_beat_at = $2, last_seq = $3 WHERE id = $1", session_id, at, seq
    )


async def beat_at_once(
    tx: Transaction,
    account_id: UUID,
    app_id: UUID,
    session_id: UUID,
    *,
    seq: int | None,
    at: datetime,
    heard_since: datetime,
    now: datetime,
) -> Session | None:
    """Count the time since the last heartbeat of a session that runs by a licence of the player's own, in one step.

    Whatever is not so plain changes nothing and returns none: a session that is over, silent or another's, a heartbeat that comes late or
    within the same second, a game that is borrowed or no longer owned. The player is locked.
    """
    return await tx.fetch_one(
        """
        WITH live AS (
            SELECT s.id, s.last_beat_at FROM play_sessions s
            WHERE s.id = $1 AND s.account_id = $2 AND s.app_id = $3 AND s.ended_at IS NULL
                AND s.last_beat_at >= $6 AND s.last_beat_at < $5 AND ($4::bigint IS NULL OR s.last_seq < $4)
                AND EXISTS (
                    SELECT FROM licence_apps la
                    WHERE la.account_id = $2 AND la.app_id = $3 AND (la.expires_at IS NULL OR la.expires_at > $7)
                )
            FOR NO KEY UPDATE OF s
        ), touched AS (
            DELETE FROM played_spans p USING live l
            WHERE p.account_id = $2 AND p.app_id = $3 AND p.ended_at >= l.last_beat_at AND p.started_at <= $5
            RETURNING p.started_at, p.ended_at
        ), merged AS (
            SELECT l.last_beat_at, least(l.last_beat_at, t.started_at) AS started_at, greatest($5, t.ended_at) AS ended_at, t.had
            FROM live l
            CROSS JOIN (
                SELECT min(started_at) AS started_at, max(ended_at) AS ended_at,
                    coalesce(sum(ended_at - started_at), '0'::interval) AS had
                FROM touched
            ) t
        ), kept AS (
            INSERT INTO played_spans (account_id, app_id, started_at, ended_at) SELECT $2, $3, started_at, ended_at FROM merged
        ), entry AS (
            UPDATE library_entries e
            SET played_s = e.played_s + extract(epoch FROM m.ended_at - m.started_at - m.had)::bigint,
                first_played_at = least(e.first_played_at, m.last_beat_at), last_played_at = greatest(e.last_played_at, $5)
            FROM merged m
            WHERE e.account_id = $2 AND e.app_id = $3
        )
        UPDATE play_sessions s SET last_beat_at = $5, last_seq = coalesce($4, s.last_seq)
        FROM live l WHERE s.id = l.id
        RETURNING s.id, s.account_id, s.app_id, s.device_id, s.client_session_id, s.is_offline, s.started_at, s.last_beat_at,
            s.last_seq, s.ended_at, s.end_reason
        """,
        session_id,
        account_id,
        app_id,
        seq,
        at,
        heard_since,
        now,
        into=Session,
    )


async def end(tx: Transaction, session_ids: Sequence[UUID], reason: EndReason) -> list[EndedSession]:
    """End sessions at their last heartbeat."""
    return await tx.fetch(
        """
        UPDATE play_sessions s SET ended_at = s.last_beat_at, end_reason = $2
        FROM library_entries e
        WHERE s.id = ANY($1::uuid[]) AND e.account_id = s.account_id AND e.app_id = s.app_id
        RETURNING s.id, s.account_id, s.app_id, s.device_id, s.client_session_id, s.is_offline, s.started_at, s.last_beat_at,
            s.last_seq, s.ended_at, s.end_reason, e.played_s + e.brought_s AS total_s
        """,
        list(session_ids),
        reason,
        into=EndedSession,
    )


async def end_silent(tx: Transaction, silent_since: datetime, limit: int) -> list[EndedSession]:
    """End sessions that have been quiet since a moment, at their last heartbeat, the longest quiet first."""
    return await tx.fetch(
        """
        UPDATE play_sessions s SET ended_at = s.last_beat_at, end_reason = 'silent'
        FROM library_entries e
        WHERE s.id IN (
            SELECT id FROM play_sessions
            WHERE last_beat_at < $1 AND ended_at IS NULL
            ORDER BY last_beat_at, id
            LIMIT $2
            FOR NO KEY UPDATE SKIP LOCKED
        ) AND e.account_id = s.account_id AND e.app_id = s.app_id
        RETURNING s.id, s.account_id, s.app_id, s.device_id, s.client_session_id, s.is_offline, s.started_at, s.last_beat_at,
            s.last_seq, s.ended_at, s.end_reason, e.played_s + e.brought_s AS total_s
        """,
        silent_since,
        limit,
        into=EndedSession,
    )


async def forget(tx: Transaction, ended_before: datetime, limit: int) -> int:
    """Forget sessions that ended long ago; what they counted for stays."""
    return await tx.execute(
        """
        DELETE FROM play_sessions WHERE id IN (
            SELECT id FROM play_sessions WHERE ended_at < $1 ORDER BY ended_at, id LIMIT $2 FOR UPDATE SKIP LOCKED
        )
        """,
        ended_before,
        limit,
    )


async def open_entry(tx: Transaction, account_id: UUID, app_id: UUID) -> None:
    """Have a row for what an account plays of an app."""
    await tx.execute(
        "INSERT INTO library_entries (account_id, app_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        account_id,
        app_id,
    )


async def add_span(
    tx: Transaction, account_id: UUID, app_id: UUID, begun_at: datetime, ended_at: datetime
) -> None:
    """Count a span of play; what of it was counted before is not counted again. The player is locked."""
    await tx.execute(
        """
        WITH touched AS (
            DELETE FROM played_spans WHERE account_id = $1 AND app_id = $2 AND ended_at >= $3 AND started_at <= $4
            RETURNING started_at, ended_at
        ), merged AS (
            SELECT least($3, min(started_at)) AS started_at, greatest($4, max(ended_at)) AS ended_at,
                coalesce(sum(ended_at - started_at), '0'::interval) AS had
            FROM touched
        ), kept AS (
            INSERT INTO played_spans (account_id, app_id, started_at, ended_at)
            SELECT $1, $2, started_at, ended_at FROM merged
        )
        UPDATE library_entries e
        SET played_s = e.played_s + extract(epoch FROM m.ended_at - m.started_at - m.had)::bigint,
            first_played_at = least(e.first_played_at, $3), last_played_at = greatest(e.last_played_at, $4)
        FROM merged m
        WHERE e.account_id = $1 AND e.app_id = $2
        """,
        account_id,
        app_id,
        begun_at,
        ended_at,
    )


async def total_s(tx: Transaction, account_id: UUID, app_id: UUID) -> int:
    """Return how long an account has played an app in all."""
    found = await tx.fetch_value(
        "SELECT played_s + brought_s FROM library_entries WHERE account_id = $1 AND app_id = $2",
        account_id,
        app_id,
    )
    return int(found or 0)


async def bring(tx: Transaction, account_id: UUID, app_ids: Sequence[UUID], seconds: int) -> None:
    """Note how long an account had played apps before."""
    await tx.execute(
        """
        INSERT INTO library_entries (account_id, app_id, brought_s) SELECT $1, app_id, $3 FROM unnest($2::uuid[]) AS app_id
        ON CONFLICT (account_id, app_id) DO UPDATE SET brought_s = excluded.brought_s
        """,
        account_id,
        list(app_ids),
        seconds,
    )


async def played_since(
    database: Database, account_id: UUID, app_ids: Sequence[UUID], since: Sequence[datetime]
) -> list[int]:
    """Return how many seconds an account has played each app since the moment beside it."""
    rows = await database.fetch(
        """
        SELECT floor(coalesce(sum(extract(epoch FROM s.ended_at - greatest(s.started_at, w.since))), 0))::bigint AS seconds
        FROM unnest($2::uuid[], $3::timestamptz[]) WITH ORDINALITY AS w (app_id, since, place)
        LEFT JOIN played_spans s ON s.account_id = $1 AND s.app_id = w.app_id AND s.ended_at > w.since
        GROUP BY w.place
        ORDER BY w.place
        """,
        account_id,
        list(app_ids),
        list(since),
        into=_Seconds,
    )
    return [row.seconds for row in rows]


async def forget_sums(tx: Transaction, app_id: UUID, begun_at: datetime, ended_at: datetime) -> None:
    """Take away what was counted of spans of time in which something was played that was not known of; the moments themselves count.

    Whoever counts waits until this is committed, and counts anew.
    """
    await tx.execute(
        "SELECT pg_advisory_xact_lock_shared(hashtextextended('play sums ' || $1, 0))", str(app_id)
    )
    await tx.execute(
        "DELETE FROM play_sums WHERE app_id = $1 AND since <= $3 AND until >= $2", app_id, begun_at, ended_at
    )
