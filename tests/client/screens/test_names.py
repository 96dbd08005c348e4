"""Every screen has a name for the browser's tab; what can be pressed or filled in has one by which tests and tools for people find it."""

import aiohttp

from samovar.client.routes import PLAYERS, PUBLIC, TITLES
from samovar.client.state.words import Words, catalogue
from samovar.language.formats import LANGUAGES
from samovar.testing.platform import Platform
from samovar.testing.tab import Tab, settle, unnamed

BROWSER_KEY = "a-key-of-a-browser"
# Behind these stands one thing out of many: what their screens show without one has names as well.
NOTHING = "01a21f22-0000-7000-8000-000000000000"

# The tab says the name of the game or the person, and nothing on the gallery.
NAMED_BY_WHAT_THEY_SHOW = {"game", "u", "_ui"}


def test_each_place_has_a_name_for_the_tab_in_each_language() -> None:
    places = {path.partition("/")[0] for path in (*PUBLIC, *PLAYERS)}
    assert places - set(TITLES) == NAMED_BY_WHAT_THEY_SHOW
    assert set(TITLES) < places
    for language in LANGUAGES:
        words = Words(catalogue(), language)
        assert all(words(key) not in {"", key} for key in TITLES.values())


def address(route: str) -> str:
    """Return an address that leads to a route."""
    return "/" + "/".join(NOTHING if part.startswith(":") else part for part in route.split("/"))


async def test_whatever_a_stranger_can_use_has_a_name(platform: Platform) -> None:
    nameless: dict[str, list[str]] = {}
    async with aiohttp.ClientSession() as http:
        tab = await Tab().open(http, platform.url, "/", browser_key=BROWSER_KEY)
        await tab.see("shell.sign_in")
        for at in ("/", *map(address, PUBLIC)):
            await tab.go(at)
            await settle(tab)
            if found := unnamed(tab):
                nameless[at] = found
        await tab.close()
    assert nameless == {}
