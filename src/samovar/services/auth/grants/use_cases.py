"""The token endpoint: codes, refresh tokens and credentials of clients against tokens."""

from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import UNSET

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.identity.verifier import Verifier
from samovar.services.auth.audit import Audit
from samovar.services.auth.client import Client
from samovar.services.auth.clients.domain import (
    AUTHORIZATION_CODE,
    CLIENT_CREDENTIALS,
    GRANT_TYPES,
    REFRESH_TOKEN,
    RegisteredClient,
    granted,
)
from samovar.services.auth.clients.registry import Presented, Registry
from samovar.services.auth.domain import Proof
from samovar.services.auth.errors import OAuthError, RefreshTokenInvalid
from samovar.services.auth.grants import codes, repository
from samovar.services.auth.grants.domain import proves
from samovar.services.auth.grants.issuing import Issuing
from samovar.services.auth.grants.methods import GrantMethods
from samovar.services.auth.grants.repository import Code
from samovar.services.auth.grants.schemas import FIELD_LENGTH_MAX, TokenAnswer, TokenRequest
from samovar.services.auth.grants.tokens import ClientTokens, GrantTokens
from samovar.services.auth.sessions import ending
from samovar.services.auth.sessions.families import Families, grant_of

INTROSPECT = "introspect"
DELETED_AT_ONCE_MAX = 10_000


