"""What auth does: registering, signing in, refreshing, signing out."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.identity.verifier import Verifier
from samovar.kit.ids import IdSource
from samovar.services.auth import domain, repository
from samovar.services.auth.contract.events import (
    AccountRegistered,
    SessionRevoked,
    SessionStarted,
)
from samovar.services.auth.domain import PLAYER, InvalidLogin, Login, Refresh
from samovar.services.auth.errors import (
    BadCredentials,
    LoginTaken,
    RefreshTokenInvalid,
    RefreshTokenReused,
)
from samovar.services.auth.passwords.attempts import Attempts
from samovar.services.auth.passwords.hashing import Passwords
from samovar.services.auth.passwords.rules import faults_of
from samovar.services.auth.repository import Account, LiveSession, NewSession, Session
from samovar.services.auth.schemas import Credentials, Registration, SignedIn, Tokens
from samovar.services.auth.settings import AuthSettings
from samovar.services.auth.tokens.opaque import (
    SEED_BYTES,
    DeviceTokens,
    NotOurToken,
    PresentedRefreshToken,
)
from samovar.services.auth.tokens.pairs import Pairs
from samovar.services.auth.tokens.sealing import SealBroken
from samovar.services.auth.tokens.signing import Grant

BY_PASSWORD = ("pwd",)
ONE_FACTOR = "aal1"
DELETED_AT_ONCE_MAX = 1_000


class SignIn:
    """Registering, and signing in with a password."""

    def __init__(
        self,
        database: Database,
        *,
        settings: AuthSettings,
        passwords: Passwords,
        attempts: Attempts,
        devices: DeviceTokens,
        pairs: Pairs,
        clock: Clock,
        new_id: IdSource,
        random_bytes: Callable[[int], bytes],
    ) -> None:
        self._database = database
        self._settings = settings
        self._passwords = passwords
        self._attempts = attempts
        self._devices = devices
        self._pairs = pairs
        self._clock = clock
        self._new_id = new_id
        self._random_bytes = random_bytes

    async def register(self, registration: Registration, *, address: str) -> SignedIn:
        """Make an account and sign it in.

        Raises:
            InvalidInput: The login or the password breaks a rule.
            LoginTaken: Somebody has registered with this login.
            TooManyAttempts: The address has registered too often.
            HashingBusy: Too many passwords wait to be hashed.
        """
        self._passwords.refuse_when_busy()
        login = self._checked_login(registration)
        await self._attempts.count_registration(address)
        account = Account(
            id=self._new_id(),
            password_hash=await self._passwords.hash(registration.password),
            roles=(PLAYER,),
            tokens_not_before=None,
        )
        async with self._database.transaction() as tx:
            now = self._clock.now()
            if await repository.insert_account(tx, account, login, now):
                await tx.publish(_registered(account.id, login, registration, now))
                return await self._start_session(tx, account, now, known_device=None)
        await self._attempts.count_taken_login(address)
        raise LoginTaken

    async def log_in(self, credentials: Credentials, *, address: str) -> SignedIn:
        """Start a session. Whether the login is unknown or the password wrong shows neither in the answer nor in its time.

        Raises:
            BadCredentials: The login is unknown or the password wrong.
            TooManyAttempts: Too many attempts from this address or at this login.
            HashingBusy: Too many passwords wait to be checked.
        """
        self._passwords.refuse_when_busy()
        login = self._possible_login(credentials.login)
        found = await repository.find_account(self._database, login) if login else None
        device = self._devices.device_of(credentials.device_token, found.id) if found else None
        await self._attempts.count_sign_in(
            login.value if login else credentials.login, address=address, known_device=device
        )
        is_right = await self._passwords.matches(credentials.password, found.password_hash if found else None)
        if login is None or found is None or not is_right:
            raise BadCredentials
        newer_hash = None
        if self._passwords.is_outdated(found.password_hash):
            newer_hash = await self._passwords.hash(credentials.password)
        async with self._database.transaction() as tx:
            now = self._clock.now()
            account = await repository.lock_account(tx, login)
            if account and account.password_hash == found.password_hash:
                if newer_hash:
                    await repository.update_password_hash(tx, account.id, newer_hash)
                return await self._start_session(tx, account, now, known_device=device)
        # What was checked is no longer what is stored: the password was changed meanwhile, or only its hash.
        return await self.log_in(credentials, address=address)

    def _possible_login(self, text: str) -> Login | None:
        try:
            return domain.login_of(text, self._settings.phone_region)
        except InvalidLogin:
            return None

    def _checked_login(self, registration: Registration) -> Login:
        """Return the one login, after checking it and the password."""
        email, phone = registration.email, registration.phone
        if (email is None) == (phone is None):
            raise InvalidInput(
                fields=[FieldError("email", "one_login", "exactly one of email and phone is needed")]
            )
        try:
            if email is not None:
                login = domain.email_login(email)
            else:
                login = domain.phone_login(phone or "", registration.country or self._settings.phone_region)
        except InvalidLogin:
            field = "email" if phone is None else "phone"
            raise InvalidInput(fields=[FieldError(field, f"{field}_invalid", f"no such {field}")]) from None
        if not registration.display_name.strip() or not registration.display_name.isprintable():
            raise InvalidInput(fields=[FieldError("display_name", "unprintable", "nothing to see in it")])
        fault = faults_of(
            registration.password,
            length_min=self._settings.password_length_min,
            own_words=(login.value, registration.display_name),
        )
        if fault:
            raise InvalidInput(fields=[fault])
        return login

    async def _start_session(
        self, tx: Transaction, account: Account, now: datetime, *, known_device: UUID | None
    ) -> SignedIn:
        """Begin a session of an account that this transaction holds."""
        session = NewSession(
            id=self._new_id(),
            account_id=account.id,
            amr=BY_PASSWORD,
            acr=ONE_FACTOR,
            started_at=now,
            expires_at=_expiry(self._settings, started_at=now, now=now),
            seed=self._random_bytes(SEED_BYTES),
        )
        await repository.insert_session(tx, session)
        surplus = await repository.end_surplus_sessions(
            tx, account.id, keep=domain.SESSIONS_PER_ACCOUNT_MAX, reason="too_many_sessions", now=now
        )
        for ended in surplus:
            await _publish_revoked(tx, ended, "too_many_sessions", now)
        await tx.publish(
            SessionStarted(
                account_id=account.id,
                session_id=session.id,
                amr=session.amr,
                is_known_device=known_device is not None,
                started_at=now,
            )
        )
        grant = Grant(
            account_id=account.id,
            session_id=session.id,
            roles=account.roles,
            amr=session.amr,
            acr=session.acr,
            authenticated_at=now,
            tokens_not_before=account.tokens_not_before,
        )
        tokens = self._pairs.make(grant, seed=session.seed, generation=0, token_id=self._new_id(), now=now)
        device_token = self._devices.make(account.id, known_device or self._new_id())
        return SignedIn(account_id=account.id, device_token=device_token, **msgspec.structs.asdict(tokens))


class Sessions:
    """Sessions that have begun: refreshing, ending, asking about them."""

    def __init__(
        self,
        database: Database,
        *,
        settings: AuthSettings,
        pairs: Pairs,
        verifier: Verifier,
        clock: Clock,
        new_id: IdSource,
    ) -> None:
        self._database = database
        self._settings = settings
        self._pairs = pairs
        self._verifier = verifier
        self._clock = clock
        self._new_id = new_id

    async def refresh(self, refresh_token: str) -> Tokens:
        """Exchange a refresh token for the next pair; see `domain.decide_refresh`.

        Raises:
            RefreshTokenInvalid: It is forged, or its session is over.
            RefreshTokenReused: It was used before, so its session was ended.
        """
        try:
            presented = PresentedRefreshToken.parse(refresh_token)
        except NotOurToken:
            raise RefreshTokenInvalid("not of our making") from None
        async with self._database.transaction() as tx:
            # Before the row is read: a change of roles that this reading missed is dated later than the token.
            now = self._clock.now()
            session = await repository.lock_session(tx, presented.session_id)
            if session is None or not self._pairs.is_genuine(presented, session.seed):
                raise RefreshTokenInvalid("not of our making")
            match domain.decide_refresh(session, presented.generation, now):
                case Refresh.ROTATE:
                    return await self._rotate(tx, session, now)
                case Refresh.REPEAT:
                    return self._repeat(session)
                case Refresh.REFUSE:
                    raise RefreshTokenInvalid("the session is over")
                case Refresh.END_SESSION:
                    await self._end(tx, LiveSession(session.id, session.account_id), "token_reuse", now)
        self._verifier.revoke_session(presented.session_id)
        raise RefreshTokenReused

    async def log_out(self, caller: Caller) -> None:
        """End the caller's session."""
        async with self._database.transaction() as tx:
            session = LiveSession(caller.session_id, caller.account_id)
            await self._end(tx, session, "logout", self._clock.now())
        # The event tells all processes; this one need not wait for it.
        self._verifier.revoke_session(caller.session_id)

    async def forget_old(self) -> None:
        """Delete the sessions that began longer ago than any may last."""
        began = self._clock.now() - timedelta(seconds=self._settings.session_lifetime_s)
        deleted = DELETED_AT_ONCE_MAX
        while deleted == DELETED_AT_ONCE_MAX:
            async with self._database.transaction() as tx:
                deleted = await repository.delete_sessions_before(
                    tx, domain.first_id_at(began), DELETED_AT_ONCE_MAX
                )

    async def _rotate(self, tx: Transaction, session: Session, now: datetime) -> Tokens:
        grant = Grant(
            account_id=session.account_id,
            session_id=session.id,
            roles=session.roles,
            amr=session.amr,
            acr=session.acr,
            authenticated_at=session.authenticated_at,
            tokens_not_before=session.tokens_not_before,
        )
        generation = session.generation + 1
        tokens = self._pairs.make(
            grant, seed=session.seed, generation=generation, token_id=self._new_id(), now=now
        )
        await repository.rotate_session(
            tx,
            session.id,
            generation=generation,
            rotated_at=now,
            expires_at=_expiry(self._settings, started_at=session.authenticated_at, now=now),
            access_token_sealed=self._pairs.seal(session.id, generation, tokens),
        )
        return tokens

    def _repeat(self, session: Session) -> Tokens:
        try:
            return self._pairs.repeat(
                session.id,
                session.generation,
                seed=session.seed,
                sealed=session.access_token_sealed or b"",
            )
        except SealBroken:
            raise RefreshTokenInvalid("the pair was made with another secret") from None

    async def _end(self, tx: Transaction, session: LiveSession, reason: str, now: datetime) -> None:
        if await repository.end_session(tx, session.id, reason=reason, now=now):
            await _publish_revoked(tx, session, reason, now)


def _expiry(settings: AuthSettings, *, started_at: datetime, now: datetime) -> datetime:
    return domain.expiry_of(
        started_at=started_at,
        now=now,
        idle=timedelta(seconds=settings.session_idle_s),
        lifetime_max=timedelta(seconds=settings.session_lifetime_s),
    )


def _registered(
    account_id: UUID, login: Login, registration: Registration, now: datetime
) -> AccountRegistered:
    return AccountRegistered(
        account_id=account_id,
        email=login.value if login.kind == "email" else None,
        phone=login.value if login.kind == "phone" else None,
        display_name=registration.display_name.strip(),
        country=registration.country,
        birth_date=registration.birth_date,
        consents=registration.consents_given(),
        registered_at=now,
    )


async def _publish_revoked(tx: Transaction, session: LiveSession, reason: str, now: datetime) -> None:
    await tx.publish(
        SessionRevoked(account_id=session.account_id, session_id=session.id, reason=reason, revoked_at=now)
    )
