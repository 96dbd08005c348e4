"""What is kept on this machine of one game of one account: one SQLite file, so that a killed launcher loses nothing.

Every change is durable when its method returns. One launcher at a time holds the state; the lock dies with its process.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import msgspec

from samovar.sdk.errors import StateBusy

REFUSED_KEPT_MAX = 200

T = TypeVar("T")
S = TypeVar("S", bound=msgspec.Struct)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS runs (
    name TEXT PRIMARY KEY, started_at REAL NOT NULL, seen_at REAL NOT NULL, server_id TEXT, acked_at REAL,
    seq INTEGER NOT NULL DEFAULT 0, is_offline INTEGER NOT NULL DEFAULT 0, is_over INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS known_saves (
    path TEXT PRIMARY KEY, version_id TEXT NOT NULL, content_id TEXT, is_conflict INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS outgoing (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS refused (
    id INTEGER PRIMARY KEY AUTOINCREMENT, what TEXT NOT NULL, why TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value BLOB NOT NULL);
"""


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """A time in which the game ran; moments are seconds since 1970.

    Attributes:
        name: The client's name for it, a UUID: under it the platform counts it once.
        seen_at: Until when it is known to have run.
        server_id: The platform's name for it, once that has answered.
        acked_at: Until when the platform knows of it.
        is_offline: It is told of as a whole, when the platform can be reached.
        is_over: The game has stopped.
    """

    name: str
    started_at: float
    seen_at: float
    server_id: str | None = None
    acked_at: float | None = None
    seq: int = 0
    is_offline: bool = False
    is_over: bool = False


class KnownSave(msgspec.Struct, frozen=True, kw_only=True):
    """What this device and the platform last had in common of a save.

    Attributes:
        content_id: BLAKE3 of the bytes, in hex; none: the file was deleted.
        is_conflict: The version is this device's side of a conflict that nobody has settled.
    """

    path: str
    version_id: str
    content_id: str | None
    is_conflict: bool = False


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """A call that is still to be made."""

    id: int
    name: str
    kind: str
    body: bytes


class State:
    """The state of one game of one account; `with State(folder):` holds it.

    Args:
        folder: Where it is; made when missing.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._database: sqlite3.Connection | None = None
        self._lock: sqlite3.Connection | None = None

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        # A transaction that stays open is a lock of the operating system's, on every system that SQLite knows.
        lock = sqlite3.connect(self._folder / "lock.db", timeout=0, isolation_level=None)
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            lock.close()
            raise StateBusy(f"{self._folder}") from error
        self._lock = lock
        database = sqlite3.connect(self._folder / "state.db", isolation_level=None, check_same_thread=False)
        database.execute("PRAGMA synchronous = FULL")
        database.executescript(_SCHEMA)
        self._database = database
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for connection in (self._database, self._lock):
            if connection:
                connection.close()
        self._database = self._lock = None

    @contextmanager
    def together(self) -> Iterator[None]:
        """Let all changes inside be durable together, or none."""
        self.do("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.do("ROLLBACK")
            raise
        self.do("COMMIT")

    def do(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Run one statement and return its rows; outside `together` it is durable at once."""
        if self._database is None:
            raise RuntimeError("the state is not open")
        return self._database.execute(sql, values).fetchall()

    def note(self, name: str, kind: type[T]) -> T | None:
        """Return what was noted under a name."""
        rows = self.do("SELECT value FROM notes WHERE name = ?", (name,))
        return msgspec.json.decode(rows[0][0], type=kind) if rows else None

    def put_note(self, name: str, value: object) -> None:
        """Note a value under a name, in place of the one before."""
        self.do(
            "INSERT OR REPLACE INTO notes (name, value) VALUES (?, ?)", (name, msgspec.json.encode(value))
        )


class Runs:
    """The runs that the platform has not been told of in full."""

    def __init__(self, state: State) -> None:
        self._state = state

    def all(self) -> list[Run]:
        """Return them, the oldest first."""
        rows = self._state.do(
            "SELECT name, started_at, seen_at, server_id, acked_at, seq, is_offline, is_over FROM runs"
            " ORDER BY started_at, name"
        )
        return [_read(row, Run) for row in rows]

    def put(self, run: Run) -> None:
        """Keep a run as it is now."""
        self._state.do(
            "INSERT OR REPLACE INTO runs (name, started_at, seen_at, server_id, acked_at, seq, is_offline, is_over)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            msgspec.structs.astuple(run),
        )

    def drop(self, names: Sequence[str]) -> None:
        """Forget runs that are told."""
        for name in names:
            self._state.do("DELETE FROM runs WHERE name = ?", (name,))

    def replace(self, old: Run, new: Run | None) -> None:
        """Put a run in the place of another, or of nothing."""
        with self._state.together():
            self.drop([old.name])
            if new:
                self.put(new)


class SaveIndex:
    """What is known of the saves."""

    def __init__(self, state: State) -> None:
        self._state = state

    def all(self) -> dict[str, KnownSave]:
        """Return all, by path."""
        rows = self._state.do("SELECT path, version_id, content_id, is_conflict FROM known_saves")
        return {one.path: one for one in (_read(row, KnownSave) for row in rows)}

    def put(self, known: KnownSave) -> None:
        """Keep what is known of a save now."""
        self._state.do(
            "INSERT OR REPLACE INTO known_saves (path, version_id, content_id, is_conflict) VALUES (?, ?, ?, ?)",
            msgspec.structs.astuple(known),
        )

    def drop(self, path: str) -> None:
        """Forget a save."""
        self._state.do("DELETE FROM known_saves WHERE path = ?", (path,))


class Outbox:
    """Calls that wait for the platform, in their order; the same name twice is one call."""

    def __init__(self, state: State) -> None:
        self._state = state

    def all(self) -> list[Outgoing]:
        """Return them, the oldest first."""
        rows = self._state.do("SELECT id, name, kind, body FROM outgoing ORDER BY id")
        return [_read(row, Outgoing) for row in rows]

    def add(self, name: str, kind: str, body: bytes) -> None:
        """Add a call, or say anew what one under this name says."""
        self._state.do(
            "INSERT INTO outgoing (name, kind, body) VALUES (?, ?, ?)"
            " ON CONFLICT (name) DO UPDATE SET kind = excluded.kind, body = excluded.body",
            (name, kind, body),
        )

    def done(self, call: Outgoing) -> None:
        """Forget a call that was made, unless it says something else since."""
        self._state.do("DELETE FROM outgoing WHERE id = ? AND body = ?", (call.id, call.body))

    def refuse(self, what: str, why: str) -> None:
        """Note what the platform did not take, for whoever asks why it is missing; the oldest notes go."""
        self._state.do("INSERT INTO refused (what, why) VALUES (?, ?)", (what, why))
        self._state.do(
            "DELETE FROM refused WHERE id <= (SELECT max(id) FROM refused) - ?", (REFUSED_KEPT_MAX,)
        )

    def refused(self) -> list[tuple[str, str]]:
        """Return what was not taken and why, the oldest first."""
        return [(what, why) for what, why in self._state.do("SELECT what, why FROM refused ORDER BY id")]


def _read(row: Sequence[Any], kind: type[S]) -> S:
    return msgspec.convert(dict(zip(kind.__struct_fields__, row, strict=True)), kind, strict=False)
