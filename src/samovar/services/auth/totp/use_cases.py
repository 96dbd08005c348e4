"""Connecting and disconnecting an authenticator app."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import NotFound
from samovar.kit.identity import Caller
from samovar.services.auth import repository as accounts
from samovar.services.auth.audit import Audit
from samovar.services.auth.client import Client
from samovar.services.auth.domain import TOTP
from samovar.services.auth.errors import SecondFactorWrong, TotpNotBegun
from samovar.services.auth.factors.enrolment import Change, Enrolment
from samovar.services.auth.factors.freshness import require_proof
from samovar.services.auth.passwords.attempts import Attempts
from samovar.services.auth.passwords.proof import PasswordProof
from samovar.services.auth.schemas import RecoveryCodes
from samovar.services.auth.tokens.sealing import Sealer
from samovar.services.auth.totp import domain, repository
from samovar.services.auth.totp.schemas import TotpSecret

NEVER = -1


class Totp:
    """The authenticator apps of accounts."""

    def __init__(
        self,
        database: Database,
        *,
        sealer: Sealer,
        enrolment: Enrolment,
        attempts: Attempts,
        passwords: PasswordProof,
        audit: Audit,
        clock: Clock,
        random_bytes: Callable[[int], bytes],
    ) -> None:
        self._database = database
        self._sealer = sealer
        self._enrolment = enrolment
        self._attempts = attempts
        self._passwords = passwords
        self._audit = audit
        self._clock = clock
        self._random_bytes = random_bytes

    async def begin(self, caller: Caller, password: str | None, client: Client) -> TotpSecret:
        """Make a secret for the caller's app. Until a code confirms it, it changes nothing.

        Raises:
            BadCredentials: The account has a password, and this is another one, or none.
            StepUpRequired: The account proves itself otherwise, and has not done so lately.
            TooManyAttempts: Too many passwords for this account.
            HashingBusy: Too many passwords wait to be checked.
        """
        await self._check_owner(caller, password, client)
        secret = self._random_bytes(domain.SECRET_BYTES)
        async with self._database.transaction() as tx:
            await repository.save_enrolment(
                tx,
                caller.account_id,
                caller.session_id,
                secret_sealed=self._sealer.seal(secret, str(caller.account_id)),
                expires_at=self._clock.now() + domain.ENROLMENT_LIVES_FOR,
            )
        logins = await accounts.list_logins(self._database, caller.account_id)
        uri = domain.otpauth_uri(secret, logins[0].value if logins else domain.ISSUER)
        return TotpSecret(
            secret=domain.secret_text(secret),
            otpauth_uri=uri,
            qr_svg=_qr_svg(uri),
            expires_in=int(domain.ENROLMENT_LIVES_FOR.total_seconds()),
        )

    async def confirm(self, caller: Caller, code: str, client: Client) -> RecoveryCodes:
        """Take the first code of the app: from now on the account is asked for codes. An earlier app is disconnected.

        Raises:
            TotpNotBegun: No secret waits in this session, or no longer.
            SecondFactorWrong: The code is another one.
            TooManyAttempts: Too many codes for this account.
        """
        await self._attempts.count_proof(caller.account_id, caller.session_id)
        async with self._database.transaction() as tx:
            now = self._clock.now()
            account = await accounts.lock_account_by_id(tx, caller.account_id)
            begun = await repository.find_enrolment(tx, caller.account_id, caller.session_id)
            if account is None or begun is None or begun.expires_at <= now:
                raise TotpNotBegun
            secret = self._sealer.open(begun.secret_sealed, str(account.id))
            step = domain.matching_step(secret, code, now, after=NEVER)
            if step is not None:
                await repository.delete_enrolment(tx, account.id)
                await repository.retire_credential(tx, account.id, now)
                await repository.save_credential(
                    tx, account.id, secret_sealed=begun.secret_sealed, last_step=step, now=now
                )
                change = Change(
                    credential="totp",
                    action="changed" if TOTP in account.second_factors else "added",
                    caller=caller,
                    client=client,
                )
                return RecoveryCodes(recovery_codes=await self._enrolment.settle(tx, account, change, now))
        await self._audit.refused(
            "totp.confirm",
            account_id=caller.account_id,
            session_id=caller.session_id,
            address=client.address,
        )
        raise SecondFactorWrong

    async def remove(self, caller: Caller, client: Client) -> None:
        """Disconnect the caller's app.

        Raises:
            NotFound: None is connected.
            StepUpRequired: The second factor was not given lately.
        """
        async with self._database.transaction() as tx:
            now = self._clock.now()
            account = await accounts.lock_account_by_id(tx, caller.account_id)
            if account is None or TOTP not in account.second_factors:
                raise NotFound(f"{caller.account_id} has no authenticator app")
            require_proof(caller, account, now)
            await repository.retire_credential(tx, account.id, now)
            change = Change(credential="totp", action="removed", caller=caller, client=client)
            await self._enrolment.settle(tx, account, change, now)

    async def roll_back(self, tx: Transaction, account_id: UUID, since: datetime, now: datetime) -> int:  # noqa: ARG002  of the protocol
        """Let the app be again the one of just before `since`; see `alerts.rollbacks`."""
        await repository.delete_enrolment(tx, account_id)
        undone = await repository.delete_credential_since(tx, account_id, since)
        undone += await repository.restore_credential(tx, account_id, since)
        await self._enrolment.refresh(tx, account_id)
        return undone

    async def _check_owner(self, caller: Caller, password: str | None, client: Client) -> None:
        """See that it is the account's owner: by the second factor where there is one, else by the password, else by the sign-in."""
        account = await accounts.find_account_by_id(self._database, caller.account_id)
        if account is None:
            raise NotFound(f"there is no account {caller.account_id}")
        if account.second_factors or account.password_hash is None:
            require_proof(caller, account, self._clock.now())
            return
        await self._attempts.count_proof(caller.account_id, caller.session_id)
        await self._passwords.check(caller.account_id, password or "", client, caller.session_id)


def _qr_svg(text: str) -> str:
    import segno  # noqa: PLC0415  Few people ever see a QR code; a process does not keep the library for it.

    return str(segno.make(text, error="m", micro=False).svg_data_uri(scale=4))
