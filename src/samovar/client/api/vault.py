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


class Away(Exception):
    """The browser cannot be asked: its tab was closed, it sleeps, or its connection is lost."""


class Vault(Protocol):
    """A place that outlives the page."""

    async def read(self) -> Kept | None:
        """Return what is kept now; another tab may have written it.

        Raises:
            Away: Nobody can say.
        """
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
    """The storage of the browser, which all of its tabs share."""

    def __init__(self, preferences: ft.SharedPreferences, seal: Seal) -> None:
        self._preferences = preferences
        self._seal = seal
        self._missed: Kept | None = None

    async def read(self) -> Kept | None:
        """Return what the browser keeps; None where it keeps nothing, or nothing that was sealed for it.

        Raises:
            Away: The browser cannot be asked.
        """
        try:
            kept = await self._preferences.get(KEY)
        except (TimeoutError, RuntimeError):
            raise Away from None
        opened = self._seal.open(kept) if isinstance(kept, str) else None
        try:
            return msgspec.json.decode(opened, type=Kept) if opened else None
        except msgspec.DecodeError:
            return None

    async def write(self, kept: Kept | None) -> None:
        """Let the browser keep something else, or nothing. What it misses while it is away is written once it is back, see `again`."""
        self._missed = None
        try:
            if kept is None:
                await self._preferences.remove(KEY)
            else:
                await self._preferences.set(KEY, self._seal.close(msgspec.json.encode(kept)))
        except (TimeoutError, RuntimeError):
            self._missed = kept

    async def again(self) -> None:
        """Write what the browser missed while it was away; what another tab has written since is kept otherwise."""
        if self._missed is not None:
            await self.write(self._missed)
