"""Signing out at a client's request, and telling clients that something is over."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import cast

import structlog

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.identity.verifier import Verifier
from samovar.kit.ids import IdSource
from samovar.services.auth import repository as accounts
from samovar.services.auth.audit import Audit
from samovar.services.auth.clients.domain import RegisteredClient, logout_matches
from samovar.services.auth.clients.registry import Registry
from samovar.services.auth.contract.events import SessionRevoked
from samovar.services.auth.errors import OAuthError
from samovar.services.auth.grants import ends
from samovar.services.auth.grants.domain import ID_TOKEN_TYPE
from samovar.services.auth.openid.domain import address_of, language_of_locales, parameters_of
from samovar.services.auth.sessions import ending
from samovar.services.auth.sessions.browsing import Browsing
from samovar.services.auth.sessions.ending import Reason
from samovar.services.auth.sign_out import domain, repository
from samovar.services.auth.sign_out.adapters import BackChannel, NotTold, RefusedByClient
from samovar.services.auth.sign_out.repository import Notice
from samovar.services.auth.sign_out.schemas import AskToLeave, Leaving, Left
from samovar.services.auth.tokens.signing import Signer

BATCH_MAX = 20
LEASE = timedelta(seconds=30)
KEPT_FOR = timedelta(days=30)
DELETED_AT_ONCE_MAX = 1_000

log = structlog.get_logger(__name__)


class SignOut:
    """Ends the session of a browser (OpenID Connect RP-Initiated Logout 1.0)."""

    def __init__(
        self,
        database: Database,
        *,
        registry: Registry,
        browsing: Browsing,
        signer: Signer,
        verifier: Verifier,
        audit: Audit,
        clock: Clock,
    ) -> None:
        self._database = database
        self._registry = registry
        self._browsing = browsing
        self._signer = signer
        self._verifier = verifier
        self._audit = audit
        self._clock = clock

    async def ask(self, query: str, cookie: str | None, *, address: str) -> AskToLeave | Left:
        """Answer a client's request: the person is always asked, since anybody can send a browser here.

        Raises:
            OAuthError: The client or the address to return to is not known, so nothing goes back there.
        """
        values, doubled = parameters_of(query)
        if doubled:
            raise OAuthError("invalid_request", f"{min(doubled)} stands there twice")
        client = await self._client_of(values)
        language = language_of_locales(values.get("ui_locales", ""))
        back_to = None
        if uri := values.get("post_logout_redirect_uri"):
            if client is None or not logout_matches(uri, client):
                raise OAuthError("invalid_request", "post_logout_redirect_uri is not one of the client")
            back_to = address_of(uri, {"state": values.get("state")})
        async with self._database.transaction() as tx:
            session = await self._browsing.find(tx, cookie, self._clock.now(), address=address)
            if session is None:
                return Left(back_to=back_to, language=language)
            logins = await accounts.list_logins(tx, session.account_id)
        return AskToLeave(
            leaving=Leaving(session_id=session.id, back_to=back_to, language=language),
            client=client.name if client else None,
            person=logins[0].value if logins else "",
        )

    async def leave(self, leaving: Leaving, cookie: str | None, *, address: str) -> Left:
        """End the session that the person saw on the page, if it is still the browser's."""
        async with self._database.transaction() as tx:
            now = self._clock.now()
            session = await self._browsing.find(tx, cookie, now, address=address)
            if session and session.id == leaving.session_id:
                await ending.end(tx, session.id, "logout", now)
                await self._audit.done(
                    tx,
                    "session.left",
                    account_id=session.account_id,
                    session_id=session.id,
                    address=address,
                )
        if session and session.id == leaving.session_id:
            self._verifier.revoke_session(session.id)
        return Left(back_to=leaving.back_to, language=leaving.language)

    async def _client_of(self, values: Mapping[str, str]) -> RegisteredClient | None:
        """Return the client that asks, by its name or by the ID token that it was given."""
        hint = values.get("id_token_hint")
        claims = self._signer.read_claims(hint, token_type=ID_TOKEN_TYPE) if hint else None
        named, hinted = values.get("client_id"), str(claims["aud"]) if claims else None
        if named and hinted and named != hinted:
            raise OAuthError("invalid_request", "the ID token was issued to another client")
        if not named and not hinted:
            return None
        client = await self._registry.find(named or hinted)
        if client is None:
            raise OAuthError("invalid_client", "there is no such client")
        return client


