"""PostgreSQL: a pool, transactions, rows that become structs.

    async with database.transaction() as tx:
        game = await tx.fetch_one("SELECT id, title FROM games WHERE id = $1", game_id, into=Game)
        await tx.execute("UPDATE games SET title = $2 WHERE id = $1", game_id, title)
        await tx.publish(GameRenamed(game_id=game_id, title=title))

The block commits at its end and rolls back on any error. `jsonb` goes in and out as Python values, `json` as text.

Errors: PostgreSQL away, restarting or out of connections is `Unavailable`; a deadlock, a serialization failure and a
lock not had in time are `Conflict`s worth trying again; a statement past its time, which is what the request has left and
15 s at most, is `DeadlineExceeded`: long work goes by small steps. All others,
`asyncpg.UniqueViolationError` and its kin, come as they are: a repository knows what they mean.
"""

import asyncio
import logging
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from functools import lru_cache, partial
from typing import Any, Final, Literal, Self, TypeVar
from uuid import UUID

import asyncpg
import msgspec

from samovar.kit import deadline, metrics, tracing
from samovar.kit.clock import Clock, SystemClock
from samovar.kit.errors import (
    Conflict,
    DeadlineExceeded,
    Internal,
    InvalidInput,
    SamovarError,
    Unavailable,
)
from samovar.kit.events import Event
from samovar.kit.ids import IdSource, new_id
from samovar.kit.settings import Secret

CONNECT_TIMEOUT_S = 5.0
ACQUIRE_TIMEOUT_S = 3.0
STATEMENT_TIMEOUT_MS = 15_000
# Longer than the server's own limit: it ends a statement only when the server no longer answers at all.
ANSWER_TIMEOUT_S = 20.0
LOCK_TIMEOUT_MS = 5_000
IDLE_IN_TRANSACTION_TIMEOUT_MS = 60_000
CLOSE_TIMEOUT_S = 10.0
STATEMENTS_CACHED_MAX = 256
CONFLICT_RETRY_AFTER_S = 0.1
# NATS takes 1 MiB; an event that large would stop all behind it.
EVENT_BYTES_MAX = 262_144

T = TypeVar("T")
Isolation = Literal["read_committed", "repeatable_read", "serializable"]

_BEGIN: Final = {
    "read_committed": "BEGIN",
    "repeatable_read": "BEGIN ISOLATION LEVEL REPEATABLE READ",
    "serializable": "BEGIN ISOLATION LEVEL SERIALIZABLE",
}
_AWAY = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,  # 57P01…57P03: shut down, crashed, starting up.
    asyncpg.InsufficientResourcesError,  # 53xxx: too many connections, the disk is full.
    asyncpg.ReadOnlySQLTransactionError,  # The connection leads to a server that is no longer the primary.
    asyncpg.InvalidCachedStatementError,  # A migration has just changed the table; the next attempt prepares anew.
    asyncpg.InternalClientError,  # The connection was lost within a statement, of which asyncpg thinks that it still runs.
)
_FAULTS = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
# A NUL in text, for one, which JSON may carry and PostgreSQL cannot keep. A service that minds names the field itself.
_UNSTORABLE = (asyncpg.CharacterNotInRepertoireError, asyncpg.UntranslatableCharacterError)
_COLLISIONS = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError, asyncpg.LockNotAvailableError)
_SYSTEM: Final = {"db.system.name": "postgresql"}
_TABLE = re.compile(r"\b(?:from|into|update)\s+([a-z_.]+)", re.IGNORECASE)
_PUBLISH = """
    INSERT INTO kit.outbox
        (event_id, subject, aggregate_key, aggregate_version, payload, traceparent, created_at)
    SELECT event_id, subject, key, version, payload::json, $6, $7
    FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::text[]) WITH ORDINALITY
        AS told (event_id, subject, key, version, payload, place)
    ORDER BY place
"""


