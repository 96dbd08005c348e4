"""Telling the owner: a letter with a token that takes back what happened."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from samovar.kit.clock import Clock
from samovar.kit.database import Transaction
from samovar.kit.ids import IdSource
from samovar.services.auth import repository as accounts
from samovar.services.auth.alerts import repository
from samovar.services.auth.alerts.letters import Letters
from samovar.services.auth.alerts.repository import Alert
from samovar.services.auth.client import Client
from samovar.services.auth.contract.events import CredentialChanged, RecoveryCodeUsed, SignInRefused
from samovar.services.auth.errors import AlertInvalid
from samovar.services.auth.repository import Account
from samovar.services.auth.tokens.opaque import NotOurToken, unwrap, wrap

# Somebody on holiday reads the mail a week later; what was replaced is kept as long.
ALERT_LIVES_FOR = timedelta(days=14)
LETTER_LIVES_FOR = timedelta(hours=24)
TOKEN_BYTES = 32
PREFIX = "smvn_"


class Telling:
    """Writes alerts, in the caller's transaction."""

    def __init__(
        self,
        letters: Letters,
        *,
        clock: Clock,
        new_id: IdSource,
        random_bytes: Callable[[int], bytes],
    ) -> None:
        self._letters = letters
        self._clock = clock
        self._new_id = new_id
        self._random_bytes = random_bytes

    async def tell_new_device(self, tx: Transaction, account: Account, client: Client, now: datetime) -> None:
        """Write to the owner that somebody signs in on a device that was not seen before."""
        device = client.device_name or self._letters.words("alert.some_device", account.language)
        await self._tell(tx, account, "new_device", now, device=device, address=client.address or "—")

    async def tell_change(self, tx: Transaction, event: CredentialChanged) -> None:
        """Write to the owner that what proves who they are has changed."""
        account = await accounts.lock_account_by_id(tx, event.account_id)
        if account:
            what = self._letters.words(f"alert.what.{event.credential}_{event.action}", account.language)
            named = f"{what}: {event.name}" if event.name else what
            await self._tell(tx, account, "credential_changed", event.changed_at, what=named)

    async def tell_recovery_code(self, tx: Transaction, event: RecoveryCodeUsed) -> None:
        """Write to the owner that a recovery code was used, and how many are left."""
        account = await accounts.lock_account_by_id(tx, event.account_id)
        if account:
            what = self._letters.words(
                "alert.what.recovery_code_used", account.language, left=event.codes_left
            )
            await self._tell(tx, account, "credential_changed", event.used_at, what=what)

    async def tell_refused(self, tx: Transaction, event: SignInRefused) -> None:
        """Write to the owner that a device wanted in with their help, and that something was wrong."""
        account = await accounts.lock_account_by_id(tx, event.account_id)
        if account:
            await self._tell(
                tx,
                account,
                "sign_in_refused",
                event.refused_at,
                what=self._letters.words(f"alert.refused.{event.reason}", account.language),
                device=event.device_name or self._letters.words("alert.some_device", account.language),
                address=event.address or "—",
            )

    async def _tell(
        self, tx: Transaction, account: Account, letter: str, happened_at: datetime, **parameters: str
    ) -> None:
        """Write to the login that is the surest: one that somebody proved before one that was only said."""
        logins = await accounts.list_logins(tx, account.id)
        now = self._clock.now()
        if not logins or now - happened_at > LETTER_LIVES_FOR:
            return
        secret = self._random_bytes(TOKEN_BYTES)
        alert = Alert(
            id=self._new_id(),
            account_id=account.id,
            what=letter,
            happened_at=happened_at,
            expires_at=now + ALERT_LIVES_FOR,
            answered_at=None,
        )
        await repository.insert_alert(tx, alert, hashlib.sha256(secret).digest())
        await self._letters.send(
            tx,
            letter,
            logins[0],
            account.language,
            expires_at=now + LETTER_LIVES_FOR,
            moment=happened_at,
            token=wrap(PREFIX, secret),
            **parameters,
        )


def hash_of(token: str) -> bytes:
    """Return by what an alert is found.

    Raises:
        AlertInvalid: The token is not of our making.
    """
    try:
        return hashlib.sha256(unwrap(token, PREFIX, TOKEN_BYTES)).digest()
    except NotOurToken:
        raise AlertInvalid from None
