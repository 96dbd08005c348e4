"""What a person has chosen so that they can read and bear what is shown; the browser keeps it."""

import flet as ft

from samovar.client.state.look import Look

# The page reads this one as well, before anything is drawn: see `web/page.py`.
DESCRIBED_KEY = "samovar.described"
CALM_KEY = "samovar.calm"


class Comfort:
    """These choices, in this browser."""

    def __init__(self, preferences: ft.SharedPreferences, look: Look) -> None:
        self._preferences = preferences
        self._look = look

    async def restore(self) -> None:
        """Take up what the browser keeps.

        Raises:
            TimeoutError: It does not say.
            RuntimeError: It cannot say.
        """
        self._look.is_described = bool(await self._preferences.get(DESCRIBED_KEY))
        self._look.is_calm = bool(await self._preferences.get(CALM_KEY))

    async def describe(self, *, on: bool) -> None:
        """Let screen readers have everything from the next start on, or only once they ask."""
        self._look.is_described = on
        await self._keep(DESCRIBED_KEY, on=on)

    async def calm(self, *, on: bool) -> None:
        """Let nothing move by itself, also the next time."""
        self._look.is_calm = on
        await self._keep(CALM_KEY, on=on)

    async def _keep(self, name: str, *, on: bool) -> None:
        try:
            if on:
                await self._preferences.set(name, value=True)
            else:
                await self._preferences.remove(name)
        except (TimeoutError, RuntimeError):
            return
