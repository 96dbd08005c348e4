"""What happened to accounts and their credentials, and who did it: kept for whoever must find out later.

What is done is recorded in the transaction that does it, `record`; what is refused, after its transaction was rolled back,
`Audit.refused`. An entry holds ids and reasons, never a secret.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

import structlog

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import Internal, InvalidInput, RateLimited, SamovarError
from samovar.kit.ids import IdSource
from samovar.services.auth import repository
from samovar.services.auth.client import Client
from samovar.services.auth.domain import first_id_at
from samovar.services.auth.repository import AuditEntry

KEPT_FOR = timedelta(days=730)
DELETED_AT_ONCE_MAX = 1_000

log = structlog.get_logger(__name__)


class Audit:
    """Records."""

    def __init__(self, database: Database, *, clock: Clock, new_id: IdSource) -> None:
        self._database = database
        self._clock = clock
        self._new_id = new_id

    async def done(
        self,
        tx: Transaction,
        action: str,
        *,
        account_id: UUID | None,
        actor_id: UUID | None = None,
        session_id: UUID | None = None,
        address: str | None = None,
        **details: Any,
    ) -> None:
        """Record what a transaction does, in that transaction.

        Args:
            tx: The transaction.
            action: What, `totp.added`.
            account_id: Whose account.
            actor_id: Who did it, when that is another account.
            session_id: In which session.
            address: From which network address.
            details: Ids and reasons.
        """
        entry = self._entry(action, "done", account_id, actor_id, session_id, address, details)
        await repository.insert_audit_entry(tx, entry)

    async def refused(
        self,
        action: str,
        *,
        account_id: UUID | None,
        session_id: UUID | None = None,
        address: str | None = None,
        **details: Any,
    ) -> None:
        """Record what was refused, in a transaction of its own. A database that is away must not hide the refusal itself."""
        entry = self._entry(action, "refused", account_id, None, session_id, address, details)
        try:
            async with self._database.transaction() as tx:
                await repository.insert_audit_entry(tx, entry)
        except SamovarError as error:
            log.warning("a refusal could not be recorded", action=action, error=str(error))

    async def forget_old(self) -> None:
        """Delete the entries that are older than `KEPT_FOR`."""
        first_kept = first_id_at(self._clock.now() - KEPT_FOR)
        deleted = DELETED_AT_ONCE_MAX
        while deleted == DELETED_AT_ONCE_MAX:
            async with self._database.transaction() as tx:
                deleted = await repository.delete_audit_before(tx, first_kept, DELETED_AT_ONCE_MAX)

    def _entry(
        self,
        action: str,
        outcome: Literal["done", "refused"],
        account_id: UUID | None,
        actor_id: UUID | None,
        session_id: UUID | None,
        address: str | None,
        details: Mapping[str, Any],
    ) -> AuditEntry:
        return AuditEntry(
            id=self._new_id(),
            account_id=account_id,
            actor_id=actor_id,
            action=action,
            outcome=outcome,
            session_id=session_id,
            address=address,
            details=dict(details),
            happened_at=self._clock.now(),
        )


class Trace:
    """What becomes known on the way; it goes into the audit with a refusal."""

    def __init__(self, details: dict[str, Any]) -> None:
        self.account_id: UUID | None = None
        self.session_id: UUID | None = None
        self.details = details

    def note(self, **details: Any) -> None:
        """Add ids and reasons."""
        self.details |= details


@asynccontextmanager
async def recorded(audit: Audit, action: str, client: Client, **details: Any) -> AsyncIterator[Trace]:
    """Record a refusal that leaves the block. A typing error is none, nor is a part that is away."""
    trace = Trace(details)
    try:
        yield trace
    except (InvalidInput, RateLimited):
        raise
    except SamovarError as error:
        if error.http_status < Internal.http_status:
            await audit.refused(
                action,
                account_id=trace.account_id,
                session_id=trace.session_id,
                address=client.address,
                reason=error.code,
                **trace.details,
            )
        raise
