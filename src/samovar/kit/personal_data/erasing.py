"""Forgetting a person: in a service's tables, in the kit's, in the stream and in Redis. Doing it twice is as good as once."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from samovar.kit.bus import Bus
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import Unavailable
from samovar.kit.events import Event
from samovar.kit.personal_data.declaration import Holding, PersonalData, Table

OUTBOX_STEP = 20_000
KEYS_AT_ONCE = 1_000
STREAM_TIMEOUT_S = 10.0

_MESSAGES = """
    UPDATE kit.outgoing_messages SET state = 'refused', message = NULL, settled_at = now(), last_error = 'erased'
    WHERE state = 'waiting' AND message ->> 'to' = ANY($1::text[])
"""
_ANSWERS = "UPDATE kit.idempotency_keys SET body = '' WHERE scope = $1 AND body <> ''"
_LETTERS = "DELETE FROM kit.dead_letters WHERE position(convert_to($1, 'UTF8') IN payload) > 0"
_OUTBOX = """
    UPDATE kit.outbox SET payload = (payload::jsonb || $4::jsonb)::json
    WHERE seq > $1 AND seq <= $1 + $5 AND subject = $2 AND position($3 IN payload::text) > 0
    RETURNING event_id, created_at
"""
_LAST = "SELECT coalesce(max(seq), 0) FROM kit.outbox"
_FIRST = "SELECT coalesce(min(seq), 1) - 1 FROM kit.outbox"

Before = Callable[..., Awaitable[object]]
log = structlog.get_logger(__name__)


class _Told(msgspec.Struct, frozen=True):
    event_id: UUID
    created_at: datetime


class Eraser:
    """Forgets people in one service.

    Args:
        database: The service's.
        declared: What the service says of its tables.
        events: Those that the service publishes.
        before: `declared.before_erasing` with what the service made filled in.
    """

    def __init__(
        self,
        database: Database,
        declared: PersonalData,
        events: Sequence[type[Event]],
        *,
        before: Before | None,
        bus: Bus,
        redis: Redis,
    ) -> None:
        self._database = database
        self._declared = declared
        self._events = [event for event in events if event.personal]
        self._before = before
        self._bus = bus
        self._redis = redis

    async def erase(self, account_id: UUID, addresses: Sequence[str]) -> dict[str, int]:
        """Forget a person, and return how much of what was forgotten; `kept:…` names what stays.

        Raises:
            Undeclared: A table looks personal, and nothing says what becomes of it.
            Unavailable: PostgreSQL, NATS or Redis is away; what is done already may be done again.
        """
        counts = await self._erase_rows(account_id, addresses)
        for event in self._events:
            told = await self._erase_told(event, account_id)
            counts[f"outbox:{event.subject}"] = len(told)
            if told:
                counts[f"stream:{event.subject}"] = await self._erase_sent(event, told)
        counts["redis"] = await self._erase_keys(account_id)
        return {name: count for name, count in counts.items() if count or name.startswith("kept:")}

    async def _erase_rows(self, account_id: UUID, addresses: Sequence[str]) -> dict[str, int]:
        holding = await Holding.read(self._database, self._declared)
        counts: dict[str, int] = {}
        async with self._database.transaction() as tx:
            if self._before:
                await self._before(tx=tx, account_id=account_id)
            for table in holding.tables:
                name = table.name if table.kept_because is None else f"kept:{table.name}"
                counts[name] = await _erase_in(tx, table, account_id, list(addresses))
            counts["kit.outgoing_messages"] = await tx.execute(_MESSAGES, list(addresses))
            counts["kit.idempotency_keys"] = await tx.execute(_ANSWERS, str(account_id))
            counts["kit.dead_letters"] = await tx.execute(_LETTERS, str(account_id))
        return counts

    async def _erase_told(self, event: type[Event], account_id: UUID) -> list[_Told]:
        """Take the personal fields out of what the outbox keeps, by small steps; return what that was."""
        seq, last = await self._database.fetch_value(_FIRST), await self._database.fetch_value(_LAST)
        told: list[_Told] = []
        while seq < last:
            async with self._database.transaction() as tx:
                told += await tx.fetch(
                    _OUTBOX,
                    seq,
                    event.subject,
                    str(account_id),
                    dict(event.personal),
                    OUTBOX_STEP,
                    into=_Told,
                )
            seq += OUTBOX_STEP
        return told

    async def _erase_sent(self, event: type[Event], told: Sequence[_Told]) -> int:
        """Delete from the stream what it still keeps; what cannot be found in time leaves by its age, within a week."""
        try:
            async with asyncio.timeout(STREAM_TIMEOUT_S):
                return await self._bus.delete(
                    event.publisher(),
                    event.subject,
                    {str(one.event_id) for one in told},
                    since=min(one.created_at for one in told),
                )
        except TimeoutError:
            log.warning("not all events of a person were found in the stream", subject=event.subject)
            return 0

    async def _erase_keys(self, account_id: UUID) -> int:
        pattern, deleted = f"*{self._database.service}*{account_id}*", 0
        try:
            async for key in self._redis.scan_iter(match=pattern, count=KEYS_AT_ONCE):
                deleted += await self._redis.unlink(key)
        except RedisError as error:
            raise Unavailable(f"Redis: {error}") from error
        return deleted


async def _erase_in(tx: Transaction, table: Table, account_id: UUID, addresses: list[str]) -> int:
    """Delete or overwrite a person's rows in a table. Names come from the schema and from declarations, never from a request."""
    if table.is_deleted:
        sql = f'DELETE FROM public."{table.name}" WHERE {table.condition}'  # noqa: S608
        return await tx.execute(sql, account_id, addresses)
    if not table.becomes:
        sql = f'SELECT count(*) FROM public."{table.name}" WHERE {table.condition}'  # noqa: S608
        return int(await tx.fetch_value(sql, account_id, addresses))
    names = ", ".join(f'"{name}" = ${number}' for number, name in enumerate(table.becomes, 3))
    sql = f'UPDATE public."{table.name}" SET {names} WHERE {table.condition}'  # noqa: S608
    return await tx.execute(sql, account_id, addresses, *table.becomes.values())
