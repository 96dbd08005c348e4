"""What the simulators must still know after `kill -9`, as whoever they stand for would: a small database in the folder of the process.

    keeping.put("payment", payment.id, payment)
    keeping.commit()                                  # everything that a request has done, at once
    keeping.load("payment", Payment)                  # by key, the oldest first

A commit reaches the operating system, which outlives the process, and not the disk: a power cut is not what it is for. Without a
folder nothing is kept.
"""

import sqlite3
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import msgspec

FILE = "book.sqlite"
T = TypeVar("T")
_SCHEMA = """
    CREATE TABLE IF NOT EXISTS kept (
        number INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, body BLOB NOT NULL, UNIQUE (kind, key))
"""
_encoder = msgspec.json.Encoder(decimal_format="number")


class Keeping:
    """A book on disk.

    Args:
        folder: Where; made when missing. None keeps nothing.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._connection: sqlite3.Connection | None = None
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(folder / FILE)
            self._connection.executescript(f"PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; {_SCHEMA};")

    def put(self, kind: str, key: str, value: object) -> None:
        """Keep a value in place of the one before; it is kept with the next `commit`."""
        if self._connection is not None:
            self._connection.execute(
                "INSERT INTO kept (kind, key, body) VALUES (?, ?, ?) ON CONFLICT (kind, key) DO UPDATE SET body = excluded.body",
                (kind, key, _encoder.encode(value)),
            )

    def drop(self, kind: str, key: str) -> None:
        """Forget a value."""
        if self._connection is not None:
            self._connection.execute("DELETE FROM kept WHERE kind = ? AND key = ?", (kind, key))

    def commit(self) -> None:
        """Keep all that was put."""
        if self._connection is not None:
            self._connection.commit()

    def load(self, kind: str, into: type[T]) -> dict[str, T]:
        """Return all values of a kind, the oldest first; numbers with a fraction that have no type become `Decimal`."""
        if self._connection is None:
            return {}
        decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(into, float_hook=Decimal)
        rows = self._connection.execute("SELECT key, body FROM kept WHERE kind = ? ORDER BY number", (kind,))
        return {key: decoder.decode(body) for key, body in rows}

    def close(self) -> None:
        """Close it."""
        if self._connection is not None:
            self._connection.commit()
            self._connection.close()
            self._connection = None
