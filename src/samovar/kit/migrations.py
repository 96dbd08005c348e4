"""Migrations: plain SQL files, applied once, in the order of their names, by one process at a time.

A service keeps `migrations/2026-11-23-1200_games.sql`; the kit's own are in `kit/schema/` and come first. Each file runs in
a transaction of its own, unless its first line is `-- no-transaction` (for `CREATE INDEX CONCURRENTLY`): such a file
should hold one statement that may be run again, because a crash can leave it half done.

A migration must not stop the release that is running: it waits for a lock only `LOCK_TIMEOUT_MS`, then lets everyone
else through and tries again. Once applied, a file never changes; what needs changing gets a new file.
"""

import asyncio
import hashlib
import re
from collections.abc import Iterable
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import asyncpg
import msgspec

from samovar.kit.database import Database
from samovar.kit.errors import Unavailable
from samovar.kit.settings import Secret

LOCK_TIMEOUT_MS = 2_000
LOCK_ATTEMPTS_MAX = 5
LOCK_RETRY_S = 1.0
TURN_TIMEOUT_S = 600.0
TURN_RETRY_S = 0.2
CONNECT_TIMEOUT_S = 5.0
SLUG_LENGTH_MAX = 60
# Held while migrating; any constant that nobody else uses as a key in a service's database.
ADVISORY_LOCK = 0x5A_4D_56_52
NO_TRANSACTION = "-- no-transaction"

_KIT, _SERVICE = "kit", "service"
_NAME = re.compile(
    rf"\d{{4}}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])-([01]\d|2[0-3])[0-5]\d_[a-z0-9_]{{1,{SLUG_LENGTH_MAX}}}\.sql"
)
_TABLE = """
    CREATE SCHEMA IF NOT EXISTS kit;
    CREATE TABLE IF NOT EXISTS kit.migrations (
        origin     text        NOT NULL,
        name       text        NOT NULL,
        checksum   text        NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (origin, name)
    )
"""
_APPLIED = "SELECT origin, name, checksum FROM kit.migrations"


class MigrationError(Exception):
    """A file cannot be applied. The message names it and is meant for the operator."""


class Migration(msgspec.Struct, frozen=True):
    """One file.

    Attributes:
        origin: `kit` or `service`.
    """

    origin: str
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        """SHA-256 of the text."""
        return hashlib.sha256(self.sql.encode()).hexdigest()

    def __str__(self) -> str:
        return f"{self.origin}/{self.name}"


class _Applied(msgspec.Struct, frozen=True):
    origin: str
    name: str
    checksum: str


async def migrate(url: Secret, folder: Traversable | None) -> list[str]:
    """Apply what is missing and return its names, `kit/…` and `service/…`.

    Args:
        url: The service's database.
        folder: The service's `migrations/`; none for the kit's own tables alone.

    Raises:
        MigrationError: A file has a bad name, has changed since it was applied, is older than one that was applied, or
            failed; what was applied before it stays.
        Unavailable: PostgreSQL is away.
    """
    migrations = read_all(folder)
    connection = await _connect(url)
    try:
        await _wait_for_turn(connection)
        await connection.execute(_TABLE)
        applied = [_Applied(**row) for row in await connection.fetch(_APPLIED)]
        missing = _missing(migrations, applied)
        for migration in missing:
            await _apply(connection, migration)
        return [str(migration) for migration in missing]
    finally:
        await connection.close()


async def pending(database: Database, folder: Traversable | None) -> list[str]:
    """Return the names of what `migrate` would apply. A service is ready when there is nothing.

    Raises:
        MigrationError: `migrate` would refuse.
        Unavailable: PostgreSQL is away.
    """
    migrations = read_all(folder)
    is_new = await database.fetch_value("SELECT to_regclass('kit.migrations') IS NULL")
    applied = [] if is_new else await database.fetch(_APPLIED, into=_Applied)
    return [str(migration) for migration in _missing(migrations, applied)]


def read_all(folder: Traversable | None) -> list[Migration]:
    """Read the kit's files and those in `folder`, in the order in which they run.

    Raises:
        MigrationError: A file is not named `YYYY-MM-DD-HHMM_slug.sql`, or two begin alike.
    """
    kit = _read(_KIT, resources.files("samovar.kit") / "schema")
    return kit + (_read(_SERVICE, folder) if folder is not None else [])


