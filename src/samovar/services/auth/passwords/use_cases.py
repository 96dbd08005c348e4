"""Setting passwords: changing one, forgetting one, going back to a former one."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.identity import Caller, StepUpRequired
from samovar.kit.identity.verifier import Verifier
from samovar.kit.ids import IdSource
from samovar.services.auth import domain
from samovar.services.auth import repository as accounts
from samovar.services.auth.alerts.letters import Letters
from samovar.services.auth.alerts.rollbacks import Rollbacks
from samovar.services.auth.audit import Audit
from samovar.services.auth.client import Client
from samovar.services.auth.contract.events import CredentialChanged
from samovar.services.auth.domain import InvalidLogin, Login
from samovar.services.auth.errors import BadCredentials, ResetInvalid
from samovar.services.auth.factors import challenges
from samovar.services.auth.passwords import repository
from samovar.services.auth.passwords.attempts import Attempts
from samovar.services.auth.passwords.hashing import Passwords
from samovar.services.auth.passwords.judging import PasswordRules
from samovar.services.auth.passwords.proof import PasswordProof
from samovar.services.auth.passwords.repository import ResetRequest
from samovar.services.auth.passwords.resets import CODE_LIVES_FOR, TOKEN_LIVES_FOR, Resets
from samovar.services.auth.repository import Account
from samovar.services.auth.schemas import FRESH
from samovar.services.auth.sessions import ending
from samovar.services.auth.sessions.ending import ALL_KINDS, SIGN_INS
from samovar.services.auth.tokens.opaque import DeviceTokens

FORMER_KEPT_FOR = timedelta(days=14)
REQUESTS_AT_ONCE_MAX = 20
DELETED_AT_ONCE_MAX = 1_000
BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)


class PasswordSetting:
    """Setting passwords.

    Args:
        ways_in: Takes the other ways in away from an account, by their kind: passkeys, links to outside identity services.
    """

    def __init__(
        self,
        database: Database,
        *,
        passwords: Passwords,
        rules: PasswordRules,
        proof: PasswordProof,
        resets: Resets,
        attempts: Attempts,
        device_tokens: DeviceTokens,
        letters: Letters,
        verifier: Verifier,
        audit: Audit,
        clock: Clock,
        new_id: IdSource,
        ways_in: Rollbacks,
        phone_region: str,
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._rules = rules
        self._proof = proof
        self._resets = resets
        self._attempts = attempts
        self._device_tokens = device_tokens
        self._letters = letters
        self._verifier = verifier
        self._audit = audit
        self._clock = clock
        self._new_id = new_id
        self._ways_in = ways_in
        self._phone_region = phone_region

    async def change(
        self, caller: Caller, client: Client, *, current: str | None, new: str, keep_sessions: bool
    ) -> None:
        """Give the caller another password. No device is trusted any more, and other sign-ins end unless they are to be kept.

        Raises:
            BadCredentials: The present password is another one.
            StepUpRequired: The account has no password yet, and the caller proved who they are too long ago.
            InvalidInput: The new password breaks a rule.
            TooManyAttempts: Too many tries.
            HashingBusy: Too many passwords wait to be hashed.
        """
        self._passwords.refuse_when_busy()
        await self._attempts.count_proof(caller.account_id, caller.session_id)
        account = await accounts.find_account_by_id(self._database, caller.account_id)
        if account is None:
            raise BadCredentials
        if account.password_hash is not None:
            await self._proof.check(account.id, current or "", client, caller.session_id)
        elif (self._clock.now() - caller.auth_time).total_seconds() > FRESH.max_age_s:
            raise StepUpRequired(max_age_s=FRESH.max_age_s, acr=FRESH.acr)
        new_hash = await self._hash(account, new)
        async with self._database.transaction() as tx:
            now = self._clock.now()
            locked = await accounts.lock_account_by_id(tx, account.id)
            if locked is None or locked.password_hash != account.password_hash:
                raise BadCredentials("the password was changed meanwhile")
            # A link that was asked for before must not undo this.
            await repository.use_resets(tx, account.id, now)
            await self._set(tx, locked, new_hash, now, session_id=caller.session_id, address=client.address)
            await accounts.distrust_devices(tx, account.id)
            ended = []
            if not keep_sessions:
                ended = await ending.end_all(
                    tx, account.id, "password_changed", now, keep=caller.session_id, kinds=SIGN_INS
                )
        for session in ended:
            self._verifier.revoke_session(session.id)

    async def forget(self, login: str, client: Client) -> None:
        """Note that somebody has forgotten a password. Nothing of the answer depends on whether the login exists.

        Raises:
            TooManyAttempts: Too many requests from this address.
        """
        normal = self._possible_login(login)
        if not await self._attempts.count_forgotten(normal.value if normal else login, client.address):
            # The owner has letters enough, and whoever keeps asking shall not keep the owner from asking.
            return
        async with self._database.transaction() as tx:
            await repository.insert_request(
                tx,
                ResetRequest(
                    id=self._new_id(),
                    login=normal.value if normal else "",
                    address=client.address,
                    requested_at=self._clock.now(),
                ),
            )

    async def answer_requests(self) -> None:
        """Send the letters that requests ask for, where the login exists."""
        taken = REQUESTS_AT_ONCE_MAX
        while taken == REQUESTS_AT_ONCE_MAX:
            async with self._database.transaction() as tx:
                requests = await repository.take_requests(tx, REQUESTS_AT_ONCE_MAX)
                for request in requests:
                    await self._answer(tx, request)
            taken = len(requests)

    async def reset(
        self, client: Client, *, token: str | None, login: str | None, code: str | None, new: str
    ) -> str:
        """Set a new password by what was sent. Everything that was signed in ends, and nothing is signed in.

        Returns the token of the device on which that was done: it has a count of attempts of its own from now on, so that strangers who
        keep guessing at the login cannot keep its owner out on a device that is new.

        Raises:
            ResetInvalid: There is no such permission, it has run out or was used, or the code is another one.
            InvalidInput: The new password breaks a rule.
            TooManyAttempts: Too many tries.
            HashingBusy: Too many passwords wait to be hashed.
        """
        self._passwords.refuse_when_busy()
        await self._attempts.count_reset(client.address)
        normal = self._possible_login(login) if login else None
        reset = await self._resets.find(
            self._database, self._clock.now(), token=token, login=normal.value if normal else None
        )
        account = await accounts.find_account_by_id(self._database, reset.account_id)
        if account is None:
            raise ResetInvalid
        if not self._resets.fits(reset, code):
            async with self._database.transaction() as tx:
                await repository.count_attempt(tx, reset.id)
            await self._audit.refused("password.reset", account_id=account.id, address=client.address)
            raise ResetInvalid
        new_hash = await self._hash(account, new)
        async with self._database.transaction() as tx:
            now = self._clock.now()
            locked = await accounts.lock_account_by_id(tx, account.id)
            again = await repository.lock_reset(tx, reset.id)
            if locked is None or again is None or not self._resets.is_open(again, now):
                raise ResetInvalid
            await repository.use_resets(tx, account.id, now)
            await self._set(tx, locked, new_hash, now, address=client.address)
            await self._shut_strangers_out(tx, account.id, now)
            await accounts.verify_login(tx, account.id, reset.login, now)
            await accounts.distrust_devices(tx, account.id)
            ended = await ending.end_all(tx, account.id, "password_changed", now, kinds=ALL_KINDS)
        for session in ended:
            self._verifier.revoke_session(session.id)
        return self._device_tokens.make(account.id, self._new_id())

    async def _shut_strangers_out(self, tx: Transaction, account_id: UUID, now: datetime) -> None:
        """Take the other ways in from an account none of whose logins was ever proved, now that one is.

        Whoever made it may have typed somebody else's address and waited for its owner with a way in of their own («pre-hijacking»). A
        code of an app stays: it lets nobody in alone, and a reset must not go round it.
        """
        logins = await accounts.list_logins(tx, account_id)
        if any(login.verified_at for login in logins):
            return
        for credential, take_away in self._ways_in.items():
            if await take_away(tx, account_id, BEGINNING, now):
                await self._audit.done(
                    tx, f"{credential}.removed", account_id=account_id, reason="first_proof"
                )
                await tx.publish(
                    CredentialChanged(
                        account_id=account_id, credential=credential, action="removed", changed_at=now
                    )
                )

    async def roll_back(self, tx: Transaction, account_id: UUID, since: datetime, now: datetime) -> int:  # noqa: ARG002  of the protocol
        """Let the password be again what it was just before `since`; see `alerts.rollbacks`."""
        return await repository.restore_former(tx, account_id, since)

    async def forget_old(self) -> None:
        """Delete former passwords and permissions that are of no more use."""
        now = self._clock.now()
        async with self._database.transaction() as tx:
            await repository.delete_former_before(tx, now - FORMER_KEPT_FOR, DELETED_AT_ONCE_MAX)
            await repository.delete_resets_before(tx, now, DELETED_AT_ONCE_MAX)

    async def _hash(self, account: Account, password: str) -> str:
        logins = await accounts.list_logins(self._database, account.id)
        fault = self._rules.fault_of(
            password, own_words=[login.value for login in logins], roles=account.roles
        )
        if fault:
            raise InvalidInput(fields=[FieldError("new_password", fault.code, fault.detail, fault.limit)])
        return await self._passwords.hash(password)

    async def _set(
        self,
        tx: Transaction,
        account: Account,
        new_hash: str,
        now: datetime,
        *,
        address: str,
        session_id: UUID | None = None,
    ) -> None:
        if account.password_hash is not None:
            await repository.keep_former(tx, self._new_id(), account.id, account.password_hash, now)
        await repository.set_password(tx, account.id, new_hash)
        await challenges.call_off(tx, account.id, now)
        action = "added" if account.password_hash is None else "changed"
        await tx.publish(
            CredentialChanged(
                account_id=account.id,
                credential="password",
                action=action,
                session_id=session_id,
                changed_at=now,
            )
        )
        await self._audit.done(
            tx, f"password.{action}", account_id=account.id, session_id=session_id, address=address
        )

    async def _answer(self, tx: Transaction, request: ResetRequest) -> None:
        login = self._possible_login(request.login)
        account = await accounts.lock_account(tx, login) if login else None
        if login is None or account is None:
            return
        now = self._clock.now()
        if login.kind == "email":
            secret = {"token": await self._resets.allow(tx, account.id, now, login=login.value)}
            expires_at = now + TOKEN_LIVES_FOR
        else:
            secret = {"code": await self._resets.allow_by_code(tx, account.id, now, login=login.value)}
            expires_at = now + CODE_LIVES_FOR
        await self._letters.send(
            tx,
            "password_reset",
            login,
            account.language,
            expires_at=expires_at,
            **{"token": "", "code": ""} | secret,
        )
        await self._audit.done(tx, "password.reset_asked", account_id=account.id, address=request.address)

    def _possible_login(self, text: str) -> Login | None:
        try:
            return domain.login_of(text, self._phone_region)
        except InvalidLogin:
            return None
