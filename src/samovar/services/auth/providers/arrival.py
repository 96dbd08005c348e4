"""From a proven person to a session: whoever is known comes in, a newcomer is asked to register."""

from datetime import datetime

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import InvalidInput
from samovar.kit.ids import IdSource
from samovar.services.auth import repository as accounts
from samovar.services.auth.audit import Audit, Trace
from samovar.services.auth.client import Client
from samovar.services.auth.contract.events import AccountRegistered, Consent
from samovar.services.auth.domain import AAL1, PLAYER, Login, Proof, faults_of_a_person
from samovar.services.auth.providers import domain, repository
from samovar.services.auth.providers.domain import (
    REGISTRATION_LIFETIME,
    CountryPolicy,
    Decision,
    Identity,
)
from samovar.services.auth.providers.errors import LinkRequired, LinkTaken, NotFirstFactor
from samovar.services.auth.providers.links.linking import Linking
from samovar.services.auth.providers.one_time import Held, OneTimeTokens
from samovar.services.auth.providers.schemas import (
    ProviderRegistration,
    RegistrationRequired,
    SignInOutcome,
)
from samovar.services.auth.repository import Account
from samovar.services.auth.schemas import SignedIn
from samovar.services.auth.sessions.admission import Admission

# RFC 8176 has no word for it; the vendors that need one say `fed`.
BY_PROVIDER = ("fed",)
SIGN_IN = "sign_in.provider"


class Arrival:
    """Lets in whom a provider has proved."""

    def __init__(
        self,
        database: Database,
        *,
        policy: CountryPolicy,
        tokens: OneTimeTokens,
        linking: Linking,
        admission: Admission,
        audit: Audit,
        clock: Clock,
        new_id: IdSource,
    ) -> None:
        self._database = database
        self._policy = policy
        self._tokens = tokens
        self._linking = linking
        self._admission = admission
        self._audit = audit
        self._clock = clock
        self._new_id = new_id

    async def conclude(
        self, identity: Identity, country: str | None, client: Client, trace: Trace
    ) -> SignInOutcome:
        """Let in whom a provider has proved, or ask a newcomer to register.

        Raises:
            NotFirstFactor: The provider cannot sign anybody in, in this country.
            LinkRequired: The login that it has verified belongs to an account.
        """
        async with self._database.transaction() as tx:
            now = self._clock.now()
            link = await repository.find_link(tx, identity.provider, identity.subject)
            trace.account_id = link.account_id if link else None
            decision = self.first_factor(identity, trace, country, link.country if link else None)
            if link is None:
                return await self._ask_to_register(tx, identity, decision, now)
            account = await accounts.lock_account_by_id(tx, link.account_id)
            if account and await repository.touch_link(tx, link, identity, now):
                await self._audit.done(
                    tx,
                    SIGN_IN,
                    account_id=account.id,
                    address=client.address,
                    provider=identity.provider,
                    country=decision.country,
                    policy=decision.policy,
                )
                return await self._admission.admit(tx, account, client, BY_PROVIDER, now)
        # The link was taken away between the two looks at it.
        return await self.conclude(identity, country, client, trace)

    async def register(
        self,
        tx: Transaction,
        identity: Identity,
        registration: ProviderRegistration,
        decision: Decision,
        client: Client,
        now: datetime,
    ) -> SignedIn:
        """Make an account for a newcomer in the caller's transaction, and sign it in.

        Raises:
            InvalidInput: There is no name to show.
            LinkRequired: Meanwhile the login belongs to an account.
            LinkTaken: Meanwhile the person belongs to an account.
        """
        login = domain.proven_login(identity, decision.country)
        account = Account(
            id=self._new_id(),
            password_hash=None,
            password_is_void=False,
            second_factors=(),
            roles=(PLAYER,),
            language=client.language,
            tokens_not_before=None,
        )
        if login is None:
            await repository.insert_account_without_login(
                tx, account.id, roles=account.roles, language=account.language, now=now
            )
        elif await accounts.insert_account(tx, account, login, now):
            await accounts.verify_login(tx, account.id, login.value, now)
        else:
            raise LinkRequired("the login was taken meanwhile")
        if not await self._linking.insert(tx, account.id, identity, decision.country, now):
            raise LinkTaken("registered meanwhile")
        await self._audit.done(
            tx,
            "register.provider",
            account_id=account.id,
            address=client.address,
            provider=identity.provider,
            country=decision.country,
            policy=decision.policy,
        )
        await tx.publish(_registered(account, login, identity, registration, now))
        return await self._admission.open(
            tx, account, client, Proof(BY_PROVIDER, AAL1, now), now, is_first=True
        )

    def first_factor(self, identity: Identity, trace: Trace, *countries: str | None) -> Decision:
        """Return the policy's decision, which must let the provider be a first factor.

        Raises:
            NotFirstFactor: It does not.
        """
        decision = self._policy.decide(identity.provider, *countries)
        trace.note(country=decision.country, policy=decision.policy)
        if decision.standing != "first":
            raise NotFirstFactor(f"{identity.provider} in {decision.country}")
        return decision

    async def _ask_to_register(
        self, tx: Transaction, identity: Identity, decision: Decision, now: datetime
    ) -> RegistrationRequired:
        login = domain.proven_login(identity, decision.country)
        # Equal addresses never link by themselves: the provider may have given the address to another person since.
        if login and await repository.is_login_taken(tx, login):
            raise LinkRequired(
                f"the {login.kind} that {identity.provider} has verified belongs to an account"
            )
        held = Held(provider=identity.provider, mode="sign_in", identity=identity, country=decision.country)
        token = await self._tokens.issue(tx, "register", held, lifetime=REGISTRATION_LIFETIME, now=now)
        return RegistrationRequired(
            registration_token=token,
            provider=identity.provider,
            display_name=domain.shown_name(identity),
            login=login.value if login else None,
            expires_in=int(REGISTRATION_LIFETIME.total_seconds()),
        )


def _registered(
    account: Account,
    login: Login | None,
    identity: Identity,
    registration: ProviderRegistration,
    now: datetime,
) -> AccountRegistered:
    name = (registration.display_name or domain.shown_name(identity) or "").strip()
    faults = faults_of_a_person(name, registration.birth_date, registration.country, now.date())
    if faults:
        raise InvalidInput(fields=faults)
    return AccountRegistered(
        account_id=account.id,
        email=login.value if login and login.kind == "email" else None,
        phone=login.value if login and login.kind == "phone" else None,
        display_name=name,
        country=registration.country,
        birth_date=registration.birth_date,
        consents=tuple(
            Consent(given)
            if isinstance(given, str)
            else Consent(given.purpose, text_version=given.text_version)
            for given in registration.consents
        ),
        registered_at=now,
    )
