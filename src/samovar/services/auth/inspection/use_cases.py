"""Asking about tokens and giving them back: introspection, revocation, userinfo."""

from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import Unauthenticated
from samovar.kit.identity import FULL_SCOPE
from samovar.kit.identity.verifier import Verifier
from samovar.services.auth import repository as accounts
from samovar.services.auth.audit import Audit
from samovar.services.auth.clients.domain import (
    AGE,
    EMAIL,
    OPENID,
    PROFILE,
    RegisteredClient,
)
from samovar.services.auth.clients.registry import Presented, Registry
from samovar.services.auth.errors import OAuthError
from samovar.services.auth.grants import ends
from samovar.services.auth.grants.domain import Grant
from samovar.services.auth.grants.tokens import ClientTokens, GrantTokens
from samovar.services.auth.inspection.adapters import People
from samovar.services.auth.inspection.schemas import Introspection, TokenInQuestion, UserInfo
from samovar.services.auth.sessions import ending
from samovar.services.auth.sessions.families import Families

TOKEN_LENGTH_MAX = 4_096
TWELVE, SIXTEEN, EIGHTEEN = 12, 16, 18
_UNAUTHORIZED, _FORBIDDEN = 401, 403
_INACTIVE = Introspection(active=False)


class Inspection:
    """What tokens say.

    Args:
        families: Of sessions, for the platform's own programs.
        grant_families: Of grants, for all others.
        people: What account knows.
        issuer: The platform's origin.
    """

    def __init__(
        self,
        database: Database,
        *,
        registry: Registry,
        families: Families,
        grant_families: Families,
        grant_tokens: GrantTokens,
        client_tokens: ClientTokens,
        people: People,
        verifier: Verifier,
        audit: Audit,
        issuer: str,
        clock: Clock,
    ) -> None:
        self._database = database
        self._registry = registry
        self._families = families
        self._grant_families = grant_families
        self._grant_tokens = grant_tokens
        self._client_tokens = client_tokens
        self._people = people
        self._verifier = verifier
        self._audit = audit
        self._issuer = issuer
        self._clock = clock

    async def introspect(
        self, asked: TokenInQuestion, presented: Presented, bearer: str | None
    ) -> Introspection:
        """Return what is known of a token of the client that asks; of any other only that it is not active (RFC 7662).

        Raises:
            OAuthError: `invalid_client`: who asks proves nothing. `invalid_request`: it asks about nothing.
        """
        now = self._clock.now()
        client = await self._confidential(presented, bearer, now)
        token = _given(asked)
        if (of_client := self._client_tokens.read(token, now)) and of_client[0] == client.id:
            return Introspection(
                active=True,
                scope="introspect",
                client_id=client.id,
                token_type="Bearer",  # noqa: S106  the kind of token
                exp=of_client[1],
                iss=self._issuer,
            )
        async with self._database.transaction() as tx:
            if said := self._grant_tokens.read(token, now):
                grant = await self._live(tx, said.grant_id, client, now)
                if grant:
                    return self._seen(client, grant, " ".join(said.scope), said.expires_at, "Bearer")
            session = await self._grant_families.find(tx, token)
            grant = await self._live(tx, session.id, client, now) if session else None
            if grant:
                expires_at = int(grant.expires_at.timestamp())
                return self._seen(client, grant, grant.scope, expires_at, "refresh_token")
        return _INACTIVE

    async def revoke(self, asked: TokenInQuestion, presented: Presented) -> None:
        """End what a token is of: the grant, or the session of one of the platform's own programs (RFC 7009).

        An unknown token is as good as revoked.

        Raises:
            OAuthError: `invalid_client`; `unauthorized_client`: it is somebody else's token.
        """
        client = await self._registry.authenticate(presented)
        token = _given(asked)
        async with self._database.transaction() as tx:
            now = self._clock.now()
            found = await self._session_of(tx, token, client, now)
            if found is None:
                return
            session_id, account_id, client_id = found
            if client_id != client.id:
                raise OAuthError("unauthorized_client", "the token was issued to another client")
            ended = await ending.end(tx, session_id, "revoked", now)
            await self._audit.done(
                tx, "grant.revoked", account_id=account_id, session_id=session_id, client_id=client.id
            )
        for session in ended:
            self._verifier.revoke_session(session.id)

    async def tell(self, token: str | None) -> UserInfo:
        """Return what a person lets a client know (OpenID Connect Core, section 5.3).

        Raises:
            OAuthError: `invalid_token`, `insufficient_scope`.
            Unavailable: Account is away, and what it knows was asked for: an answer with holes would be taken for the truth.
        """
        if not token:
            raise OAuthError("invalid_token", "no token", status=_UNAUTHORIZED, challenge="Bearer")
        if len(token) > TOKEN_LENGTH_MAX:
            raise _invalid_token()
        said = self._grant_tokens.read(token, self._clock.now())
        if said is None:
            return await self._tell_ours(token)
        async with self._database.transaction() as tx:
            grant = await ends.find_grant(tx, said.grant_id)
            client = await self._registry.find(grant.client_id, tx) if grant else None
        if grant is None or client is None or not _is_live(grant, self._clock.now()):
            raise _invalid_token()
        if OPENID not in said.scope:
            raise _insufficient_scope()
        return await self._told(
            self._registry.subject_of(client, grant.account_id), grant.account_id, said.scope
        )

    async def _tell_ours(self, token: str) -> UserInfo:
        """Answer one of the platform's own programs, which has the platform's tokens."""
        try:
            caller = await self._verifier.verify(token)
        except Unauthenticated:
            raise _invalid_token() from None
        if caller.scope != FULL_SCOPE:
            raise _insufficient_scope()
        return await self._told(str(caller.account_id), caller.account_id, (PROFILE, EMAIL, AGE))

    async def _told(self, subject: str, account_id: UUID, scope: tuple[str, ...]) -> UserInfo:
        known: dict[str, str | bool] = {}
        account = await accounts.find_account_by_id(self._database, account_id)
        if account is None:
            raise _invalid_token()
        if PROFILE in scope:
            known |= {"locale": account.language, **await self._profile(account_id)}
        if EMAIL in scope:
            logins = await accounts.list_logins(self._database, account_id)
            if mail := next((login for login in logins if login.kind == "email"), None):
                known |= {"email": mail.value, "email_verified": mail.verified_at is not None}
        if AGE in scope:
            age = await self._people.age(account_id)
            for years in (TWELVE, SIXTEEN, EIGHTEEN):
                known[f"age_over_{years}"] = age.level >= years
            if age.source is not None:
                known["age_source"] = age.source
        return msgspec.convert({"sub": subject, **known}, UserInfo)

    async def _profile(self, account_id: UUID) -> dict[str, str]:
        profile = await self._people.profile(account_id)
        if profile is None:
            return {}
        picture = None if profile.picture is None else f"{self._issuer}{profile.picture}"
        claims = {
            "name": profile.display_name,
            "preferred_username": profile.name,
            "picture": picture,
        }
        return {name: value for name, value in claims.items() if value is not None}

    async def _confidential(
        self, presented: Presented, bearer: str | None, now: datetime
    ) -> RegisteredClient:
        if bearer is not None:
            of_client = self._client_tokens.read(bearer, now)
            client = await self._registry.find(of_client[0]) if of_client else None
            if client is None:
                raise _invalid_token()
            return client
        client = await self._registry.authenticate(presented)
        if not client.is_confidential:
            raise OAuthError("invalid_client", "only a client with a secret may ask", status=_UNAUTHORIZED)
        return client

    async def _live(
        self, tx: Transaction, grant_id: UUID, client: RegisteredClient, now: datetime
    ) -> Grant | None:
        grant = await ends.find_grant(tx, grant_id)
        return grant if grant and grant.client_id == client.id and _is_live(grant, now) else None

    def _seen(
        self, client: RegisteredClient, grant: Grant, scope: str, expires_at: int, token_type: str
    ) -> Introspection:
        return Introspection(
            active=True,
            scope=scope,
            client_id=client.id,
            token_type=token_type,
            exp=expires_at,
            sub=self._registry.subject_of(client, grant.account_id),
            sid=str(grant.id),
            iss=self._issuer,
        )

    async def _session_of(
        self, tx: Transaction, token: str, client: RegisteredClient, now: datetime
    ) -> tuple[UUID, UUID, str] | None:
        """Return the session or grant of a token, its account and the client that holds it."""
        if said := self._grant_tokens.read(token, now):
            grant = await ends.find_grant(tx, said.grant_id)
            return (grant.id, grant.account_id, grant.client_id) if grant else None
        if session := await self._families.find(tx, token):
            holder = client.id if client.first_party and session.kind == "sign_in" else session.client_id
            return session.id, session.account_id, holder or ""
        if client.first_party:
            try:
                caller = await self._verifier.verify(token)
            except Unauthenticated:
                return None
            return caller.session_id, caller.account_id, client.id
        return None


def _given(asked: TokenInQuestion) -> str:
    token = asked.token or ""
    if not token or len(token) > TOKEN_LENGTH_MAX:
        raise OAuthError("invalid_request", "token is missing or too long")
    return token


def _is_live(grant: Grant, now: datetime) -> bool:
    return grant.ended_at is None and now < grant.expires_at


def _insufficient_scope() -> OAuthError:
    return OAuthError(
        "insufficient_scope",
        "the scope openid is missing",
        status=_FORBIDDEN,
        challenge='Bearer error="insufficient_scope", scope="openid"',
    )


def _invalid_token() -> OAuthError:
    return OAuthError(
        "invalid_token",
        "the token has run out, was revoked, or is none of ours",
        status=_UNAUTHORIZED,
        challenge='Bearer error="invalid_token"',
    )
