"""The SQL of what children ask for."""

from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.account.family.requests.domain import FamilyRequest, Kind, State


class FamilyRequestKey(msgspec.Struct, frozen=True):
    """The place in a list of requests."""

    id: UUID


async def insert_request(tx: Transaction, request: FamilyRequest) -> None:
    """Add a request."""
    await tx.execute(
        """
        INSERT INTO family_requests (id, family_id, account_id, kind, package_id, minutes, day, note, state, decided_by,
                                     created_at, expires_at, decided_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        """,
        *msgspec.structs.astuple(request),
    )


async def save_decision(tx: Transaction, request: FamilyRequest) -> None:
    """Keep what became of a request that this transaction has locked."""
    await tx.execute(
        "UPDATE family_requests SET state = $2, decided_by = $3, decided_at = $4, minutes = $5 WHERE id = $1",
        request.id,
        request.state,
        request.decided_by,
        request.decided_at,
        request.minutes,
    )


async def lock_request(tx: Transaction, request_id: UUID, family_id: UUID) -> FamilyRequest | None:
    """Return a request of a family, for deciding over it."""
    return await tx.fetch_one(
        "SELECT * FROM family_requests WHERE id = $1 AND family_id = $2 FOR UPDATE",
        request_id,
        family_id,
        into=FamilyRequest,
    )


async def list_open(tx: Transaction, account_id: UUID, kind: Kind) -> list[FamilyRequest]:
    """Return what a child has asked for and nobody has answered, for deciding over it."""
    return await tx.fetch(
        """
        SELECT * FROM family_requests WHERE account_id = $1 AND kind = $2 AND state = 'pending' ORDER BY id FOR UPDATE
        """,
        account_id,
        kind,
        into=FamilyRequest,
    )


async def list_requests(
    database: Database,
    family_id: UUID,
    kind: Kind,
    *,
    account_id: UUID | None,
    state: State | None,
    after: FamilyRequestKey | None,
    limit: int,
) -> list[FamilyRequest]:
    """Return requests of a family, the newest first; of one child where `account_id` is given."""
    return await database.fetch(
        """
        SELECT * FROM family_requests
        WHERE family_id = $1 AND kind = $2 AND ($3::uuid IS NULL OR account_id = $3) AND ($4::text IS NULL OR state = $4)
          AND ($5::uuid IS NULL OR id < $5)
        ORDER BY id DESC LIMIT $6
        """,
        family_id,
        kind,
        account_id,
        state,
        after and after.id,
        limit,
        into=FamilyRequest,
    )


async def cancel_open(
    tx: Transaction, family_id: UUID, account_ids: list[UUID] | None, now: datetime
) -> list[FamilyRequest]:
    """Take back what members of a family have asked for, all of them where none are named; returns the requests."""
    return await tx.fetch(
        """
        UPDATE family_requests SET state = 'canceled', decided_at = $3
        WHERE family_id = $1 AND state = 'pending' AND ($2::uuid[] IS NULL OR account_id = ANY($2))
        RETURNING *
        """,
        family_id,
        account_ids,
        now,
        into=FamilyRequest,
    )


async def expire_requests(tx: Transaction, now: datetime, limit: int) -> list[FamilyRequest]:
    """Close up to `limit` requests that have run out, and return them; those that somebody holds are left."""
    return await tx.fetch(
        """
        UPDATE family_requests SET state = 'expired', decided_at = $1
        WHERE id IN (
            SELECT id FROM family_requests WHERE state = 'pending' AND expires_at <= $1
            ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED
        )
        RETURNING *
        """,
        now,
        limit,
        into=FamilyRequest,
    )


async def delete_decided_before(tx: Transaction, moment: datetime, limit: int) -> int:
    """Delete up to `limit` requests that were decided long ago; returns how many."""
    return await tx.execute(
        """
        DELETE FROM family_requests WHERE id IN (
            SELECT id FROM family_requests WHERE state <> 'pending' AND decided_at < $1 ORDER BY decided_at LIMIT $2
        )
        """,
        moment,
        limit,
    )
