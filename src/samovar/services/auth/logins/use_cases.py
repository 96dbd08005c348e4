"""How logins follow what account has proof of."""

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.ids import IdSource
from samovar.services.account.contract.events import ContactRemoved, ContactVerified
from samovar.services.auth import repository as accounts
from samovar.services.auth.audit import Audit
from samovar.services.auth.contract.events import CredentialChanged
from samovar.services.auth.domain import Login
from samovar.services.auth.logins import repository

FORMER_KEPT_FOR = timedelta(days=14)
DELETED_AT_ONCE_MAX = 1_000


class Logins:
    """The logins of accounts."""

    def __init__(self, database: Database, *, audit: Audit, clock: Clock, new_id: IdSource) -> None:
        self._database = database
        self._audit = audit
        self._clock = clock
        self._new_id = new_id

    async def follow_proof(self, tx: Transaction, event: ContactVerified) -> None:
        """Let an account sign in by a contact that it has proved.

        A login that somebody only said gives way to whoever proves it. One that another account has proved to auth itself stays
        where it is: that account is entered by it.
        """
        account = await accounts.lock_account_by_id(tx, event.account_id)
        if account is None:
            return
        kind: Literal["email", "phone"] = "phone" if event.kind == "phone" else "email"
        login, now = Login(kind, event.value), self._clock.now()
        held = await repository.lock_login(tx, login.value)
        if held and held.account_id == account.id:
            await accounts.verify_login(tx, account.id, login.value, event.verified_at)
            return
        if held and held.verified_at:
            await self._audit.done(tx, "login.kept", account_id=held.account_id, claimed_by=str(account.id))
            return
        if held:
            await self._take(tx, held.account_id, login, now, reason="claimed")
        added = await repository.insert_login(tx, login, account.id, verified_at=event.verified_at, now=now)
        if added:
            await self._announce(tx, account.id, login, "added", now)

    async def follow_removal(self, tx: Transaction, event: ContactRemoved) -> None:
        """Let an account no longer sign in by a contact that it has replaced. The last login stays."""
        account = await accounts.lock_account_by_id(tx, event.account_id)
        if account and event.reason == "replaced" and await repository.count_logins(tx, account.id) > 1:
            kind: Literal["email", "phone"] = "phone" if event.kind == "phone" else "email"
            await self._take(tx, account.id, Login(kind, event.value), self._clock.now(), reason="replaced")

    async def roll_back(self, tx: Transaction, account_id: UUID, since: datetime, now: datetime) -> int:  # noqa: ARG002  of the protocol
        """Undo what happened to the logins since a moment; see `alerts.rollbacks`."""
        # First: whoever added one reads what is sent to it.
        removed = await repository.remove_added_since(tx, account_id, since)
        return removed + await repository.restore_removed_since(tx, account_id, since)

    async def forget_old(self) -> None:
        """Delete former logins that nobody will go back to."""
        async with self._database.transaction() as tx:
            moment = self._clock.now() - FORMER_KEPT_FOR
            await repository.delete_former_before(tx, moment, DELETED_AT_ONCE_MAX)

    async def _take(
        self, tx: Transaction, account_id: UUID, login: Login, now: datetime, *, reason: str
    ) -> None:
        if await repository.remove_login(tx, self._new_id(), account_id, login.value, now):
            await self._audit.done(tx, "login.removed", account_id=account_id, kind=login.kind, reason=reason)
            await self._announce(tx, account_id, login, "removed", now)

    async def _announce(
        self, tx: Transaction, account_id: UUID, login: Login, action: str, now: datetime
    ) -> None:
        await tx.publish(
            CredentialChanged(
                account_id=account_id, credential="login", action=action, name=login.kind, changed_at=now
            )
        )
