"""Registering, and signing in with a password."""

from datetime import datetime
from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.ids import IdSource
from samovar.services.auth import domain, repository
from samovar.services.auth.audit import Audit
from samovar.services.auth.client import Client
from samovar.services.auth.contract.events import AccountRegistered
from samovar.services.auth.domain import AAL1, PLAYER, InvalidLogin, Login, Proof
from samovar.services.auth.errors import BadCredentials, LoginTaken, PasswordVoid
from samovar.services.auth.passwords.attempts import Attempts
from samovar.services.auth.passwords.hashing import Passwords
from samovar.services.auth.passwords.judging import PasswordRules
from samovar.services.auth.providers.domain import CountryPolicy
from samovar.services.auth.providers.errors import NotFirstFactor
from samovar.services.auth.repository import Account
from samovar.services.auth.schemas import Credentials, MfaRequired, Registration, SignedIn
from samovar.services.auth.sessions.admission import Admission
from samovar.services.auth.settings import AuthSettings

BY_PASSWORD = ("pwd",)


class SignIn:
    """Registering, and signing in with a password."""

    def __init__(
        self,
        database: Database,
        *,
        settings: AuthSettings,
        passwords: Passwords,
        rules: PasswordRules,
        policy: CountryPolicy,
        attempts: Attempts,
        admission: Admission,
        audit: Audit,
        clock: Clock,
        new_id: IdSource,
    ) -> None:
        self._database = database
        self._settings = settings
        self._passwords = passwords
        self._rules = rules
        self._policy = policy
        self._attempts = attempts
        self._admission = admission
        self._audit = audit
        self._clock = clock
        self._new_id = new_id

    async def register(self, registration: Registration, client: Client) -> SignedIn:
        """Make an account and sign it in.

        Raises:
            InvalidInput: The login or the password breaks a rule.
            NotFirstFactor: In the person's country nobody registers by this kind of login.
            LoginTaken: Somebody has registered with this login.
            TooManyAttempts: The address has registered too often.
            HashingBusy: Too many passwords wait to be hashed.
        """
        self._passwords.refuse_when_busy()
        login = self._checked_login(registration)
        await self._refuse_unless_first(login, registration.country, client)
        await self._attempts.count_registration(client.address)
        account = Account(
            id=self._new_id(),
            password_hash=await self._passwords.hash(registration.password),
            password_is_void=False,
            second_factors=(),
            roles=(PLAYER,),
            language=client.language,
            tokens_not_before=None,
        )
        async with self._database.transaction() as tx:
            now = self._clock.now()
            if await repository.insert_account(tx, account, login, now):
                await tx.publish(_registered(account.id, login, registration, now))
                return await self._admission.open(
                    tx, account, client, Proof(BY_PASSWORD, AAL1, now), now, is_first=True
                )
        await self._attempts.count_taken_login(client.address)
        raise LoginTaken

    async def log_in(self, credentials: Credentials, client: Client) -> SignedIn | MfaRequired:
        """Start a session. Whether the login is unknown or the password wrong shows neither in the answer nor in its time.

        Raises:
            NotFirstFactor: In this country nobody signs in by this kind of login.
            BadCredentials: The login is unknown or the password wrong.
            PasswordVoid: The password is right, but somebody else knows it: it must be set anew by mail.
            TooManyAttempts: Too many attempts from this address or at this login.
            HashingBusy: Too many passwords wait to be checked.
        """
        self._passwords.refuse_when_busy()
        login = self._possible_login(credentials.login)
        if login:
            await self._refuse_unless_first(login, None, client)
        found = await repository.find_account(self._database, login) if login else None
        device = self._admission.known_device(client, found.id) if found else None
        await self._attempts.count_sign_in(
            login.value if login else credentials.login, address=client.address, known_device=device
        )
        stored = found.password_hash if found else None
        is_right = await self._passwords.matches(credentials.password, stored)
        if login is None or found is None or stored is None or not is_right:
            await self._audit.refused(
                "sign_in.password", account_id=found.id if found else None, address=client.address
            )
            raise BadCredentials
        if found.password_is_void:
            raise PasswordVoid
        newer_hash = None
        if self._passwords.is_outdated(stored):
            newer_hash = await self._passwords.hash(credentials.password)
        async with self._database.transaction() as tx:
            now = self._clock.now()
            account = await repository.lock_account(tx, login)
            if account and account.password_hash == stored and not account.password_is_void:
                if newer_hash:
                    await repository.update_password_hash(tx, account.id, newer_hash)
                return await self._admission.admit(tx, account, client, BY_PASSWORD, now)
        # What was checked is no longer what is stored: the password was changed meanwhile, or only its hash.
        return await self.log_in(credentials, client)

    async def _refuse_unless_first(self, login: Login, country: str | None, client: Client) -> None:
        """Hold the kind of login against the table of countries; it says nothing about the login itself."""
        method = "phone" if login.kind == "phone" else "password"
        decision = self._policy.decide(method, country)
        if decision.standing != "first":
            await self._audit.refused(
                "sign_in.method",
                account_id=None,
                address=client.address,
                method=method,
                country=decision.country,
                policy=decision.policy,
            )
            raise NotFirstFactor(f"{method} in {decision.country}")

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
        # Before the login: a phone is read by the rules of the country.
        faults = domain.faults_of_a_person(
            registration.display_name.strip(),
            registration.birth_date,
            registration.country,
            self._clock.now().date(),
        )
        if faults:
            raise InvalidInput(fields=faults)
        try:
            if email is not None:
                login = domain.email_login(email)
            else:
                login = domain.phone_login(phone or "", registration.country or self._settings.phone_region)
        except InvalidLogin:
            field = "email" if phone is None else "phone"
            raise InvalidInput(fields=[FieldError(field, f"{field}_invalid", f"no such {field}")]) from None
        fault = self._rules.fault_of(
            registration.password, own_words=(login.value, registration.display_name)
        )
        if fault:
            raise InvalidInput(fields=[fault])
        return login


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
