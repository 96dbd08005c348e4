"""What was looked at lately outlives the page: the browser keeps the slugs of the games, and nothing else about them."""

import asyncio

import flet as ft

from samovar.client.api.catalog import Catalog, Game
from samovar.client.state.store.recent import Recent
from samovar.sdk.errors import Offline, SdkError

RECENT_KEY = "samovar.recent"
_SLUG_LENGTH_MAX = 100


class LookedAt:
    """These games, in this browser.

    Attributes:
        is_kept: Whether the browser is to keep what is opened from now on: not for a player whom it is not to remember.
    """

    def __init__(self, preferences: ft.SharedPreferences, recent: Recent) -> None:
        self.is_kept = True
        self._preferences = preferences
        self._recent = recent
        self._is_restored = False

    async def restore(self) -> None:
        """Take up what the browser keeps.

        Raises:
            TimeoutError: It does not say.
            RuntimeError: It cannot say.
        """
        kept = await self._preferences.get(RECENT_KEY)
        self._is_restored = True
        if isinstance(kept, list):
            self._recent.recall(
                one for one in kept if isinstance(one, str) and 0 < len(one) <= _SLUG_LENGTH_MAX
            )
        if self._recent.games:
            await self._keep()

    async def see(self, game: Game) -> None:
        """Note that a page was opened."""
        self._recent.see(game)
        if self._is_restored:
            await self._keep()

    async def load(self, catalog: Catalog) -> None:
        """Load the games that were opened at an earlier visit; those that are not shown to this person are left out."""
        wanted = self._recent.wanted
        if not wanted:
            return
        try:
            found = await asyncio.gather(*(_game(catalog, slug) for slug in wanted))
        except Offline:
            return
        if self._recent.wanted == wanted:
            self._recent.found(one for one in found if one is not None)

    async def forget(self) -> None:
        """Let the next person not see it."""
        self._recent.forget()
        self.is_kept = True
        try:
            await self._preferences.remove(RECENT_KEY)
        except (TimeoutError, RuntimeError):
            return

    async def _keep(self) -> None:
        if not self.is_kept:
            return
        try:
            await self._preferences.set(RECENT_KEY, self._recent.slugs)
        except (TimeoutError, RuntimeError):
            return


async def _game(catalog: Catalog, slug: str) -> Game | None:
    try:
        return await catalog.game(slug)
    except Offline:
        raise
    except SdkError:
        return None
