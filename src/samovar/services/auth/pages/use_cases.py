"""What a browser's sign-in leaves behind: its cookie instead of tokens."""

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.identity.verifier import Verifier
from samovar.services.auth.schemas import SignedIn
from samovar.services.auth.sessions.browsing import Browsing


class BrowserSignIn:
    """Puts sessions into browsers."""

    def __init__(self, database: Database, *, browsing: Browsing, verifier: Verifier, clock: Clock) -> None:
        self._database = database
        self._browsing = browsing
        self._verifier = verifier
        self._clock = clock

    async def settle(self, signed_in: SignedIn, old_cookie: str | None) -> str:
        """Return the cookie of a session that has just begun, and end the one that the browser had."""
        async with self._database.transaction() as tx:
            cookie, ended = await self._browsing.begin(tx, signed_in, old_cookie, self._clock.now())
        for session in ended:
            self._verifier.revoke_session(session.id)
        return cookie
