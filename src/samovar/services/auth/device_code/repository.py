"""The SQL of requests of devices."""

from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Transaction
from samovar.services.auth.device_code.domain import State
from samovar.services.auth.domain import Proof

_REQUEST = """
    SELECT id, secret_hash, client_id, scope, device_name, address, match_number, numbers, state, interval_s, polled_at,
           created_at, expires_at, account_id, session_id, amr, acr, authenticated_at, used_at, opened_id
    FROM device_requests
"""


class NewRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A device that wants in."""

    id: UUID
    secret_hash: bytes
    user_code_mac: bytes
    client_id: str
    scope: str
    device_name: str
    address: str
    match_number: int
    numbers: tuple[int, ...]
    interval_s: int
    created_at: datetime
    expires_at: datetime


class DeviceRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A device that wants in, and how far that has come."""

    id: UUID
    secret_hash: bytes
    client_id: str
    scope: str
    device_name: str
    address: str
    match_number: int
    numbers: tuple[int, ...]
    state: State
    interval_s: int
    polled_at: datetime | None
    created_at: datetime
    expires_at: datetime
    account_id: UUID | None
    session_id: UUID | None
    amr: tuple[str, ...] | None
    acr: str | None
    authenticated_at: datetime | None
    used_at: datetime | None
    opened_id: UUID | None

    def __repr__(self) -> str:
        return f"DeviceRequest({self.id})"


async def insert_request(tx: Transaction, request: NewRequest) -> bool:
    """Add a request; false when another one has its code for people."""
    return bool(
        await tx.execute(
            """
            INSERT INTO device_requests
                (id, secret_hash, user_code_mac, client_id, scope, device_name, address, match_number, numbers,
                 interval_s, created_at, expires_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            ON CONFLICT (user_code_mac) DO NOTHING
            """,
            request.id,
            request.secret_hash,
            request.user_code_mac,
            request.client_id,
            request.scope,
            request.device_name,
            request.address,
            request.match_number,
            request.numbers,
            request.interval_s,
            request.created_at,
            request.expires_at,
        )
    )


async def lock_request(tx: Transaction, request_id: UUID) -> DeviceRequest | None:
    """Return a request, for this transaction alone."""
    return await tx.fetch_one(f"{_REQUEST} WHERE id = $1 FOR UPDATE", request_id, into=DeviceRequest)


async def lock_request_by_code(tx: Transaction, user_code_mac: bytes) -> DeviceRequest | None:
    """Return the request that has a code for people, for this transaction alone."""
    return await tx.fetch_one(
        f"{_REQUEST} WHERE user_code_mac = $1 FOR UPDATE", user_code_mac, into=DeviceRequest
    )


async def claim(tx: Transaction, request_id: UUID, *, account_id: UUID, session_id: UUID) -> None:
    """Note who looked at a request first."""
    await tx.execute(
        "UPDATE device_requests SET state = 'claimed', account_id = $2, session_id = $3 WHERE id = $1",
        request_id,
        account_id,
        session_id,
    )


async def approve(tx: Transaction, request_id: UUID, proof: Proof, *, expires_at: datetime) -> None:
    """Let a device in, by the proof of the one who says so."""
    await tx.execute(
        """
        UPDATE device_requests SET state = 'approved', amr = $2, acr = $3, authenticated_at = $4, expires_at = $5
        WHERE id = $1
        """,
        request_id,
        proof.amr,
        proof.acr,
        proof.proved_at,
        expires_at,
    )


async def kill(tx: Transaction, request_id: UUID, reason: str) -> None:
    """Let nothing more come of a request."""
    await tx.execute(
        "UPDATE device_requests SET state = 'dead', end_reason = $2 WHERE id = $1", request_id, reason
    )


async def note_poll(tx: Transaction, request_id: UUID, *, polled_at: datetime, interval_s: int) -> None:
    """Note that the device asked, and how long it must wait before it does so again."""
    await tx.execute(
        "UPDATE device_requests SET polled_at = $2, interval_s = $3 WHERE id = $1",
        request_id,
        polled_at,
        interval_s,
    )


async def close(tx: Transaction, request_id: UUID, *, used_at: datetime, opened_id: UUID) -> None:
    """Note that the device got its tokens, and of which session."""
    await tx.execute(
        "UPDATE device_requests SET state = 'used', used_at = $2, opened_id = $3 WHERE id = $1",
        request_id,
        used_at,
        opened_id,
    )


async def delete_requests_before(tx: Transaction, moment: datetime, limit: int) -> int:
    """Delete up to `limit` requests that ran out before `moment`."""
    return await tx.execute(
        """
        DELETE FROM device_requests WHERE id IN (
            SELECT id FROM device_requests WHERE expires_at < $1 LIMIT $2
        )
        """,
        moment,
        limit,
    )
