"""The outbox: an event leaves exactly when the transaction that published it has committed.

`Transaction.publish` writes the row; the relay sends waiting rows to the service's stream and marks them when NATS has
them on disk. A relay that dies between the two sends again: JetStream drops the repetition within two minutes, the
consumers' inbox drops it for ever.

Every process runs a relay, and one at a time works: it takes an advisory lock for each batch, sends in the order of
`seq`, and holds the lock until the answers are in. `FOR UPDATE SKIP LOCKED` would let several work at once and an aggregate's
second event overtake its first; a lock per shard would keep that order too, but one relay already sends more than the
consumers of one database can apply. Locking by batch, not for ever, lets the process that has just committed send at once
wherever it runs. `seq` follows the commits of one aggregate, because a transaction takes it after it has locked the
aggregate's row.

Rows stay for `KEPT_DAYS`: `replay` sends them again, which also rebuilds a stream that NATS has lost.
"""

import asyncio
from contextlib import suppress
from datetime import datetime
from typing import Literal
from urllib.parse import quote
from uuid import UUID

import msgspec
import structlog

from samovar.kit import metrics
from samovar.kit.bus import Bus, Message, NoStream
from samovar.kit.database import Database
from samovar.kit.errors import SamovarError
from samovar.kit.tasks import stoppable
from samovar.kit.workers import repeat

BATCH_MAX = 256
# The relay is woken by commits of its own process; it looks for what others left behind this often.
POLL_S = 0.5
# Another relay was at work and may have looked just before our row was there.
BUSY_RETRY_S = 0.02
FAILURE_WAIT_MIN_S = 0.2
FAILURE_WAIT_MAX_S = 5.0
KEPT_DAYS = 30
PURGE_EVERY_S = 600.0
PURGE_ROWS_MAX = 1_000
REPLAY_ROWS_MAX = 10_000
MEASURE_EVERY_S = 5.0
# Counting stops here: beyond it the exact number tells nothing new and costs time.
COUNTED_MAX = 100_000
ADVISORY_LOCK = 0x5A_4D_4F_42

_WAITING = """
    SELECT seq, event_id, subject, aggregate_key, aggregate_version, payload, traceparent, created_at, replays
    FROM kit.outbox WHERE published_at IS NULL ORDER BY replays, seq LIMIT $1
"""
_PURGE = """
    WITH oldest AS (SELECT seq, created_at, published_at FROM kit.outbox ORDER BY seq LIMIT $1)
    DELETE FROM kit.outbox AS o USING oldest
    WHERE o.seq = oldest.seq AND oldest.published_at IS NOT NULL
        AND oldest.created_at < now() - make_interval(days => $2)
"""
_REPLAY = """
    WITH chosen AS (
        SELECT seq FROM kit.outbox
        WHERE seq > $1 AND created_at >= $2 AND created_at < coalesce($3, 'infinity'::timestamptz)
            AND published_at IS NOT NULL
            AND ($4::text IS NULL OR subject = $4)
        ORDER BY seq LIMIT $5
    ), changed AS (
        UPDATE kit.outbox AS o SET published_at = NULL, replays = replays + 1
        FROM chosen WHERE o.seq = chosen.seq RETURNING o.seq
    )
    SELECT count(*) AS count, max(seq) AS last FROM changed
"""
_MEASURE = """
    SELECT count(*) AS count, coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8 AS oldest_s
    FROM (SELECT created_at FROM kit.outbox WHERE published_at IS NULL ORDER BY replays, seq LIMIT $1) AS waiting
"""

Outcome = Literal["sent", "empty", "busy"]
log = structlog.get_logger(__name__)


class _Row(msgspec.Struct, frozen=True):
    seq: int
    event_id: UUID
    subject: str
    aggregate_key: str | None
    aggregate_version: int | None
    payload: str
    traceparent: str | None
    created_at: datetime
    replays: int


class _Backlog(msgspec.Struct, frozen=True):
    count: int
    oldest_s: float


class _Replayed(msgspec.Struct, frozen=True):
    count: int
    last: int | None