class Database:
    """One service's database. Safe to share between tasks; each call takes a connection of its own.

    Attributes:
        service: Whose database it is.
        outbox_written: Set after each commit that put events into the outbox; the relay waits for it.
    """

    def __init__(self, pool: Any, *, service: str, clock: Clock, new_id: IdSource) -> None:
        self.service = service
        self.outbox_written = asyncio.Event()
        self._pool = pool
        self._waited = metrics.POOL_WAIT_SECONDS.labels(service)
        metrics.POOL_SIZE.labels(service).set_function(pool.get_size)
        metrics.POOL_IN_USE.labels(service).set_function(lambda: pool.get_size() - pool.get_idle_size())
        self._clock = clock
        self._new_id = new_id

    @classmethod
    async def open(
        cls,
        url: Secret,
        *,
        service: str,
        pool_size_min: int,
        pool_size_max: int,
        clock: Clock | None = None,
        new_id: IdSource = new_id,
    ) -> Self:
        """Open the pool.

        Raises:
            Unavailable: PostgreSQL is away.
        """
        # What it says with a traceback at each attempt, each caller hears as `Unavailable`.
        logging.getLogger("asyncpg.pool").setLevel(logging.ERROR)
        connecting = asyncpg.create_pool(
            url.reveal(),
            min_size=pool_size_min,
            max_size=pool_size_max,
            timeout=CONNECT_TIMEOUT_S,
            command_timeout=ANSWER_TIMEOUT_S,
            statement_cache_size=STATEMENTS_CACHED_MAX,
            max_cached_statement_lifetime=0,
            server_settings={
                "application_name": service,
                "statement_timeout": str(STATEMENT_TIMEOUT_MS),
                "lock_timeout": str(LOCK_TIMEOUT_MS),
                "idle_in_transaction_session_timeout": str(IDLE_IN_TRANSACTION_TIMEOUT_MS),
                "jit": "off",
            },
            init=_use_msgspec_for_jsonb,
            reset=_keep_session,
        )
        try:
            pool = await connecting
        except _AWAY as error:
            raise Unavailable(f"PostgreSQL is away: {error}") from error
        return cls(pool, service=service, clock=clock or SystemClock(), new_id=new_id)

    async def close(self) -> None:
        """Wait for the connections in use, for `CLOSE_TIMEOUT_S` at most, and close them all."""
        try:
            async with asyncio.timeout(CLOSE_TIMEOUT_S):
                await self._pool.close()
        except TimeoutError:
            self._pool.terminate()

    @asynccontextmanager
    async def transaction(self, *, isolation: Isolation = "read_committed") -> AsyncIterator["Transaction"]:
        """Open a transaction: committed at the end of the block, rolled back when an error leaves it."""
        async with self._connection() as connection:
            ask = partial(self._ask, connection)
            tx = Transaction(ask, service=self.service, clock=self._clock, new_id=self._new_id)
            await self._ask(connection, "execute", _BEGIN[isolation])
            try:
                yield tx
            except BaseException:
                await _roll_back(connection)
                raise
            if await self._ask(connection, "execute", "COMMIT", within_deadline=False) != "COMMIT":
                raise Internal("the transaction went on after one of its statements had failed")
        if tx.has_published:
            self.outbox_written.set()
        for waiting in tx.wakes:
            waiting.set()

    async def fetch(self, sql: str, *args: object, into: type[T]) -> list[T]:
        """Return all rows, outside a transaction."""
        async with self._connection() as connection:
            return _structs(await self._ask(connection, "fetch", sql, *args), into)

    async def fetch_one(self, sql: str, *args: object, into: type[T]) -> T | None:
        """Return the first row or none, outside a transaction."""
        async with self._connection() as connection:
            return _struct(await self._ask(connection, "fetchrow", sql, *args), into)

    async def fetch_value(self, sql: str, *args: object) -> Any:
        """Return the first column of the first row, or none, outside a transaction."""
        async with self._connection() as connection:
            return await self._ask(connection, "fetchval", sql, *args)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Any]:
        left_s = deadline.remaining_s()
        timeout_s = ACQUIRE_TIMEOUT_S if left_s is None else min(ACQUIRE_TIMEOUT_S, left_s)
        started = time.perf_counter()
        try:
            connection = await self._pool.acquire(timeout=timeout_s)
            self._waited.observe(time.perf_counter() - started)
        except TimeoutError as error:
            raise Unavailable("no connection to PostgreSQL was free in time") from error
        except (*_AWAY, asyncpg.InterfaceError) as error:
            raise Unavailable(f"PostgreSQL is away: {error}") from error
        try:
            yield connection
        finally:
            await self._pool.release(connection)

    async def _ask(
        self, connection: Any, method: str, sql: str, *args: object, within_deadline: bool = True
    ) -> Any:
        """Send one statement, under a span, and turn its faults into the kit's errors."""
        timeout_s = deadline.remaining_s() if within_deadline else None
        with tracing.span(_summary(sql), kind="client", attributes=_SYSTEM) as span:
            span.set_attribute("db.query.text", sql)
            try:
                return await getattr(connection, method)(sql, *args, timeout=timeout_s)
            except _FAULTS as error:
                known = _known(error)
                if known is None:
                    raise
                if isinstance(known, Unavailable):
                    # The others of the pool are most likely as dead: without this each would fail one request.
                    await self._pool.expire_connections()
                raise known from error


