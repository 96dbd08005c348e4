"""The session of a person in a browser: its cookie instead of tokens.

The cookie's value is derived, as refresh tokens are: the session's id and an HMAC over the session's random seed, with a key of its own.
Only a sign-in on one of our pages makes one, and a sign-in always makes a new one.
"""

import hashlib
import hmac
from datetime import datetime, timedelta
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.kit.settings import Secret
from samovar.services.auth.schemas import SignedIn
from samovar.services.auth.sessions import ending, repository
from samovar.services.auth.sessions.families import expiry
from samovar.services.auth.sessions.repository import LiveSession, Session
from samovar.services.auth.settings import AuthSettings
from samovar.services.auth.tokens.opaque import (
    MAC_BYTES,
    NotOurToken,
    PresentedRefreshToken,
    unwrap,
    wrap,
)
from samovar.services.auth.tokens.sealing import derive_key

PREFIX = "smvb_"
# A use is noted this often at most.
NOTED_EVERY = timedelta(minutes=10)
_ID_BYTES = 16


class Browsing:
    """Makes and reads the cookies of sessions, in the caller's transaction."""

    def __init__(self, *, secret: Secret, settings: AuthSettings) -> None:
        self._key = derive_key(secret, "browser sessions")
        self._settings = settings

    async def find(
        self, tx: Transaction, cookie: str | None, now: datetime, *, address: str
    ) -> Session | None:
        """Return the live session of a cookie, and note that it was used."""
        session = await self._of_cookie(tx, cookie)
        if session is None or session.ended_at is not None or session.expires_at <= now:
            return None
        if now - session.rotated_at > NOTED_EVERY:
            expires_at = expiry(self._settings, started_at=session.started_at, now=now)
            await repository.touch_session(
                tx, session.id, used_at=now, expires_at=expires_at, address=address
            )
        return session

    async def begin(
        self, tx: Transaction, signed_in: SignedIn, old_cookie: str | None, now: datetime
    ) -> tuple[str, list[LiveSession]]:
        """Return the cookie of a session that has just begun, and the session that it replaces in the browser, if any.

        What the same person let programs do goes on; somebody else's session simply ends.
        """
        session_id = PresentedRefreshToken.parse(signed_in.refresh_token).session_id
        session = await repository.find_session(tx, session_id)
        if session is None:
            raise LookupError(f"the session {session_id} has just begun")
        ended: list[LiveSession] = []
        old = await self._of_cookie(tx, old_cookie)
        if old and old.ended_at is None and old.id != session.id:
            is_same = old.account_id == session.account_id
            if is_same:
                await repository.adopt_sessions(tx, old.id, session.id)
            ended = await ending.end(tx, old.id, "renewed" if is_same else "logout", now)
        return wrap(PREFIX, session.id.bytes + self._mac(session)), ended

    async def _of_cookie(self, tx: Transaction, cookie: str | None) -> Session | None:
        try:
            raw = unwrap(cookie or "", PREFIX, _ID_BYTES + MAC_BYTES)
        except NotOurToken:
            return None
        session = await repository.find_session(tx, UUID(bytes=raw[:_ID_BYTES]))
        if session is None or session.kind != "sign_in":
            return None
        return session if hmac.compare_digest(raw[_ID_BYTES:], self._mac(session)) else None

    def _mac(self, session: Session) -> bytes:
        return hmac.digest(self._key, session.seed + session.id.bytes, hashlib.sha256)