class TokenEndpoint:
    """Gives tokens.

    Args:
        families: Of sessions, for the platform's own programs.
        grant_families: Of grants, for all others.
        methods: Further grant types, which other rooms bring.
    """

    def __init__(
        self,
        database: Database,
        *,
        registry: Registry,
        issuing: Issuing,
        families: Families,
        grant_families: Families,
        grant_tokens: GrantTokens,
        client_tokens: ClientTokens,
        methods: GrantMethods,
        verifier: Verifier,
        audit: Audit,
        clock: Clock,
    ) -> None:
        self._database = database
        self._registry = registry
        self._issuing = issuing
        self._families = families
        self._grant_families = grant_families
        self._grant_tokens = grant_tokens
        self._client_tokens = client_tokens
        self._methods = methods
        self._verifier = verifier
        self._audit = audit
        self._clock = clock

    async def redeem(self, request: TokenRequest, presented: Presented, who: Client) -> TokenAnswer:
        """Return tokens for what a client brings.

        Raises:
            OAuthError: It gets none; the name of the error is RFC 6749's.
        """
        for name in request.__struct_fields__:
            value = getattr(request, name)
            if value is not None and (len(value) > FIELD_LENGTH_MAX or "\0" in value):
                raise OAuthError("invalid_request", f"{name} is too long or holds a NUL")
        client = await self._registry.authenticate(presented)
        kind = request.grant_type
        if not kind:
            raise OAuthError("invalid_request", "grant_type is missing")
        if kind not in GRANT_TYPES:
            raise OAuthError("unsupported_grant_type", "there is no such grant type")
        if kind not in client.grant_types:
            raise OAuthError("unauthorized_client", f"the client may not use {kind}")
        if kind == AUTHORIZATION_CODE:
            return await self._by_code(request, client, who)
        if kind == REFRESH_TOKEN:
            return await self._by_refresh_token(request, client, who)
        if kind == CLIENT_CREDENTIALS:
            return self._by_credentials(request, client)
        if method := self._methods.get(kind):
            return await method.redeem(request, client, who)
        raise OAuthError("unsupported_grant_type", "not offered on this platform")

    async def forget_old_codes(self) -> None:
        """Delete codes that ran out, but keep them for as long as a second use has something to take back."""
        async with self._database.transaction() as tx:
            kept_since = self._clock.now() - codes.KEPT_FOR
            await repository.delete_codes_before(tx, kept_since, DELETED_AT_ONCE_MAX)

    async def _by_code(self, request: TokenRequest, client: RegisteredClient, who: Client) -> TokenAnswer:
        """Redeem a code once. A second use ends what the first one gave (RFC 6749, section 4.1.2)."""
        if not request.code:
            raise OAuthError("invalid_request", "code is missing")
        async with self._database.transaction() as tx:
            now = self._clock.now()
            code = await repository.lock_code(tx, codes.hash_of(request.code))
            ended: list[UUID] = []
            if code is None or code.client_id != client.id:
                fault = "there is no such code"
            elif code.used_at is not None:
                fault = "the code was used before"
                ended = await self._take_back(tx, code, who, now)
            else:
                fault = await self._fault_of(tx, code, request, now)
                if not fault:
                    return await self._redeemed(tx, code, request, client, who, now)
                # Whoever has the code but not its proof gets no second try.
                await repository.close_code(tx, code.code_hash, used_at=now, grant_id=None)
        await self._note_refusal(code, client, who, ended, fault)
        raise OAuthError("invalid_grant", fault)

    async def _fault_of(self, tx: Transaction, code: Code, request: TokenRequest, now: datetime) -> str:
        """Return what is wrong with a request for a code that is not used yet; nothing when all fits."""
        if code.expires_at <= now:
            return "the code has run out"
        if code.redirect_uri != request.redirect_uri:
            return "redirect_uri is not the one of the authorization request"
        if not proves(request.code_verifier, code.code_challenge):
            return "code_verifier does not belong to the code"
        if not await repository.is_live(tx, code.parent_id, now):
            return "the person has signed out"
        return ""

    async def _redeemed(
        self,
        tx: Transaction,
        code: Code,
        request: TokenRequest,
        client: RegisteredClient,
        who: Client,
        now: datetime,
    ) -> TokenAnswer:
        if client.first_party and request.device_token:
            who = msgspec.structs.replace(who, device_token=request.device_token)
        issued = await self._issuing.issue(
            tx,
            client=client,
            account_id=code.account_id,
            scope=tuple(code.scope.split()),
            parent_id=code.parent_id,
            proof=Proof(code.amr, code.acr, code.authenticated_at),
            nonce=code.nonce,
            who=who,
            now=now,
        )
        await repository.close_code(tx, code.code_hash, used_at=now, grant_id=issued.session_id)
        return issued.answer

    async def _take_back(self, tx: Transaction, code: Code, who: Client, now: datetime) -> list[UUID]:
        ended = await ending.end(tx, code.grant_id, "code_reuse", now) if code.grant_id else []
        await self._audit.done(
            tx,
            "code.reused",
            account_id=code.account_id,
            session_id=code.grant_id,
            address=who.address,
            client_id=code.client_id,
        )
        return [session.id for session in ended]

    async def _note_refusal(
        self, code: Code | None, client: RegisteredClient, who: Client, ended: list[UUID], fault: str
    ) -> None:
        for session_id in ended:
            self._verifier.revoke_session(session_id)
        if code:
            await self._audit.refused(
                "code.redeemed",
                account_id=code.account_id,
                address=who.address,
                client_id=client.id,
                of_client=code.client_id,
                reason=fault,
            )

    async def _by_refresh_token(
        self, request: TokenRequest, client: RegisteredClient, who: Client
    ) -> TokenAnswer:
        """Exchange a refresh token; a narrower scope narrows the new access token only (RFC 6749, section 6)."""
        families = self._families if client.first_party else self._grant_families
        try:
            async with self._database.transaction() as tx:
                now = self._clock.now()
                session, tokens = await families.exchange(
                    tx,
                    request.refresh_token or "",
                    now,
                    address=who.address,
                    kind="sign_in" if client.first_party else "grant",
                    client_id=None if client.first_party else client.id,
                )
                if tokens:
                    said = grant_of(session)
                    scope = self._narrowed(request, client, said.scope)
                    access_token = tokens.access_token
                    if not client.first_party and request.scope:
                        access_token = self._grant_tokens.make(session.id, scope, now)
                    return TokenAnswer(
                        access_token=access_token,
                        expires_in=tokens.expires_in,
                        scope=" ".join(scope),
                        refresh_token=tokens.refresh_token,
                        id_token=self._issuing.id_token(client, said, scope, None, access_token, now),
                    )
                await self._audit.done(
                    tx,
                    "session.token_reused",
                    account_id=session.account_id,
                    session_id=session.id,
                    address=who.address,
                    client_id=client.id,
                )
        except RefreshTokenInvalid as error:
            raise OAuthError("invalid_grant", str(error)) from None
        self._verifier.revoke_session(session.id)
        raise OAuthError("invalid_grant", "the refresh token was used before, so its session is over")

    def _narrowed(self, request: TokenRequest, client: RegisteredClient, scope: str) -> tuple[str, ...]:
        held = client.scopes if client.first_party else tuple(scope.split())
        if not request.scope:
            return granted(held, held)
        asked = request.scope.split()
        if not set(asked) <= set(held):
            raise OAuthError("invalid_scope", "more than the person agreed to")
        return granted(asked, held)

    def _by_credentials(self, request: TokenRequest, client: RegisteredClient) -> TokenAnswer:
        if request.scope not in {None, "", INTROSPECT}:
            raise OAuthError("invalid_scope", f"a client by itself gets the scope {INTROSPECT}")
        return TokenAnswer(
            access_token=self._client_tokens.make(client.id, self._clock.now()),
            expires_in=self._client_tokens.ttl_s,
            scope=INTROSPECT,
            refresh_token=UNSET,
        )
