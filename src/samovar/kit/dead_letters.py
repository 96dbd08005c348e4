"""Dead letters: events that a consumer could not apply, kept in the consumer's own database until someone has looked.

Look (`waiting`, `get`), fix (`fix` changes the payload), replay (`request_replay`). A process that runs the consumer applies a
requested letter within seconds, through the same handler and the same inbox; when that fails, the letter waits again with
the new error.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.kit.errors import InvalidInput, NotFound

ERROR_LENGTH_MAX = 4_000
PAGE_MAX = 200

_SELECT = """
    SELECT id, consumer, event_id, subject, headers, payload, error, attempts, created_at, replay_requested_at
    FROM kit.dead_letters
"""


class NoSuchLetter(NotFound):
    """There is no dead letter of that number."""

    code = "dead_letter.not_found"


class BrokenPayload(InvalidInput):
    """The new payload is not JSON."""

    code = "dead_letter.broken_payload"


class DeadLetter(msgspec.Struct, frozen=True, kw_only=True):
    """One event of one consumer.

    Attributes:
        payload: As it came, or as it was mended.
        error: Why the last attempt failed.
        replay_requested_at: Set from the request until the attempt.
    """

    id: int
    consumer: str
    event_id: UUID
    subject: str
    headers: Mapping[str, str]
    payload: bytes
    error: str
    attempts: int
    created_at: datetime
    replay_requested_at: datetime | None

    @property
    def event_time(self) -> datetime:
        """When the event was published, or kept as a letter where its headers are broken."""
        try:
            return datetime.fromisoformat(self.headers["ce-time"])
        except (KeyError, ValueError):
            return self.created_at


class _Count(msgspec.Struct, frozen=True):
    consumer: str
    count: int


async def bury(
    tx: Transaction,
    *,
    consumer: str,
    event_id: UUID,
    subject: str,
    headers: Mapping[str, str],
    payload: bytes,
    error: str,
    attempts: int,
) -> bool:
    """Keep an event, or the new error of one that is kept already, and return whether it was new."""
    is_new = await tx.fetch_value(
        """
        INSERT INTO kit.dead_letters (consumer, event_id, subject, headers, payload, error, attempts)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (consumer, event_id) DO UPDATE
            SET error = excluded.error, attempts = excluded.attempts, replay_requested_at = NULL
        RETURNING xmax = 0
        """,
        consumer,
        event_id,
        subject,
        dict(headers),
        payload,
        error[:ERROR_LENGTH_MAX],
        attempts,
    )
    return bool(is_new)


async def waiting(database: Database, *, consumer: str | None = None, after: int = 0) -> list[DeadLetter]:
    """Return a page of letters, oldest first; ask for the next one with `after` = the last id."""
    return await database.fetch(
        _SELECT + "WHERE id > $1 AND ($2::text IS NULL OR consumer = $2) ORDER BY id LIMIT $3",
        after,
        consumer,
        PAGE_MAX,
        into=DeadLetter,
    )


async def get(database: Database, letter_id: int) -> DeadLetter:
    """Return one letter.

    Raises:
        NoSuchLetter: There is none of that id.
    """
    letter = await database.fetch_one(_SELECT + "WHERE id = $1", letter_id, into=DeadLetter)
    if letter is None:
        raise NoSuchLetter("there is no dead letter of that number")
    return letter


async def fix(tx: Transaction, letter_id: int, payload: bytes) -> None:
    """Replace the payload.

    Raises:
        BrokenPayload: It is not JSON.
        NoSuchLetter: There is no letter of that id.
    """
    try:
        msgspec.json.decode(payload)
    except msgspec.DecodeError as error:
        raise BrokenPayload(str(error)) from error
    if not await tx.execute("UPDATE kit.dead_letters SET payload = $2 WHERE id = $1", letter_id, payload):
        raise NoSuchLetter("there is no dead letter of that number")


async def request_replay(
    tx: Transaction, *, letter_id: int | None = None, consumer: str | None = None
) -> int:
    """Have letters applied again: one, those of a consumer, or all. Returns how many."""
    return await tx.execute(
        """
        UPDATE kit.dead_letters SET replay_requested_at = now()
        WHERE ($1::bigint IS NULL OR id = $1) AND ($2::text IS NULL OR consumer = $2)
        """,
        letter_id,
        consumer,
    )


async def next_requested(database: Database, consumers: list[str]) -> DeadLetter | None:
    """Return a letter that is to be applied again, or none."""
    return await database.fetch_one(
        _SELECT + "WHERE replay_requested_at IS NOT NULL AND consumer = ANY($1) ORDER BY id LIMIT 1",
        consumers,
        into=DeadLetter,
    )


async def remove(tx: Transaction, *, consumer: str, event_id: UUID) -> None:
    """Forget the letter of an event: it is applied, or someone decided that it need not be."""
    await tx.execute("DELETE FROM kit.dead_letters WHERE consumer = $1 AND event_id = $2", consumer, event_id)


async def counts(database: Database) -> dict[str, int]:
    """Return how many letters each consumer has."""
    rows = await database.fetch(
        "SELECT consumer, count(*) AS count FROM kit.dead_letters GROUP BY consumer", into=_Count
    )
    return {row.consumer: row.count for row in rows}
