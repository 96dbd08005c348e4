"""The SQL of requests for personal data."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.kit.i18n import Language
from samovar.services.account.personal_data.domain import Kind, State

_REQUEST = """
    SELECT id, account_id, kind, state, begins_at, addresses, requested_at, finished_at, expires_at FROM data_requests
"""
_STEPS = "SELECT request_id, service, receipt, done_at FROM data_steps"


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """A wish as it is kept."""

    id: UUID
    account_id: UUID
    kind: Kind
    state: State
    begins_at: datetime
    addresses: tuple[str, ...]
    requested_at: datetime
    finished_at: datetime | None
    expires_at: datetime | None

    def __repr__(self) -> str:
        return f"Request({self.id}, {self.kind})"


class StepDone(msgspec.Struct, frozen=True):
    """How far a service is."""

    request_id: UUID
    service: str
    receipt: dict[str, int] | None
    done_at: datetime | None


class StepToDo(msgspec.Struct, frozen=True, kw_only=True):
    """What this process is to ask of a service now."""

    request_id: UUID
    service: str
    attempts: int
    kind: Kind
    account_id: UUID
    addresses: tuple[str, ...]

    def __repr__(self) -> str:
        return f"StepToDo({self.request_id}, {self.service})"


class Document(msgspec.Struct, frozen=True):
    """What a service gave for an export."""

    service: str
    document: bytes
    receipt: dict[str, int]


class Reached(msgspec.Struct, frozen=True):
    """Where a person can be written to, and in which language."""

    email: str | None
    language: Language | None


async def insert_request(tx: Transaction, request: Request) -> bool:
    """Add a wish; false, and nothing added, when one of the kind is under way."""
    added = await tx.execute(
        """
        INSERT INTO data_requests (id, account_id, kind, state, begins_at, addresses, requested_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT DO NOTHING
        """,
        request.id,
        request.account_id,
        request.kind,
        request.state,
        request.begins_at,
        list(request.addresses),
        request.requested_at,
    )
    return bool(added)


async def insert_steps(
    tx: Transaction, request_id: UUID, ranks: Mapping[str, int], begins_at: datetime
) -> None:
    """Add what each service has to do."""
    await tx.execute(
        """
        INSERT INTO data_steps (request_id, service, rank, next_attempt_at)
        SELECT $1, service, rank, $4 FROM unnest($2::text[], $3::smallint[]) AS step (service, rank)
        """,
        request_id,
        list(ranks),
        list(ranks.values()),
        begins_at,
    )


async def find_last(database: Database, account_id: UUID, kind: Kind) -> Request | None:
    """Return the latest wish of a kind."""
    return await database.fetch_one(
        f"{_REQUEST} WHERE account_id = $1 AND kind = $2 ORDER BY requested_at DESC LIMIT 1",
        account_id,
        kind,
        into=Request,
    )


async def list_steps(database: Database, request_id: UUID) -> list[StepDone]:
    """Return how far each service is."""
    return await database.fetch(f"{_STEPS} WHERE request_id = $1 ORDER BY service", request_id, into=StepDone)


async def cancel_erasure(tx: Transaction, account_id: UUID, before: datetime, now: datetime) -> bool:
    """Call off an erasure that was asked for before a moment and has not begun; false when there is none."""
    canceled = await tx.execute(
        """
        UPDATE data_requests SET state = 'canceled', finished_at = $3, addresses = '{}'
        WHERE account_id = $1 AND kind = 'erasure' AND state = 'waiting' AND requested_at < $2
        """,
        account_id,
        before,
        now,
    )
    return bool(canceled)


async def begin_due(tx: Transaction, now: datetime, limit: int) -> int:
    """Let erasures begin whose time has come; from then on they cannot be called off."""
    return await tx.execute(
        """
        UPDATE data_requests SET state = 'running' WHERE id IN (
            SELECT id FROM data_requests WHERE state = 'waiting' AND begins_at <= $1 ORDER BY begins_at LIMIT $2
            FOR UPDATE SKIP LOCKED
        )
        """,
        now,
        limit,
    )


async def claim_steps(tx: Transaction, now: datetime, lease: timedelta, limit: int) -> list[StepToDo]:
    """Take steps that are due and whose forerunners are done; nobody else gets them for a while."""
    return await tx.fetch(
        """
        WITH due AS (
            SELECT s.request_id, s.service, r.kind, r.account_id, r.addresses
            FROM data_steps s JOIN data_requests r ON r.id = s.request_id
            WHERE s.done_at IS NULL AND s.next_attempt_at <= $1 AND r.state = 'running' AND NOT EXISTS (
                SELECT FROM data_steps b WHERE b.request_id = s.request_id AND b.rank < s.rank AND b.done_at IS NULL
            )
            ORDER BY s.next_attempt_at LIMIT $3
            FOR UPDATE OF s SKIP LOCKED
        )
        UPDATE data_steps AS s SET attempts = s.attempts + 1, next_attempt_at = $1 + $2::interval
        FROM due WHERE s.request_id = due.request_id AND s.service = due.service
        RETURNING s.request_id, s.service, s.attempts, due.kind, due.account_id, due.addresses
        """,
        now,
        lease,
        limit,
        into=StepToDo,
    )


async def finish_step(
    tx: Transaction, step: StepToDo, receipt: Mapping[str, int], document: bytes | None, now: datetime
) -> None:
    """Keep what a service has answered."""
    await tx.execute(
        """
        UPDATE data_steps SET done_at = $3, receipt = $4, document = $5, last_error = NULL
        WHERE request_id = $1 AND service = $2 AND done_at IS NULL
        """,
        step.request_id,
        step.service,
        now,
        dict(receipt),
        document,
    )


async def postpone_step(tx: Transaction, step: StepToDo, error: str, until: datetime) -> None:
    """Let a step be tried again."""
    await tx.execute(
        """
        UPDATE data_steps SET next_attempt_at = $3, last_error = $4
        WHERE request_id = $1 AND service = $2 AND done_at IS NULL
        """,
        step.request_id,
        step.service,
        until,
        error,
    )


async def list_whole(database: Database, limit: int) -> list[Request]:
    """Return running wishes of which every service has done its part."""
    return await database.fetch(
        f"""
        {_REQUEST} AS r WHERE state = 'running' AND NOT EXISTS (
            SELECT FROM data_steps s WHERE s.request_id = r.id AND s.done_at IS NULL
        )
        ORDER BY begins_at LIMIT $1
        """,
        limit,
        into=Request,
    )


async def list_documents(database: Database, request_id: UUID) -> list[Document]:
    """Return what the services gave for an export."""
    return await database.fetch(
        "SELECT service, document, receipt FROM data_steps WHERE request_id = $1 AND document IS NOT NULL",
        request_id,
        into=Document,
    )


async def find_picture(database: Database, account_id: UUID) -> bytes | None:
    """Return the picture that a person shows, WebP; none where one is drawn for them."""
    picture: bytes | None = await database.fetch_value(
        "SELECT v.large FROM accounts a JOIN avatars v ON v.hash = a.avatar WHERE a.id = $1", account_id
    )
    return picture


async def finish_request(
    tx: Transaction, request_id: UUID, now: datetime, *, archive: bytes | None, expires_at: datetime | None
) -> bool:
    """Mark a wish as done; false when another process has."""
    await tx.execute("UPDATE data_steps SET document = NULL WHERE request_id = $1", request_id)
    done = await tx.execute(
        """
        UPDATE data_requests SET state = 'done', finished_at = $2, addresses = '{}', archive = $3, expires_at = $4
        WHERE id = $1 AND state = 'running'
        """,
        request_id,
        now,
        archive,
        expires_at,
    )
    return bool(done)


async def find_archive(database: Database, request_id: UUID, now: datetime) -> bytes | None:
    """Return an export that has not expired."""
    archive: bytes | None = await database.fetch_value(
        "SELECT archive FROM data_requests WHERE id = $1 AND expires_at > $2", request_id, now
    )
    return archive


async def expire_archives(tx: Transaction, now: datetime) -> int:
    """Delete the exports whose time is over."""
    return await tx.execute(
        """
        UPDATE data_requests SET state = 'expired', archive = NULL WHERE archive IS NOT NULL AND expires_at <= $1
        """,
        now,
    )


async def drop_exports(tx: Transaction, account_id: UUID) -> None:
    """Delete a person's exports, and let no step that is under way add to one any more."""
    await tx.execute(
        """
        WITH dropped AS (
            UPDATE data_requests
            SET state = CASE state WHEN 'running' THEN 'canceled' WHEN 'done' THEN 'expired' ELSE state END,
                finished_at = coalesce(finished_at, now()), addresses = '{}', archive = NULL
            WHERE account_id = $1 AND kind = 'export'
            RETURNING id
        )
        UPDATE data_steps AS s SET document = NULL, done_at = coalesce(s.done_at, now()) FROM dropped d WHERE s.request_id = d.id
        """,
        account_id,
    )


async def find_reached(asked: Database | Transaction, account_id: UUID) -> Reached:
    """Return where a person can be written to: the mail address that they proved, or else the one that they named."""
    found = await asked.fetch_one(
        """
        SELECT (SELECT value FROM contacts WHERE account_id = $1 AND kind = 'email') AS email,
               (SELECT language FROM accounts WHERE id = $1) AS language
        """,
        account_id,
        into=Reached,
    )
    return found or Reached(None, None)


async def list_addresses(tx: Transaction, account_id: UUID) -> Sequence[str]:
    """Return the mail address and the phone of a person."""
    found: list[str] = await tx.fetch_value(
        "SELECT coalesce(array_agg(value), '{}') FROM contacts WHERE account_id = $1", account_id
    )
    return found


async def bump_profile(tx: Transaction, account_id: UUID) -> int | None:
    """Count a change of what others see of a person, and return the count."""
    version: int | None = await tx.fetch_value(
        "UPDATE accounts SET version = version + 1 WHERE id = $1 RETURNING version", account_id
    )
    return version
