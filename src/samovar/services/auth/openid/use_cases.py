"""Authorization: from a client's request to a code, by way of the person."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.services.auth import repository as accounts
from samovar.services.auth.audit import Audit
from samovar.services.auth.clients.domain import RegisteredClient, redirect_matches
from samovar.services.auth.clients.registry import Registry
from samovar.services.auth.consents import remembering
from samovar.services.auth.domain import Proof
from samovar.services.auth.errors import OAuthError
from samovar.services.auth.grants import codes
from samovar.services.auth.grants.domain import ID_TOKEN_TYPE
from samovar.services.auth.openid import domain
from samovar.services.auth.openid.domain import AuthorizationRequest, Return, SignedInFor
from samovar.services.auth.openid.schemas import (
    AskConsent,
    AskSignIn,
    ConsentAsked,
    Outcome,
    Pending,
    SendBack,
)
from samovar.services.auth.sessions.browsing import Browsing
from samovar.services.auth.tokens.signing import Signer


class Authorization:
    """Answers authorization requests.

    Args:
        browsing: Whose browser it is.
        issuer: The platform's origin.
    """

    def __init__(
        self,
        database: Database,
        *,
        registry: Registry,
        browsing: Browsing,
        signer: Signer,
        audit: Audit,
        issuer: str,
        random_bytes: Callable[[int], bytes],
        clock: Clock,
    ) -> None:
        self._database = database
        self._registry = registry
        self._browsing = browsing
        self._signer = signer
        self._audit = audit
        self._issuer = issuer
        self._random_bytes = random_bytes
        self._clock = clock

    async def begin(self, query: str, cookie: str | None, *, address: str) -> Outcome:
        """Answer a request as it came.

        Raises:
            OAuthError: Nobody knows the client, or the address to return to is not one of its: so nothing goes back there.
        """
        values, doubled = domain.parameters_of(query)
        client = None if "client_id" in doubled else await self._registry.find(values.get("client_id"))
        if client is None:
            raise OAuthError("invalid_client", "there is no such client")
        uri = values.get("redirect_uri")
        if uri is None or "redirect_uri" in doubled or not redirect_matches(uri, client):
            await self._audit.refused(
                "authorization.redirect_uri", account_id=None, address=address, client_id=client.id
            )
            raise OAuthError("invalid_request", "redirect_uri is not one that the client registered")
        back = domain.return_of(values if "state" not in doubled else {"redirect_uri": uri})
        try:
            request = domain.request_of(
                values, doubled, client, subject=self._hinted(values.get("id_token_hint"), client)
            )
        except OAuthError as error:
            return self._error(back, error)
        return await self._evaluate(Pending(request=request, began_at=self._clock.now()), cookie, address)

    async def go_on(self, pending: Pending, cookie: str | None, *, address: str) -> Outcome:
        """Answer a request again, after the person signed in."""
        return await self._evaluate(pending, cookie, address)

    async def decide(
        self, asked: ConsentAsked, cookie: str | None, *, allowed: bool, address: str
    ) -> Outcome:
        """Answer a request with the person's decision."""
        request = asked.pending.request
        if not allowed:
            back = _back(request)
            return self._error(back, OAuthError("access_denied", "the person said no"), request.language)
        return await self._evaluate(asked.pending, cookie, address, agreed=asked.account_id)

    async def switch(self, asked: ConsentAsked) -> Outcome:
        """Let somebody else sign in for a request."""
        pending = asked.pending
        client = await self._registry.find(pending.request.client_id)
        if client is None:
            raise OAuthError("invalid_client", "the client has changed meanwhile")
        prompt = tuple(dict.fromkeys((*pending.request.prompt, domain.LOGIN)))
        request = msgspec.structs.replace(pending.request, prompt=prompt, login_hint="")
        return AskSignIn(pending=Pending(request=request, began_at=self._clock.now()), client=client)

    async def _evaluate(
        self, pending: Pending, cookie: str | None, address: str, *, agreed: UUID | None = None
    ) -> Outcome:
        request = pending.request
        async with self._database.transaction() as tx:
            now = self._clock.now()
            client = await self._registry.find(request.client_id, tx)
            if client is None or not redirect_matches(request.redirect_uri, client):
                raise OAuthError("invalid_client", "the client has changed meanwhile")
            session = await self._browsing.find(tx, cookie, now, address=address)
            signed_in = None
            if session:
                signed_in = SignedInFor(
                    subject=self._registry.subject_of(client, session.account_id),
                    started_at=session.started_at,
                    authenticated_at=session.authenticated_at,
                    acr=session.acr,
                )
            is_silent = domain.NONE in request.prompt
            if session is None or domain.needs_sign_in(
                request, signed_in, began_at=pending.began_at, now=now
            ):
                if is_silent:
                    return self._error(_back(request), OAuthError("login_required", "nobody is signed in"))
                return AskSignIn(pending=pending, client=client)
            has_agreed = agreed == session.account_id
            remembered = await remembering.scopes_of(tx, session.account_id, client.id)
            if not has_agreed and domain.needs_consent(request, client, remembered):
                if is_silent:
                    return self._error(
                        _back(request), OAuthError("consent_required", "the person must agree")
                    )
                return AskConsent(
                    asked=ConsentAsked(pending=pending, account_id=session.account_id),
                    client=client,
                    person=await _person(tx, session.account_id),
                )
            if has_agreed:
                await self._remember(tx, session.id, session.account_id, client, request, address, now)
            code = await codes.give(
                tx,
                client_id=client.id,
                account_id=session.account_id,
                parent_id=session.id,
                redirect_uri=request.redirect_uri,
                scope=" ".join(request.scope),
                nonce=request.nonce,
                code_challenge=request.code_challenge,
                proof=Proof(session.amr, session.acr, session.authenticated_at),
                random_bytes=self._random_bytes,
                now=now,
            )
        return self._answer(_back(request), {"code": code}, request.language)

    async def _remember(
        self,
        tx: Transaction,
        session_id: UUID,
        account_id: UUID,
        client: RegisteredClient,
        request: AuthorizationRequest,
        address: str,
        now: datetime,
    ) -> None:
        if client.first_party:
            return
        await remembering.remember(tx, account_id, client.id, request.scope, now)
        await self._audit.done(
            tx,
            "consent.given",
            account_id=account_id,
            session_id=session_id,
            address=address,
            client_id=client.id,
            scope=" ".join(request.scope),
        )

    def _hinted(self, hint: str | None, client: RegisteredClient) -> str | None:
        """Return whom an `id_token_hint` names, if it is an ID token of ours for this client."""
        claims: dict[str, Any] | None = (
            self._signer.read_claims(hint, token_type=ID_TOKEN_TYPE) if hint else None
        )
        return str(claims["sub"]) if claims and claims.get("aud") == client.id else None

    def _error(self, back: Return, error: OAuthError, language: str | None = None) -> SendBack:
        return self._answer(back, {"error": error.error, "error_description": str(error)}, language)

    def _answer(self, back: Return, said: dict[str, str], language: str | None) -> SendBack:
        """Send something back, and who says it (RFC 9207)."""
        return SendBack(
            redirect_uri=back.redirect_uri,
            response_mode=back.response_mode,
            params={**said, "state": back.state, "iss": self._issuer},
            language=language,
        )


async def _person(tx: Transaction, account_id: UUID) -> str:
    logins = await accounts.list_logins(tx, account_id)
    return logins[0].value if logins else ""


def _back(request: AuthorizationRequest) -> Return:
    return Return(redirect_uri=request.redirect_uri, response_mode=request.response_mode, state=request.state)
