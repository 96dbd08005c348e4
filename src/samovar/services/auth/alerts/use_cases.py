"""What «это был не я» does, and holds."""

from datetime import datetime, timedelta
from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.i18n import Language
from samovar.kit.identity.verifier import Verifier
from samovar.services.auth import repository as accounts
from samovar.services.auth.alerts import repository
from samovar.services.auth.alerts.letters import Letters
from samovar.services.auth.alerts.repository import Alert
from samovar.services.auth.alerts.rollbacks import Rollbacks
from samovar.services.auth.alerts.schemas import Hold, Secured
from samovar.services.auth.alerts.telling import hash_of
from samovar.services.auth.audit import Audit
from samovar.services.auth.client import Client
from samovar.services.auth.contract.events import AccountHeld, CredentialChanged
from samovar.services.auth.errors import AlertInvalid
from samovar.services.auth.passwords.resets import Resets
from samovar.services.auth.sessions import ending
from samovar.services.auth.sessions.ending import ALL_KINDS
from samovar.services.auth.settings import AuthSettings

DELETED_AT_ONCE_MAX = 1_000


class Alerts:
    """Alerts and holds."""

    def __init__(
        self,
        database: Database,
        *,
        settings: AuthSettings,
        letters: Letters,
        rollbacks: Rollbacks,
        resets: Resets,
        verifier: Verifier,
        audit: Audit,
        clock: Clock,
    ) -> None:
        self._database = database
        self._settings = settings
        self._letters = letters
        self._rollbacks = rollbacks
        self._resets = resets
        self._verifier = verifier
        self._audit = audit
        self._clock = clock

    async def deny(self, token: str, client: Client) -> Secured:
        """«Это был не я»: end all sessions, undo the changes since then, and hold the account.

        The password opens nothing until its owner has set a new one with the token that this returns. Said twice, it answers that
        the letter was used: the account is safe since the first time.

        Raises:
            AlertInvalid: The letter is not ours, too old, or was answered before.
        """
        token_hash = hash_of(token)
        async with self._database.transaction() as tx:
            now = self._clock.now()
            alert = await repository.lock_alert(tx, token_hash)
            account = await accounts.lock_account_by_id(tx, alert.account_id) if alert else None
            if alert is None or account is None or alert.answered_at or alert.expires_at <= now:
                raise AlertInvalid
            await repository.close_alert(tx, alert.id, now)
            undone = await self._undo(tx, alert, now)
            await repository.void_password(tx, account.id)
            await accounts.distrust_devices(tx, account.id)
            ended = await ending.end_all(tx, account.id, "not_me", now, kinds=ALL_KINDS)
            held_until = await self._hold(tx, account.id, now)
            reset_token = await self._resets.allow(tx, account.id, now)
            await self._audit.done(
                tx,
                "alert.denied",
                account_id=account.id,
                address=client.address,
                alert_id=alert.id,
                what=alert.what,
                undone=undone,
                sessions=len(ended),
            )
        for session in ended:
            self._verifier.revoke_session(session.id)
        return Secured(password_reset_token=reset_token, held_until=held_until)

    async def find(self, token: str) -> Alert:
        """Return what a letter told of, before anybody answers it.

        Raises:
            AlertInvalid: The letter is not ours, too old, or was answered before.
        """
        alert = await repository.find_alert(self._database, hash_of(token))
        if alert is None or alert.answered_at or alert.expires_at <= self._clock.now():
            raise AlertInvalid
        return alert

    def words_of(self, alert: Alert, language: Language) -> str:
        """Return what a letter told of, in a sentence."""
        return self._letters.words(f"page.not_me.{alert.what}", language, moment=alert.happened_at)

    async def hold_of(self, account_id: UUID) -> Hold:
        """Return whether an account is held."""
        held = await repository.list_holds(self._database, [account_id], self._clock.now())
        return Hold(held_until=held[0].held_until, reason=held[0].reason) if held else Hold()

    async def holds(self, account_ids: list[UUID]) -> dict[UUID, datetime]:
        """Return until when those of the accounts are held that are."""
        rows = await repository.list_holds(self._database, account_ids, self._clock.now())
        return {row.account_id: row.held_until for row in rows}

    async def forget_old(self) -> None:
        """Delete alerts that have run out."""
        async with self._database.transaction() as tx:
            await repository.delete_alerts_before(tx, self._clock.now(), DELETED_AT_ONCE_MAX)

    async def _undo(self, tx: Transaction, alert: Alert, now: datetime) -> dict[str, int]:
        undone = {}
        for credential, roll_back in self._rollbacks.items():
            if count := await roll_back(tx, alert.account_id, alert.happened_at, now):
                undone[credential] = count
                await tx.publish(
                    CredentialChanged(
                        account_id=alert.account_id,
                        credential=credential,
                        action="rolled_back",
                        changed_at=now,
                    )
                )
        return undone

    async def _hold(self, tx: Transaction, account_id: UUID, now: datetime) -> datetime:
        until = now + timedelta(seconds=self._settings.hold_s)
        held_until = await repository.hold_account(tx, account_id, until=until, reason="not_me")
        await tx.publish(
            AccountHeld(account_id=account_id, reason="not_me", held_at=now, held_until=held_until)
        )
        return held_until