class Notices:
    """Tells clients that a session or a grant is over (OpenID Connect Back-Channel Logout 1.0)."""

    def __init__(
        self,
        database: Database,
        *,
        registry: Registry,
        signer: Signer,
        back_channel: BackChannel,
        issuer: str,
        clock: Clock,
        new_id: IdSource,
    ) -> None:
        self._database = database
        self._registry = registry
        self._signer = signer
        self._back_channel = back_channel
        self._issuer = issuer
        self._clock = clock
        self._new_id = new_id

    async def promise(self, tx: Transaction, ended: SessionRevoked) -> None:
        """Note whom to tell of an end. With a person's session end the grants that were for its time only."""
        now = self._clock.now()
        grant = await ends.find_grant(tx, ended.session_id)
        if grant:
            over = [grant]
        else:
            reason = cast("Reason", ended.reason)
            over = await ends.end_with_session(tx, ended.session_id, reason, now)
        clients = await self._registry.find_all(sorted({one.client_id for one in over}), tx)
        notices = [
            Notice(
                id=self._new_id(),
                client_id=one.client_id,
                account_id=one.account_id,
                grant_id=one.id,
                uri=uri,
                expires_at=now + domain.TOLD_WITHIN,
            )
            for one in over
            if one.client_id in clients and (uri := clients[one.client_id].backchannel_logout_uri)
        ]
        if notices:
            await repository.insert_notices(tx, notices, now)

    async def tell_due(self) -> int:
        """Tell the clients whose turn it is, each in its own time, and return how many were tried."""
        async with self._database.transaction() as tx:
            now = self._clock.now()
            notices = await repository.claim_notices(tx, now=now, leased_until=now + LEASE, limit=BATCH_MAX)
        await asyncio.gather(*(self._tell(notice) for notice in notices))
        return len(notices)

    async def forget_old(self) -> None:
        """Delete notices that were settled long ago."""
        async with self._database.transaction() as tx:
            await repository.delete_notices_before(tx, self._clock.now() - KEPT_FOR, DELETED_AT_ONCE_MAX)

    async def _tell(self, notice: Notice) -> None:
        about = {"client_id": notice.client_id, "grant_id": str(notice.grant_id), "attempts": notice.attempts}
        client = await self._registry.find(notice.client_id)
        now = self._clock.now()
        if client is None or now >= notice.expires_at:
            await self._settle(notice, "expired", None)
            log.warning("a client was never told of an end", **about)
            return
        claims = domain.logout_claims(
            issuer=self._issuer,
            client_id=client.id,
            subject=self._registry.subject_of(client, notice.account_id),
            session_id=str(notice.grant_id),
            token_id=str(notice.id),
            now=now,
        )
        token = self._signer.sign_claims(claims, token_type=domain.LOGOUT_TOKEN_TYPE, now=now)
        try:
            await self._back_channel.tell(notice.uri, token)
        except RefusedByClient as error:
            await self._settle(notice, "refused", str(error))
            log.warning("a client refused to be told of an end", **about)
        except NotTold as error:
            again_at = self._clock.now() + domain.pause_after(notice.attempts)
            async with self._database.transaction() as tx:
                await repository.postpone_notice(tx, notice, error=str(error), again_at=again_at)
            log.info("a client could not be told of an end yet", error=str(error), **about)
        else:
            await self._settle(notice, "told", None)

    async def _settle(self, notice: Notice, state: str, error: str | None) -> None:
        async with self._database.transaction() as tx:
            await repository.settle_notice(tx, notice.id, state=state, error=error, now=self._clock.now())