class Relay:
    """Sends what waits in one service's outbox, until cancelled."""

    def __init__(self, database: Database, bus: Bus) -> None:
        self._database = database
        self._bus = bus
        self._service = database.service
        self._has_stream = False
        self._is_failing = False
        self._published = metrics.OUTBOX_PUBLISHED.labels(self._service)
        self._failures = metrics.OUTBOX_FAILURES.labels(self._service)

    async def run(self) -> None:
        """Relay, measure and purge until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(stoppable(self._relay()))
            for step, every_s in ((self._measure, MEASURE_EVERY_S), (self._purge, PURGE_EVERY_S)):
                name = f"outbox{step.__name__}"
                tasks.create_task(stoppable(repeat(step, name=name, service=self._service, every_s=every_s)))

    async def send_batch(self) -> Outcome:
        """Send what waits, `BATCH_MAX` rows at most.

        Raises:
            Unavailable: NATS or PostgreSQL is away; the rows wait.
        """
        if not self._has_stream:
            await self._bus.ensure_stream(self._service)
            self._has_stream = True
        async with self._database.transaction() as tx:
            if not await tx.fetch_value("SELECT pg_try_advisory_xact_lock($1)", ADVISORY_LOCK):
                return "busy"
            rows = await tx.fetch(_WAITING, BATCH_MAX, into=_Row)
            if not rows:
                return "empty"
            published = await self._bus.publish([_message(row, self._service) for row in rows])
            stored = [row.seq for row in rows[: published.stored]]
            await tx.execute("UPDATE kit.outbox SET published_at = now() WHERE seq = ANY($1)", stored)
        self._published.inc(len(stored))
        if published.error is not None:
            self._has_stream = not isinstance(published.error, NoStream)
            raise published.error
        return "sent"

    async def _relay(self) -> None:
        wait_s = FAILURE_WAIT_MIN_S
        written = self._database.outbox_written
        while True:
            written.clear()
            try:
                outcome = await self.send_batch()
            except Exception as error:  # noqa: BLE001  A relay that stopped would hold back all events.
                self._note_failure(error)
                await asyncio.sleep(wait_s)
                wait_s = min(wait_s * 2, FAILURE_WAIT_MAX_S)
                continue
            wait_s = FAILURE_WAIT_MIN_S
            if self._is_failing:
                self._is_failing = False
                log.info("events leave again", service=self._service)
            if outcome == "busy":
                await asyncio.sleep(BUSY_RETRY_S)
            elif outcome == "empty":
                with suppress(TimeoutError):
                    async with asyncio.timeout(POLL_S):
                        await written.wait()

    def _note_failure(self, error: Exception) -> None:
        self._failures.inc()
        if not isinstance(error, SamovarError):
            log.error("the relay failed", service=self._service, exc_info=error)
        elif not self._is_failing:
            log.warning("events wait in the outbox", service=self._service, error=str(error))
        self._is_failing = True

    async def _measure(self) -> None:
        backlog = await self._database.fetch_one(_MEASURE, COUNTED_MAX, into=_Backlog)
        if backlog:
            metrics.OUTBOX_UNPUBLISHED.labels(self._service).set(backlog.count)
            metrics.OUTBOX_OLDEST_SECONDS.labels(self._service).set(backlog.oldest_s)

    async def _purge(self) -> None:
        while await purge(self._database) == PURGE_ROWS_MAX:
            pass


async def purge(database: Database) -> int:
    """Delete a few of the rows that are past `KEPT_DAYS`, and return how many. The front of the table is where they are."""
    async with database.transaction() as tx:
        return await tx.execute(_PURGE, PURGE_ROWS_MAX, KEPT_DAYS)


async def replay(
    database: Database, *, since: datetime, until: datetime | None = None, subject: str | None = None
) -> int:
    """Have events sent again, behind all new ones, and return how many.

    They keep their ids, so a consumer that has applied one drops it; JetStream takes them for new messages.

    Args:
        database: The publisher's.
        since: The first moment, inclusive.
        until: The moment before which the last was published; all that there are unless said.
        subject: Only events of this subject, `samovar.…`.
    """
    count, last = 0, 0
    while True:
        async with database.transaction() as tx:
            done = await tx.fetch_one(_REPLAY, last, since, until, subject, REPLAY_ROWS_MAX, into=_Replayed)
        if done is None or done.last is None:
            return count
        count, last = count + done.count, done.last


def _message(row: _Row, service: str) -> Message:
    """Put a row into CloudEvents 1.0, binary mode: attributes as headers, the event's own JSON as the body."""
    headers = {
        "ce-specversion": "1.0",
        "ce-id": str(row.event_id),
        "ce-source": f"/samovar/{service}",
        "ce-type": row.subject,
        "ce-time": row.created_at.isoformat(),
        "ce-datacontenttype": "application/json",
    }
    if row.aggregate_key is not None:
        headers["ce-partitionkey"] = quote(row.aggregate_key)
    if row.aggregate_version is not None:
        headers["ce-aggregateversion"] = str(row.aggregate_version)
    if row.traceparent is not None:
        headers["traceparent"] = row.traceparent
    return Message(
        subject=row.subject,
        message_id=f"{row.event_id}-{row.replays}" if row.replays else str(row.event_id),
        headers=headers,
        payload=row.payload.encode(),
    )
