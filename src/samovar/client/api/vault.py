"""Where a session is kept between two visits: sealed in the browser's storage."""

from typing import Protocol

import flet as ft
import msgspec

from samovar.client.api.seal import Seal

KEY = "samovar.session"
DEVICE_KEY = "samovar.device"
TIMEOUT_S = 8.0


class Kept(msgspec.Struct, frozen=True):
    """What is kept of a session.

    Attributes:
        expires_at: When the access token has run out, seconds since 1970.
    """

    refresh_token: str
    access_token: str
    expires_at: float


class Vault(Protocol):
    """A place that outlives the page."""

    async def read(self) -> Kept | None:
        """Return what is kept now; another tab may have written it."""
        ...

    async def write(self, kept: Kept | None) -> None:
        """Keep something else, or nothing."""
        ...


class MemoryVault:
    """Keeps it as long as the session itself: for players who do not want this browser to remember them."""

    def __init__(self) -> None:
        self._kept: Kept | None = None

    async def read(self) -> Kept | None:
        """Return what is kept."""
        return self._kept

    async def write(self, kept: Kept | None) -> None:
        """Keep something else, or nothing."""
        self._kept = kept


class BrowserVault:
    """The storage of the browser; a copy in memory answers while the browser is away."""

    def __init__(self, preferences: ft.SharedPreferences, seal: Seal) -> None:
        self._preferences = preferences
        self._seal = seal
        self._last: Kept | None = None

    async def read(self) -> Kept | None:
        """Return what the browser keeps; None where it keeps nothing, or nothing that was sealed for it."""
        try:
            kept = await self._preferences.get(KEY)
        except (TimeoutError, RuntimeError):
            return self._last
        opened = self._seal.open(kept) if isinstance(kept, str) else None
        try:
            self._last = msgspec.json.decode(opened, type=Kept) if opened else None
        except msgspec.DecodeError:
            self._last = None
        return self._last

    async def write(self, kept: Kept | None) -> None:
        """Let the browser keep something else, or nothing. While it is away it is written when it comes back, see `again`."""
        self._last = kept
        try:
            if kept is None:
                await self._preferences.remove(KEY)
            else:
                await self._preferences.set(KEY, self._seal.close(msgspec.json.encode(kept)))
        except (TimeoutError, RuntimeError):
            return

    async def again(self) -> None:
        """Write what the browser may have missed while it was away."""
        if self._last is not None:
            await self.write(self._last)
