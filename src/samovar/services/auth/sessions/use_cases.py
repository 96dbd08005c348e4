"""Sessions that have begun: refreshing, seeing, ending."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.errors import NotFound
from samovar.kit.identity import Caller
from samovar.kit.identity.verifier import Verifier
from samovar.kit.pagination import Page, decode_cursor, page_of
from samovar.services.auth import domain
from samovar.services.auth.audit import Audit
from samovar.services.auth.errors import RefreshTokenReused
from samovar.services.auth.schemas import Tokens
from samovar.services.auth.sessions import ending, repository
from samovar.services.auth.sessions.ending import ALL_KINDS, SIGN_INS, Reason
from samovar.services.auth.sessions.families import Families
from samovar.services.auth.sessions.repository import LiveSession, SeenSession
from samovar.services.auth.sessions.schemas import SessionDevice, SessionSeen
from samovar.services.auth.settings import AuthSettings

DELETED_AT_ONCE_MAX = 1_000


class SessionPosition(msgspec.Struct, frozen=True):
    """Where a page of sessions ended."""

    last_used_at: datetime
    id: UUID


class Sessions:
    """The sessions of an account."""

    def __init__(
        self,
        database: Database,
        *,
        settings: AuthSettings,
        families: Families,
        verifier: Verifier,
        audit: Audit,
        clock: Clock,
    ) -> None:
        self._database = database
        self._settings = settings
        self._families = families
        self._verifier = verifier
        self._audit = audit
        self._clock = clock
        self._refreshes: dict[str, asyncio.Task[Tokens]] = {}

    async def refresh(self, refresh_token: str, *, address: str) -> Tokens:
        """Exchange a refresh token for the next pair; see `domain.decide_refresh`.

        Calls with the same token that come while one is under way wait for its answer: it would be theirs as well, and a client
        that asks a thousand times at once would otherwise hold every connection to the database.

        Raises:
            RefreshTokenInvalid: It is forged, or its session is over.
            RefreshTokenReused: It was used before, so its session was ended.
        """
        under_way = self._refreshes.get(refresh_token)
        if under_way is None:
            under_way = asyncio.create_task(self._refresh(refresh_token, address))
            self._refreshes[refresh_token] = under_way
            under_way.add_done_callback(lambda _: self._refreshes.pop(refresh_token, None))
        # Whoever asked first may go away; the others still want the answer.
        return await asyncio.shield(under_way)

    async def _refresh(self, refresh_token: str, address: str) -> Tokens:
        async with self._database.transaction() as tx:
            now = self._clock.now()
            session, tokens = await self._families.exchange(tx, refresh_token, now, address=address)
            if tokens:
                return tokens
            await self._audit.done(
                tx,
                "session.token_reused",
                account_id=session.account_id,
                session_id=session.id,
                address=address,
            )
        self._verifier.revoke_session(session.id)
        raise RefreshTokenReused

    async def log_out(self, caller: Caller) -> None:
        """End the caller's session."""
        await self._end_one(caller.session_id, "logout")

    async def page(
        self, account_id: UUID, current: UUID, *, limit: int, cursor: str | None
    ) -> Page[SessionSeen]:
        """Return a page of an account's live sessions, the last used first; `current` is the one that asks."""
        position = decode_cursor(cursor, SessionPosition)
        rows = await repository.list_sessions(
            self._database,
            account_id,
            now=self._clock.now(),
            before=(position.last_used_at, position.id) if position else None,
            limit=limit + 1,
        )
        seen = [_as_seen(row, current) for row in rows]
        return page_of(seen, limit, lambda one: SessionPosition(one.last_used_at, one.id))

    async def live(self, session_ids: list[UUID]) -> list[LiveSession]:
        """Return those of the sessions that are not over."""
        return await repository.list_live_sessions(self._database, session_ids, self._clock.now())

    async def end(self, caller: Caller, session_id: UUID) -> None:
        """End one of the caller's sessions.

        Raises:
            NotFound: The caller has no such session, or it is over.
        """
        found = await repository.find_live_session(
            self._database, caller.account_id, session_id, self._clock.now()
        )
        if found is None:
            raise NotFound(f"{caller.account_id} has no live session {session_id}")
        await self._end_one(session_id, "revoked")

    async def end_others(self, caller: Caller) -> None:
        """End every sign-in of the caller but the one that asks; API keys and grants are ended one by one."""
        async with self._database.transaction() as tx:
            now = self._clock.now()
            ended = await ending.end_all(
                tx, caller.account_id, "revoked", now, keep=caller.session_id, kinds=SIGN_INS
            )
            await self._audit.done(
                tx,
                "session.others_ended",
                account_id=caller.account_id,
                session_id=caller.session_id,
                count=len(ended),
            )
        self._refuse_here(ended)

    async def end_all(self, account_id: UUID, by: Caller) -> None:
        """End everything of an account that is signed in; a member of staff does."""
        async with self._database.transaction() as tx:
            now = self._clock.now()
            ended = await ending.end_all(tx, account_id, "ended_by_staff", now, kinds=ALL_KINDS)
            await self._audit.done(
                tx,
                "session.all_ended",
                account_id=account_id,
                actor_id=by.account_id,
                session_id=by.session_id,
                count=len(ended),
            )
        self._refuse_here(ended)

    async def forget_old(self) -> None:
        """Delete the sessions that began longer ago than any may last, and are over."""
        began = self._clock.now() - timedelta(seconds=self._settings.session_lifetime_s)
        deleted = DELETED_AT_ONCE_MAX
        while deleted == DELETED_AT_ONCE_MAX:
            async with self._database.transaction() as tx:
                deleted = await repository.delete_sessions_before(
                    tx, domain.first_id_at(began), DELETED_AT_ONCE_MAX
                )

    async def _end_one(self, session_id: UUID, reason: Reason) -> None:
        async with self._database.transaction() as tx:
            ended = await ending.end(tx, session_id, reason, self._clock.now())
        self._refuse_here([*ended])
        # Ended before or not: the token in hand is to be refused here at once.
        self._verifier.revoke_session(session_id)

    def _refuse_here(self, ended: list[LiveSession]) -> None:
        """The events tell all processes; this one need not wait for them."""
        for session in ended:
            self._verifier.revoke_session(session.id)


def _as_seen(row: SeenSession, current: UUID) -> SessionSeen:
    fields = msgspec.structs.asdict(row)
    device_id, device_name = fields.pop("device_id"), fields.pop("device_name")
    device = SessionDevice(device_id, device_name) if device_id and device_name is not None else None
    return SessionSeen(is_current=row.id == current, device=device, **fields)
