"""How heavy the screens are: controls on each screen that has an address, and how long a search in a library of 2,000 games takes.

    python benchmarks/client/bench_screens.py

Targets: 600 controls a screen; 150 ms from Enter to the list that was searched. Beside the search: the same call of the API alone,
which is what no client can go below. Measured in a tab without a browser (`tabs.py`), through the gateway.
"""

import asyncio
import re
import statistics
import sys
import time
from typing import Any
from uuid import uuid4

import aiohttp
from stage import Player, first, machine, new_player, own, shuffled, spread, stage, tab_of, verdict
from tabs import Lost, Tab

from samovar.client.routes import PLAYERS, PUBLIC
from samovar.testing.platform import Platform

CONTROLS_MAX = 600
SEARCH_MS = 150
LIBRARY, PAGE = 2_000, 48
SEARCHES = 30
QUIET_S = 1.5


async def settled(tab: Tab) -> int:
    """Wait until nothing is drawn any more, and return how many controls there are."""
    while True:
        before = tab.received
        await asyncio.sleep(QUIET_S)
        if tab.received == before:
            return sum(1 for _ in tab.controls())


async def addresses(platform: Platform, player: Player) -> dict[str, str]:
    """Return an address for each route, with the fullest thing behind it that the showcase has."""
    games = await platform.request("GET", "/v1/games?limit=48")
    slug = games.body["items"][0]["slug"]
    order = await pending_order(platform, player, games.body["items"])
    shelf = await platform.request("GET", "/v1/library?limit=1", token=player.token)
    known = {"game/:slug": slug, "orders/:id": order, "library/:id": shelf.body["items"][0]["game_id"]}
    found = {"": "/"}
    for route in (*PUBLIC, *PLAYERS):
        if ":" not in route:
            found[route] = f"/{route}"
        elif route in known:
            found[route] = "/" + re.sub(r":\w+", known[route], route)
    return found


async def pending_order(platform: Platform, player: Player, games: list[Any]) -> str:
    """Fill the cart and the wishlist, and order something that is not paid yet; return the order's id."""
    for game in games:
        await platform.request("PUT", f"/v1/wishlist/{game['id']}", token=player.token)
    priced = [
        one
        for one in games
        if one.get("package_id") and (one.get("price") or {"final": {"amount": 0}})["final"]["amount"]
    ]
    items = [{"package_id": one["package_id"]} for one in priced]
    await platform.request("PUT", "/v1/cart", token=player.token, json={"items": items[:10]})
    keys = [{"Idempotency-Key": str(uuid4())} for _ in range(2)]
    body = {"items": items[:3], "country": "RU"}
    quote = await platform.request("POST", "/v1/quotes", token=player.token, json=body, headers=keys[0])
    body = {"quote_id": quote.body["id"], "signature": quote.body["signature"], "method": "sbp"}
    order = await platform.request("POST", "/v1/orders", token=player.token, json=body, headers=keys[1])
    return str(order.body["id"])


async def screens(http: aiohttp.ClientSession, platform: Platform, player: Player) -> bool:
    """Print how many controls each screen has."""
    counted: dict[str, int] = {}
    for route, address in (await addresses(platform, player)).items():
        tab = await tab_of(http, platform, None if route in {"sign-in", "sign-up"} else player, address)
        counted[route or "/"] = await settled(tab)
        await tab.close()
    reached = max(counted.values()) <= CONTROLS_MAX
    for route, count in sorted(counted.items(), key=lambda one: -one[1]):
        print(f"  {count:5}  {route}")
    print(
        f"{len(counted)} screens, {max(counted.values())} controls at most,"
        f" {statistics.median(counted.values()):.0f} in the middle (target {CONTROLS_MAX}: {verdict(reached=reached)})"
    )
    return reached


async def search(http: aiohttp.ClientSession, platform: Platform, player: Player) -> bool:
    """Print how long a search in a large library takes, and its call alone."""
    tab = await tab_of(http, platform, player, "/library")
    await tab.until(lambda: len(covers(tab)) >= PAGE, "the library")
    await settled(tab)
    words = shuffled([f"{number:02x} ёлка" for number in range(256)], 1)[:SEARCHES]
    shown, alone = [], []
    for word in words:
        before = covers(tab)
        began = time.perf_counter()
        await tab.submit("library.search", word)
        await tab.until(lambda before=before: covers(tab) != before, word)  # type: ignore[misc]
        shown.append(time.perf_counter() - began)
        await settled(tab)
        began = time.perf_counter()
        await platform.request("GET", f"/v1/library?limit={PAGE}&query={word}&sort=added", token=player.token)
        alone.append(time.perf_counter() - began)
        before = covers(tab)
        await tab.go("/library")
        await tab.until(lambda before=before: covers(tab) != before, "the whole library")  # type: ignore[misc]
        await settled(tab)
    await tab.close()
    reached = statistics.median(shown) * 1e3 <= SEARCH_MS
    print(
        f"search in {LIBRARY:,} games, Enter to list   {spread(shown)}   (target {SEARCH_MS} ms: {verdict(reached=reached)})"
    )
    print(f"the call of the API alone              {spread(alone)}")
    return reached


def covers(tab: Tab) -> list[str]:
    """Return the games of the list."""
    names = (str(one.get("identifier")) for one in tab.controls())
    return [name for name in names if name.startswith("library.game.")]


async def main() -> int:
    """Measure and return 1 if a target is missed."""
    async with stage() as platform, aiohttp.ClientSession() as http:
        print(machine())
        first(platform.pid_of("client"))
        player = await new_player(platform)
        await own(platform, player, LIBRARY)
        try:
            reached = [await screens(http, platform, player), await search(http, platform, player)]
        except Lost as lost:
            print(f"a screen did not come: {lost}")
            return 1
    return 0 if all(reached) else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
