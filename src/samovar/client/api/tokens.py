"""The tokens of one session: short access tokens, renewed by a refresh token that is worth one use."""

import asyncio
from base64 import urlsafe_b64decode
from collections.abc import Callable
from contextlib import suppress

import msgspec

from samovar.client.api.vault import Away, Kept, Vault
from samovar.sdk.api import Api
from samovar.sdk.errors import Offline, Refused, SignInNeeded

# A token is renewed this long before it runs out, so that no call meets the edge.
SPARE_S = 30.0


class Issued(msgspec.Struct, frozen=True):
    """Tokens as auth gives them; `expires_in` is of the access token, seconds."""

    access_token: str
    refresh_token: str
    expires_in: int


class _Said(msgspec.Struct, frozen=True):
    sub: str


class SessionTokens:
    """Tokens of the player, as the SDK asks for them.

    Two tabs of a browser share one refresh token, and a used one that is used again ends the session (RFC 9700, section
    4.14.2). So before renewing, what the browser keeps is read again: another tab may have renewed it already. While the browser is away
    nothing is renewed: what it keeps would be a used one when it comes back, and another tab may have used ours meanwhile.

    Args:
        stranger: Calls without a token.
        vault: Where they are kept between visits.
        now: The clock, seconds since 1970.
        lost: Called when the platform does not know the session any more.
    """

    def __init__(
        self, stranger: Api, vault: Vault, *, now: Callable[[], float], lost: Callable[[], None]
    ) -> None:
        self._stranger = stranger
        self.vault = vault
        self._now = now
        self._lost = lost
        self._kept: Kept | None = None
        self._turn = asyncio.Lock()

    @property
    def is_there(self) -> bool:
        """Whether there is a session."""
        return self._kept is not None

    @property
    def account_id(self) -> str:
        """The player, as the access token says; nobody where it says nothing. Of use without a connection: nothing is opened by it."""
        payload = self._kept.access_token.split(".")[1:2] if self._kept else []
        try:
            return msgspec.json.decode(urlsafe_b64decode(payload[0] + "=="), type=_Said).sub
        except (IndexError, ValueError, msgspec.DecodeError):
            return ""

    async def restore(self) -> bool:
        """Take up the session that the browser keeps; return whether there is one."""
        with suppress(Away):
            self._kept = await self.vault.read()
        return self._kept is not None

    async def begin(self, issued: Issued, vault: Vault) -> None:
        """Begin a session with the tokens of a sign-in."""
        self.vault = vault
        await self._keep(issued)

    async def strengthen(self, access_token: str, expires_in: int) -> None:
        """Take over an access token that says more about the player: after a fresh proof."""
        async with self._turn:
            if self._kept is None:
                return
            newest = self._kept
            with suppress(Away):
                newest = await self.vault.read() or newest
            self._kept = msgspec.structs.replace(
                newest, access_token=access_token, expires_at=self._now() + expires_in
            )
            await self.vault.write(self._kept)

    async def forget(self) -> None:
        """End it on this side."""
        self._kept = None
        await self.vault.write(None)

    async def token(self) -> str:
        """Return an access token that is good for a while.

        Raises:
            SignInNeeded: There is no session.
            Offline: It cannot be renewed at this moment.
        """
        if self._kept is None:
            raise SignInNeeded
        if self._kept.expires_at - SPARE_S > self._now():
            return self._kept.access_token
        return await self.renew(self._kept.access_token)

    async def renew(self, stale: str) -> str:
        """Return another access token than `stale`.

        Raises:
            SignInNeeded: There is no session, or the platform does not know it any more.
            Offline: It cannot be renewed at this moment.
        """
        async with self._turn:
            if self._kept is None:
                raise SignInNeeded
            if self._kept.access_token != stale:
                return self._kept.access_token
            try:
                elsewhere = await self.vault.read()
            except Away:
                raise Offline("the browser is away") from None
            if elsewhere and elsewhere.access_token != stale and elsewhere.expires_at - SPARE_S > self._now():
                self._kept = elsewhere
                return elsewhere.access_token
            newest = elsewhere or self._kept
            try:
                reply = await self._stranger.call(
                    "POST", "/v1/auth/refresh", json={"refresh_token": newest.refresh_token}
                )
            except Refused as refused:
                await self.forget()
                self._lost()
                raise SignInNeeded(refused.code, refused.problem) from None
            return (await self._keep(reply.read(Issued))).access_token

    async def _keep(self, issued: Issued) -> Kept:
        self._kept = Kept(issued.refresh_token, issued.access_token, self._now() + issued.expires_in)
        await self.vault.write(self._kept)
        return self._kept
