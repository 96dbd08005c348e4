"""Every screen that has an address: whatever can be pressed or filled in has a name, by which tests and tools for people find it."""

import aiohttp
import msgspec
import pytest

from samovar.client.api.auth import SignedIn
from samovar.client.api.seal import Seal
from samovar.client.api.vault import KEY, Kept
from samovar.client.routes import PLAYERS, PUBLIC
from samovar.testing.platform import Platform
from samovar.testing.tab import Tab, settle, unnamed

BROWSER_KEY = "a-key-of-a-browser"
FAR = 4_000_000_000.0
# Behind these stands one thing out of many: what their screens show without one has names as well.
NOTHING = "01a21f22-0000-7000-8000-000000000000"


def address(route: str) -> str:
    """Return an address that leads to a route."""
    return "/" + "/".join(NOTHING if part.startswith(":") else part for part in route.split("/"))


async def player_storage(platform: Platform) -> dict[str, str]:
    """Register somebody and return what their browser keeps."""
    came = await platform.register()
    signed_in = msgspec.convert(came.body, SignedIn)
    secret = (platform.state / "secrets" / "client.secret").read_text("utf-8").strip()
    kept = Kept(signed_in.refresh_token, signed_in.access_token, FAR)
    return {KEY: Seal(secret, BROWSER_KEY).close(msgspec.json.encode(kept))}


@pytest.mark.parametrize("who", ["stranger", "player"])
async def test_whatever_can_be_used_has_a_name(platform: Platform, who: str) -> None:
    storage = await player_storage(platform) if who == "player" else {}
    routes = {"": "/"} | {route: address(route) for route in (*PUBLIC, *(PLAYERS if storage else ()))}
    nameless: dict[str, list[str]] = {}
    async with aiohttp.ClientSession() as http:
        tab = await Tab(storage=dict(storage)).open(http, platform.url, "/", browser_key=BROWSER_KEY)
        await tab.see("shell.cart" if storage else "shell.sign_in")
        for route, at in routes.items():
            await tab.go(at)
            await settle(tab)
            if found := unnamed(tab):
                nameless[route or "/"] = found
        await tab.close()
    assert nameless == {}