def _read(origin: str, folder: Traversable) -> list[Migration]:
    if not folder.is_dir():
        return []
    files = sorted(
        (file for file in folder.iterdir() if file.name.endswith(".sql")), key=lambda file: file.name
    )
    for file in files:
        if not _NAME.fullmatch(file.name):
            raise MigrationError(f"{origin}/{file.name}: a migration is named YYYY-MM-DD-HHMM_slug.sql")
    stamps = [file.name.partition("_")[0] for file in files]
    for index, stamp in enumerate(stamps[1:]):
        if stamp == stamps[index]:
            raise MigrationError(
                f"{origin}/{files[index].name} and {files[index + 1].name} have the same time: give one a later minute"
            )
    return [Migration(origin, file.name, file.read_text("utf-8")) for file in files]


def _missing(migrations: Iterable[Migration], applied: Iterable[_Applied]) -> list[Migration]:
    """Return what is not applied, after checking that it fits behind what is."""
    checksums = {(row.origin, row.name): row.checksum for row in applied}
    newest = dict(sorted(checksums))
    missing = []
    for migration in migrations:
        checksum = checksums.get((migration.origin, migration.name))
        if checksum is None:
            if migration.name < newest.get(migration.origin, ""):
                raise MigrationError(
                    f"{migration} is older than {newest[migration.origin]}, which is already applied: rename it to now"
                )
            missing.append(migration)
        elif checksum != migration.checksum:
            raise MigrationError(
                f"{migration} has changed since it was applied: put the change into a new file"
            )
    return missing


async def _connect(url: Secret) -> Any:
    try:
        return await asyncpg.connect(
            url.reveal(),
            timeout=CONNECT_TIMEOUT_S,
            server_settings={"application_name": "samovar migrate"},
        )
    except (OSError, asyncpg.OperatorInterventionError) as error:
        raise Unavailable(f"PostgreSQL is away: {error}") from error


async def _wait_for_turn(connection: Any) -> None:
    """Take the lock that the server frees when this connection ends, however it ends.

    By asking again and again: a session that waits inside a statement would stop `CREATE INDEX CONCURRENTLY` in the one
    that has the lock.
    """
    async with asyncio.timeout(TURN_TIMEOUT_S):
        while not await connection.fetchval(  # noqa: ASYNC110  another process holds it: there is no event to wait for
            "SELECT pg_try_advisory_lock($1)", ADVISORY_LOCK
        ):
            await asyncio.sleep(TURN_RETRY_S)


async def _apply(connection: Any, migration: Migration) -> None:
    for attempt in range(1, LOCK_ATTEMPTS_MAX + 1):
        try:
            await _run(connection, migration)
        except asyncpg.LockNotAvailableError as error:
            if attempt == LOCK_ATTEMPTS_MAX:
                raise MigrationError(
                    f"{migration}: a table stayed locked by others through {attempt} attempts; nothing was changed"
                ) from error
            await asyncio.sleep(LOCK_RETRY_S)
        except asyncpg.PostgresError as error:
            raise MigrationError(f"{migration}: {error}{_where(error, migration.sql)}") from error
        else:
            return


async def _run(connection: Any, migration: Migration) -> None:
    if migration.sql.startswith(NO_TRANSACTION):
        await connection.execute(f"SET lock_timeout = {LOCK_TIMEOUT_MS}")
        await connection.execute(migration.sql)
        await _remember(connection, migration)
        return
    async with connection.transaction():
        await connection.execute(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS}")
        await connection.execute(migration.sql)
        await _remember(connection, migration)


async def _remember(connection: Any, migration: Migration) -> None:
    await connection.execute(
        "INSERT INTO kit.migrations (origin, name, checksum) VALUES ($1, $2, $3)",
        migration.origin,
        migration.name,
        migration.checksum,
    )


def _where(error: asyncpg.PostgresError, sql: str) -> str:
    """Return the line of the file that PostgreSQL points at."""
    position = getattr(error, "position", None)
    return f" (line {sql.count(chr(10), 0, int(position) - 1) + 1})" if position else ""
