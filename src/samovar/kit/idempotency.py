"""One `Idempotency-Key`, one effect, one answer, kept for ever (api.md, section 1).

The row of a key is made before the handler runs and completed in the transaction of the handler's effect, so that
"done" and "answered" cannot part in a crash:

    async with self.database.transaction() as tx:
        order = await repository.add(tx, …)
        return await once.answer(tx, order)

Refusals (4xx) are kept too; 5xx and 429 are not, so that the client may try again. A process that dies in the middle
leaves a running row; after `LEASE_S` the next attempt takes it over, and the first one, should it still be alive, can no
longer commit.
"""

import hashlib
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from samovar.kit import metrics
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import BadRequest, Conflict, InvalidInput
from samovar.kit.ids import IdSource

KEY_LENGTH_MAX = 255
# Longer than the time-out of any route with keys; whoever tries again after a crash waits no longer than this.
LEASE_S = 30
RETRY_AFTER_S = 1.0

T = TypeVar("T")


class KeyRequired(BadRequest):
    """The route moves money or makes something: it needs an `Idempotency-Key`."""

    code = "idempotency.key_required"


class KeyTooLong(InvalidInput):
    """The key has more than 255 characters."""

    code = "idempotency.key_too_long"


class KeyMismatch(Conflict):
    """The key was used before with another body."""

    code = "idempotency.mismatch"


class InFlight(Conflict):
    """The first call with this key is still running."""

    code = "idempotency.in_flight"


class StoredAnswer(msgspec.Struct, frozen=True):
    """The final answer of an earlier call with the same key."""

    status: int
    media_type: str
    body: bytes


class _Row(msgspec.Struct, frozen=True):
    fingerprint: bytes
    status: int | None
    media_type: str | None
    body: bytes | None


class Once:
    """One attempt at a keyed request."""

    def __init__(
        self, database: Database, identity: tuple[str, str, str], attempt: UUID, status: int
    ) -> None:
        self._database = database
        self._identity = identity
        self._attempt = attempt
        self._status = status
        self.answered = False

    @property
    def key(self) -> str:
        """What the client named its request."""
        return self._identity[2]

    async def answer(self, tx: Transaction, value: T) -> T:
        """Record `value` as the final answer, in the transaction of its effect, and return it.

        Raises:
            InFlight: Another attempt has taken this key over; the transaction must not commit.
        """
        await self._complete(tx, self._status, "application/json", msgspec.json.encode(value))
        return value

    async def refuse(self, status: int, media_type: str, body: bytes) -> None:
        """Record a refusal, whose effect was rolled back."""
        async with self._database.transaction() as tx:
            await self._complete(tx, status, media_type, body)

    async def forget(self) -> None:
        """Free the key: there was no final answer."""
        async with self._database.transaction() as tx:
            await tx.execute(
                """
                DELETE FROM kit.idempotency_keys
                WHERE scope = $1 AND route = $2 AND key = $3 AND attempt = $4 AND status IS NULL
                """,
                *self._identity,
                self._attempt,
            )

    async def _complete(self, tx: Transaction, status: int, media_type: str, body: bytes) -> None:
        changed = await tx.execute(
            """
            UPDATE kit.idempotency_keys SET status = $5, media_type = $6, body = $7, completed_at = now()
            WHERE scope = $1 AND route = $2 AND key = $3 AND attempt = $4 AND status IS NULL
            """,
            *self._identity,
            self._attempt,
            status,
            media_type,
            body,
        )
        if not changed:
            raise InFlight("another attempt has taken this key over", retry_after_s=RETRY_AFTER_S)
        self.answered = True


class Idempotency:
    """The keys of one service, in its own database."""

    def __init__(self, database: Database, new_id: IdSource) -> None:
        self._database = database
        self._new_id = new_id
        self._counts = {
            outcome: metrics.IDEMPOTENCY.labels(database.service, outcome)
            for outcome in ("new", "replayed", "in_progress", "mismatch")
        }

    async def begin(
        self, *, scope: str, route: str, key: str | None, request: bytes, status: int
    ) -> Once | StoredAnswer:
        """Start an attempt, or return the answer that was given before.

        Args:
            scope: Whose key it is: the account.
            route: Method and path template.
            key: What the client sent.
            request: All that makes two requests the same: path, query and body.
            status: The status of success.

        Raises:
            KeyRequired: There is no key.
            KeyTooLong: It has more than 255 characters.
            KeyMismatch: It was used with another request.
            InFlight: Its first call is still running.
        """
        if not key:
            raise KeyRequired
        if len(key) > KEY_LENGTH_MAX:
            raise KeyTooLong
        identity, attempt = (scope, route, key), self._new_id()
        fingerprint = hashlib.sha256(request).digest()
        async with self._database.transaction() as tx:
            if await self._claim(tx, identity, fingerprint, attempt):
                self._counts["new"].inc()
                return Once(self._database, identity, attempt, status)
            row = await tx.fetch_one(
                """
                SELECT fingerprint, status, media_type, body FROM kit.idempotency_keys
                WHERE scope = $1 AND route = $2 AND key = $3
                """,
                *identity,
                into=_Row,
            )
        if row and row.fingerprint != fingerprint:
            self._counts["mismatch"].inc()
            raise KeyMismatch
        if row is None or row.status is None or row.media_type is None or row.body is None:
            self._counts["in_progress"].inc()
            raise InFlight(retry_after_s=RETRY_AFTER_S)
        self._counts["replayed"].inc()
        return StoredAnswer(row.status, row.media_type, row.body)

    async def _claim(
        self, tx: Transaction, identity: tuple[str, str, str], fingerprint: bytes, attempt: UUID
    ) -> bool:
        """Make the row, or take over one whose process died; false when there is a live one."""
        claimed: Any = await tx.fetch_value(
            """
            INSERT INTO kit.idempotency_keys AS k (scope, route, key, fingerprint, attempt, locked_until)
            VALUES ($1, $2, $3, $4, $5, now() + make_interval(secs => $6))
            ON CONFLICT (scope, route, key) DO UPDATE
                SET attempt = excluded.attempt, locked_until = excluded.locked_until
                WHERE k.status IS NULL AND k.locked_until < now() AND k.fingerprint = excluded.fingerprint
            RETURNING true
            """,
            *identity,
            fingerprint,
            attempt,
            LEASE_S,
        )
        return bool(claimed)
