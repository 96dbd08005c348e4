"""Signing in and registering with an outside identity service."""

import hmac
from collections.abc import Mapping

import msgspec

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.errors import SamovarError
from samovar.kit.i18n import Language
from samovar.kit.identity import Caller
from samovar.services.auth.audit import Audit, recorded
from samovar.services.auth.client import Client
from samovar.services.auth.passwords.attempts import Attempts
from samovar.services.auth.providers import domain
from samovar.services.auth.providers.adapters.port import Provider
from samovar.services.auth.providers.arrival import SIGN_IN, Arrival
from samovar.services.auth.providers.domain import (
    CODE_LIFETIME,
    CountryPolicy,
    Identity,
    Mode,
)
from samovar.services.auth.providers.errors import (
    CodeInvalid,
    NotFirstFactor,
    ProviderAnswerInvalid,
    ProviderDenied,
    ProviderMixedUp,
    ProviderUnknown,
    SignedDataStale,
)
from samovar.services.auth.providers.journeys import Begun, Journeys, check_return, is_browser
from samovar.services.auth.providers.links.linking import Linking
from samovar.services.auth.providers.one_time import Held, OneTimeTokens
from samovar.services.auth.providers.repository import Attempt
from samovar.services.auth.providers.schemas import (
    ANSWER_LENGTH_MAX,
    CallbackOutcome,
    CodeIssued,
    ExchangeOutcome,
    ProviderOffered,
    ProviderRegistration,
    SignInOutcome,
)
from samovar.services.auth.providers.settings import ProviderName
from samovar.services.auth.schemas import SignedIn


