"""Grants: what a person lets a client do, as sessions of their own kind, beneath the session in which they were given."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.kit.ids import IdSource
from samovar.services.auth.domain import Proof
from samovar.services.auth.sessions import repository
from samovar.services.auth.sessions.families import expiry
from samovar.services.auth.sessions.repository import NewSession
from samovar.services.auth.settings import AuthSettings
from samovar.services.auth.tokens.opaque import SEED_BYTES


class Granting:
    """Opens grants, in the caller's transaction."""

    def __init__(
        self, *, settings: AuthSettings, new_id: IdSource, random_bytes: Callable[[int], bytes]
    ) -> None:
        self._settings = settings
        self._new_id = new_id
        self._random_bytes = random_bytes

    async def open(
        self,
        tx: Transaction,
        account_id: UUID,
        *,
        client_id: str,
        scope: str,
        parent_id: UUID | None,
        proof: Proof,
        address: str,
        now: datetime,
    ) -> NewSession:
        """Start a grant and return it.

        Args:
            tx: The transaction.
            account_id: Whose.
            client_id: For which client.
            scope: What it may know.
            parent_id: The session in which the person said yes.
            proof: What had shown who the person is.
            address: From where the client asks.
            now: The present moment.
        """
        grant = NewSession(
            id=self._new_id(),
            account_id=account_id,
            kind="grant",
            parent_id=parent_id,
            client_id=client_id,
            scope=scope,
            amr=proof.amr,
            acr=proof.acr,
            started_at=now,
            authenticated_at=proof.proved_at,
            expires_at=expiry(self._settings, started_at=now, now=now),
            seed=self._random_bytes(SEED_BYTES),
            address=address,
        )
        await repository.insert_session(tx, grant)
        return grant
