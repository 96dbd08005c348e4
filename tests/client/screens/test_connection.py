"""What a player sees when something is away: a connection that was cut is taken up, a part of the platform that is away says so."""

import asyncio
import contextlib

import aiohttp

from samovar.testing.platform import Platform
from samovar.testing.tab import Lost, Tab

WITHIN_S = 90.0


async def test_a_connection_that_was_cut_is_taken_up_where_it_was(platform: Platform) -> None:
    async with aiohttp.ClientSession() as http:
        tab = await Tab().open(http, platform.url, "/sign-up")
        await tab.see("sign_up.submit")
        async with asyncio.timeout(WITHIN_S):
            # The process may not have seen yet that the former connection is over; then it begins a session anew.
            while not await tab.again():
                await tab.see("sign_up.submit")
        await tab.see("sign_up.submit")
        await tab.click("nav.store")
        assert tab.root["route"] == "/"
        await tab.close()


async def test_what_is_away_says_so_with_a_code_and_comes_back(platform: Platform) -> None:
    async with aiohttp.ClientSession() as http:
        tab = await Tab().open(http, platform.url, "/sign-in")
        await tab.see("sign_in.submit")
        # Killed, it would be started again at once, and may answer before the client gives up.
        with platform.held("catalog"):
            await tab.go("/search?query=nowhere")
            error = await tab.see("search.error", within_s=WITHIN_S)
        assert "Код" in str(error)
        async with asyncio.timeout(WITHIN_S):
            while not is_found(tab):
                with contextlib.suppress(Lost):
                    if tab.find("search.error.retry") is not None:
                        await tab.click("search.error.retry")
                    await tab.until(lambda: is_found(tab), "what was searched", within_s=2.0)
        assert tab.find("search.error") is None
        await tab.close()


def is_found(tab: Tab) -> bool:
    """Return whether the search has an answer, be it that there is nothing."""
    names = [str(one.get("identifier", "")) for one in tab.controls()]
    return any(name == "search.empty" or name.startswith("game.") for name in names)