class Redirect(msgspec.Struct, frozen=True):
    """Send the browser there."""

    url: str


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What a browser asks for when it sets out.

    Attributes:
        ticket: Shows that somebody who is signed in wants to link.
    """

    mode: Mode = "sign_in"
    return_to: str | None = None
    code_challenge: str | None = None
    country: str | None = None
    ticket: str | None = None


class ProviderSignIn:
    """Signing in with a provider; see the room's part of the README for the order of things."""

    def __init__(
        self,
        database: Database,
        *,
        providers: Mapping[ProviderName, Provider],
        policy: CountryPolicy,
        journeys: Journeys,
        tokens: OneTimeTokens,
        linking: Linking,
        arrival: Arrival,
        attempts: Attempts,
        audit: Audit,
        clock: Clock,
    ) -> None:
        self._database = database
        self._providers = providers
        self._policy = policy
        self._journeys = journeys
        self._tokens = tokens
        self._linking = linking
        self._arrival = arrival
        self._attempts = attempts
        self._audit = audit
        self._clock = clock

    def offered(self, country: str | None, language: Language) -> list[ProviderOffered]:
        """Return the providers that are configured and allowed in a country."""
        decided = [(one, self._policy.decide(name, country)) for name, one in self._providers.items()]
        return [
            ProviderOffered(
                name=provider.name,
                title=provider.title.ru if language == "ru" else provider.title.en,
                kind=provider.kind,
                first_factor=decision.standing == "first",
                start_url=None
                if provider.kind == "signed_data"
                else f"/v1/auth/providers/{provider.name}/start",
            )
            for provider, decision in decided
            if decision.standing != "no"
        ]

    async def start(self, name: str, wish: Wish, client: Client) -> tuple[Redirect, Begun]:
        """Begin a journey.

        Raises:
            ProviderUnknown: It is not configured, or has no page.
            InvalidInput: `return_to` leads elsewhere, or a loopback address comes without a challenge.
            NotFirstFactor: It cannot sign anybody in, in this country.
            CodeInvalid: The ticket for linking is not good.
        """
        provider = self._provider(name)
        check_return(wish.return_to, wish.code_challenge)
        async with recorded(self._audit, SIGN_IN, client, provider=provider.name, step="start") as trace:
            decision = self._policy.decide(provider.name, wish.country)
            trace.note(country=decision.country, policy=decision.policy)
            if wish.mode == "sign_in" and decision.standing != "first":
                raise NotFirstFactor(f"{name} in {decision.country}")
            async with self._database.transaction() as tx:
                now = self._clock.now()
                held = Held(
                    provider=provider.name,
                    mode="sign_in",
                    return_to=wish.return_to,
                    code_challenge=wish.code_challenge,
                    country=wish.country,
                )
                if wish.mode == "link":
                    held = await self._tokens.take(tx, "link", wish.ticket or "", now)
                    if held.provider != provider.name:
                        raise CodeInvalid("a ticket for another provider")
                begun = await self._journeys.begin(
                    tx,
                    provider.name,
                    mode=held.mode,
                    account_id=held.account_id,
                    return_to=held.return_to,
                    code_challenge=held.code_challenge,
                    country=held.country,
                    now=now,
                )
                return Redirect(provider.start(begun.challenge)), begun

    async def come_back(
        self, name: str, params: Mapping[str, str], cookies: Mapping[str, str], client: Client
    ) -> CallbackOutcome | Redirect:
        """End a journey. What goes wrong after the browser is known goes to `return_to`, when the client gave one.

        Raises:
            AttemptInvalid: The state is unknown, was used, is too old, or belongs to another browser.
            ProviderMixedUp: This is the answer of another provider.
            ProviderDenied: The person or the provider said no.
            ProviderAnswerInvalid: The provider proves nobody.
            ProviderAway: The provider does not answer.
            NotFirstFactor: It cannot sign anybody in, in this country.
            LinkRequired: The login that it has verified belongs to an account.
        """
        provider = self._provider(name)
        state = params.get("state", "")
        async with recorded(self._audit, SIGN_IN, client, provider=provider.name) as trace:
            async with self._database.transaction() as tx:
                ended = await self._journeys.end(tx, state, self._clock.now())
            trace.account_id = ended.account_id if ended else None
            attempt = self._journeys.check(ended, state, provider=provider.name, cookies=cookies)
            if attempt.return_to is None:
                identity = await self._prove(provider, params, state)
                if attempt.mode == "sign_in":
                    return await self._arrival.conclude(identity, attempt.country, client, trace)
                return await self._hold(identity, attempt)
            try:
                async with recorded(self._audit, SIGN_IN, client, **trace.details):
                    identity = await self._prove(provider, params, state)
            except SamovarError as error:
                return Redirect(domain.with_answer(attempt.return_to, error=error.code))
            issued = await self._hold(identity, attempt)
            return Redirect(domain.with_answer(attempt.return_to, code=issued.code))

    async def accept(
        self, name: ProviderName, params: Mapping[str, str], country: str | None, client: Client
    ) -> SignInOutcome:
        """Sign in with what a messenger has signed.

        Raises:
            ProviderUnknown: It is not configured.
            ProviderAnswerInvalid: It is forged, or not for us.
            SignedDataStale: It is too old, or was used before.
            NotFirstFactor: It cannot sign anybody in, in this country.
            LinkRequired: The login that it has verified belongs to an account.
        """
        provider = self._provider(name)
        async with recorded(self._audit, SIGN_IN, client, provider=provider.name) as trace:
            identity = await provider.complete(params, None)
            async with self._database.transaction() as tx:
                is_first = await self._linking.use_once(tx, identity)
            if not is_first:
                raise SignedDataStale("used before")
            return await self._arrival.conclude(identity, country, client, trace)

    async def exchange(
        self,
        code: str,
        verifier: str | None,
        cookies: Mapping[str, str],
        caller: Caller | None,
        client: Client,
    ) -> ExchangeOutcome:
        """Fetch what a browser came back with.

        Raises:
            CodeInvalid: The code is not good, or another client's, or of another account that links.
            NotFirstFactor: The provider cannot sign anybody in, in this country.
            LinkRequired: The login that it has verified belongs to an account.
            LinkTaken: The person belongs to another account.
            AlreadyLinked: The account has a link to this provider.
        """
        async with recorded(self._audit, SIGN_IN, client, step="exchange") as trace:
            async with self._database.transaction() as tx:
                held = await self._tokens.take(tx, "exchange", code, self._clock.now())
            trace.details["provider"] = held.provider
            trace.account_id = held.account_id
            if held.identity is None or not _is_bound(held, verifier, cookies):
                raise CodeInvalid("bound to another client")
            if held.mode == "sign_in":
                return await self._arrival.conclude(held.identity, held.country, client, trace)
            # Whoever was lured into finishing somebody else's link is signed in as another account, or not at all.
            if caller is None or caller.account_id != held.account_id:
                raise CodeInvalid("the link was begun by another account")
            async with self._database.transaction() as tx:
                decision = self._policy.decide(held.provider, held.country)
                trace.note(country=decision.country, policy=decision.policy)
                return await self._linking.link(
                    tx,
                    caller.account_id,
                    caller.session_id,
                    held.identity,
                    decision,
                    client,
                    self._clock.now(),
                )

    async def register(self, registration: ProviderRegistration, client: Client) -> SignedIn:
        """Make an account for somebody whom a provider has proved, and sign it in.

        Raises:
            CodeInvalid: The token is not good.
            InvalidInput: There is no name to show.
            NotFirstFactor: The provider cannot register anybody in this country.
            LinkRequired: Meanwhile the login belongs to an account.
            LinkTaken: Meanwhile the person belongs to an account.
            TooManyAttempts: The address has registered too often.
        """
        await self._attempts.count_registration(client.address)
        async with (
            recorded(self._audit, "register.provider", client) as trace,
            self._database.transaction() as tx,
        ):
            now = self._clock.now()
            held = await self._tokens.take(tx, "register", registration.token, now)
            if held.identity is None:
                raise CodeInvalid("not for registering")
            trace.details["provider"] = held.provider
            decision = self._arrival.first_factor(held.identity, trace, registration.country, held.country)
            return await self._arrival.register(tx, held.identity, registration, decision, client, now)

    async def _prove(self, provider: Provider, params: Mapping[str, str], state: str) -> Identity:
        """Return whom the answer of a provider's page proves."""
        issuer = params.get("iss")
        if issuer is not None and issuer != provider.issuer:
            raise ProviderMixedUp("the answer names another issuer")
        if params.get("error"):
            raise ProviderDenied(f"{provider.name} said no")
        if not 0 < len(params.get("code", "")) <= ANSWER_LENGTH_MAX:
            raise ProviderAnswerInvalid("no code")
        return await provider.complete(params, self._journeys.challenge_of(state, provider.name))

    async def _hold(self, identity: Identity, attempt: Attempt) -> CodeIssued:
        """Keep what was proved until the client fetches it."""
        held = Held(
            provider=attempt.provider,
            mode=attempt.mode,
            identity=identity,
            account_id=attempt.account_id,
            country=attempt.country,
            code_challenge=attempt.code_challenge,
            browser_hash=attempt.browser_hash,
        )
        async with self._database.transaction() as tx:
            now = self._clock.now()
            code = await self._tokens.issue(tx, "exchange", held, lifetime=CODE_LIFETIME, now=now)
        return CodeIssued(code=code, expires_in=int(CODE_LIFETIME.total_seconds()))

    def _provider(self, name: str) -> Provider:
        for known, provider in self._providers.items():
            if known == name:
                return provider
        raise ProviderUnknown(f"{name[:32]} is not configured")


def _is_bound(held: Held, verifier: str | None, cookies: Mapping[str, str]) -> bool:
    """Return whether a code is fetched by whom it was made for: the holder of the verifier, or else the same browser."""
    if held.code_challenge is not None:
        return verifier is not None and hmac.compare_digest(domain.s256(verifier), held.code_challenge)
    return held.browser_hash is not None and is_browser(cookies, held.browser_hash)