class Transaction:
    """An open transaction; made by `Database.transaction`.

    Attributes:
        has_published: Events wait for the commit.
        wakes: Set once this has committed, for who waits in this process for what it wrote.
    """

    def __init__(
        self, ask: Callable[..., Awaitable[Any]], *, service: str, clock: Clock, new_id: IdSource
    ) -> None:
        self._ask = ask
        self._service = service
        self._clock = clock
        self._new_id = new_id
        self.has_published = False
        self.wakes: set[asyncio.Event] = set()

    async def fetch(self, sql: str, *args: object, into: type[T]) -> list[T]:
        """Return all rows."""
        return _structs(await self._ask("fetch", sql, *args), into)

    async def fetch_one(self, sql: str, *args: object, into: type[T]) -> T | None:
        """Return the first row, or none."""
        return _struct(await self._ask("fetchrow", sql, *args), into)

    async def fetch_value(self, sql: str, *args: object) -> Any:
        """Return the first column of the first row, or none."""
        return await self._ask("fetchval", sql, *args)

    async def execute(self, sql: str, *args: object) -> int:
        """Run a statement and return the number of rows it touched."""
        tag: str = await self._ask("execute", sql, *args)
        count = tag.rpartition(" ")[2]
        return int(count) if count.isdigit() else 0

    async def publish(self, event: Event) -> UUID:
        """Tell others, once this transaction has committed; returns the id of the event.

        Raises:
            ValueError: The event is another service's, or larger than `EVENT_BYTES_MAX`.
        """
        return (await self.publish_many([event]))[0]

    async def publish_many(self, events: Sequence[Event]) -> list[UUID]:
        """Tell others of many things in one statement, in this order; returns the ids of the events.

        Raises:
            ValueError: As `publish`.
        """
        if not events:
            return []
        payloads = [self._payload(event) for event in events]
        ids = [self._new_id() for _ in events]
        aggregates = [event.aggregate() for event in events]
        carrier: dict[str, str] = {}
        tracing.inject(carrier)
        await self._ask(
            "execute",
            _PUBLISH,
            ids,
            [event.subject for event in events],
            [aggregate and aggregate.key for aggregate in aggregates],
            [aggregate and aggregate.version for aggregate in aggregates],
            payloads,
            carrier.get(tracing.TRACEPARENT),
            self._clock.now(),
        )
        self.has_published = True
        return ids

    def _payload(self, event: Event) -> str:
        if event.publisher() != self._service:
            raise ValueError(f"{self._service} cannot publish {event.subject}")
        payload = msgspec.json.encode(event)
        if len(payload) > EVENT_BYTES_MAX:
            raise ValueError(f"{event.subject}: {len(payload)} bytes, at most {EVENT_BYTES_MAX}")
        return payload.decode()


def _known(error: Exception) -> SamovarError | None:
    """Return the kit's error for a fault of the server or the wire, none for what only the caller understands."""
    if isinstance(error, (TimeoutError, asyncpg.QueryCanceledError)):
        return DeadlineExceeded(f"PostgreSQL took too long: {error}")
    if isinstance(error, _AWAY):
        return Unavailable(f"PostgreSQL is away: {error}")
    if _is_unstorable(error):
        return InvalidInput(f"PostgreSQL cannot keep this value: {error}")
    if isinstance(error, _COLLISIONS):
        return Conflict(f"PostgreSQL: {error}", retry_after_s=CONFLICT_RETRY_AFTER_S)
    if type(error) is asyncpg.InterfaceError and ("closed" in str(error) or "released" in str(error)):
        return Unavailable(f"PostgreSQL is away: {error}")
    return None


def _is_unstorable(error: Exception) -> bool:
    """Whether a value is beyond what can be kept: a NUL in text, a moment before the first year once its offset is taken away."""
    return isinstance(error, _UNSTORABLE) or (
        isinstance(error, asyncpg.DataError) and isinstance(error.__cause__, OverflowError)
    )


async def _roll_back(connection: Any) -> None:
    """Roll back; a connection on which that fails is dropped."""
    try:
        await connection.execute("ROLLBACK")
    except _FAULTS:
        with suppress(asyncpg.InterfaceError):  # It had gone before.
            connection.terminate()


async def _use_msgspec_for_jsonb(connection: Any) -> None:
    # The binary form is a version byte, 1, and the text.
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        format="binary",
        encoder=lambda value: b"\x01" + msgspec.json.encode(value),
        decoder=lambda data: msgspec.json.decode(data[1:]),
    )


async def _keep_session(_connection: Any) -> None:
    """Spare the round trip that would reset the session: the kit changes nothing beyond a transaction."""


def _structs(rows: list[Any], into: type[T]) -> list[T]:
    return [msgspec.convert(dict(row), into) for row in rows]


def _struct(row: Any, into: type[T]) -> T | None:
    return None if row is None else msgspec.convert(dict(row), into)


@lru_cache(maxsize=STATEMENTS_CACHED_MAX * 4)
def _summary(sql: str) -> str:
    """Return the verb and the table, the low-cardinality name that OpenTelemetry asks for: `SELECT games`."""
    verb = sql.split(None, 1)[0].upper()
    table = _TABLE.search(sql)
    return f"{verb} {table[1]}" if table else verb
