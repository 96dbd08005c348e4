"""What sessions cost the process that serves the client: memory, and how fast a click is answered while 200 others click too.

    python benchmarks/client/bench_sessions.py

Targets: 5 MB of memory a session; with 200 sessions on one core, each clicking every 15 s, 95 of 100 clicks answered in 250 ms.
A session is a player's tab that walks through store, search, library and wishlist (`samovar.testing.tab`); the process stands alone on the last
core, everything else shares the others. Beside it: sessions of the smallest Flet application there is, one line of text and a button,
served by the same server.
"""

import asyncio
import gc
import random
import statistics
import sys
import time
from collections import Counter

import aiohttp
from smallest import smallest
from stage import (
    LAST_CORE,
    Player,
    cpu_s,
    first,
    machine,
    new_player,
    own,
    pss_mb,
    spread,
    stage,
    tab_of,
    verdict,
)

from samovar.testing.platform import Platform
from samovar.testing.tab import Lost, Tab

SESSIONS = 200
PLAYERS = 40
LIBRARY = 60
MEASURED_FROM = 20
SESSION_MB, CLICK_MS = 5, 250
PAUSE_S, LOAD_S = 15.0, 60.0
SETTLE_S = 3.0
WALK = (
    "nav.library",
    "nav.wishlist",
    "nav.store",
    "nav.settings",
    "shell.cart",
    "nav.store",
    "nav.downloads",
)


async def walk(tab: Tab, steps: int) -> list[float]:
    """Click through the places of the frame; return how long each click waited for its answer, seconds."""
    took: list[float] = []
    for step in range(steps):
        took.append(await tab.click(WALK[step % len(WALK)]))
        await asyncio.sleep(0.2)
    return took


async def one_alone(tab: Tab) -> bool:
    """Print how fast clicks of one session are answered while nobody else is there."""
    took = await walk(tab, 60)
    reached = statistics.quantiles(took, n=20)[18] * 1e3 <= CLICK_MS
    print(
        f"one session alone, click to first change          {spread(took)}   (target {CLICK_MS} ms: {verdict(reached=reached)})"
    )
    return reached


async def opened(
    http: aiohttp.ClientSession, platform: Platform, players: list[Player], count: int
) -> list[Tab]:
    """Open tabs, a few at once, and let each walk once around."""
    turns = asyncio.Semaphore(4)

    async def open_one(number: int) -> Tab:
        async with turns:
            tab = await tab_of(http, platform, players[number % len(players)])
            await walk(tab, len(WALK))
            return tab

    return list(await asyncio.gather(*(open_one(number) for number in range(count))))


async def memory(
    http: aiohttp.ClientSession, platform: Platform, players: list[Player]
) -> tuple[list[Tab], bool]:
    """Print what a session takes; returns the tabs, still open."""
    pid = platform.pid_of("client")
    tabs = await opened(http, platform, players, MEASURED_FROM)
    await asyncio.sleep(SETTLE_S)
    before = pss_mb(pid)
    tabs += await opened(http, platform, players, SESSIONS - MEASURED_FROM)
    await asyncio.sleep(SETTLE_S)
    each = (pss_mb(pid) - before) / (SESSIONS - MEASURED_FROM)
    reached = each <= SESSION_MB
    print(
        f"memory: {before:.0f} MB with {MEASURED_FROM} sessions, {pss_mb(pid):.0f} MB with {SESSIONS}:"
        f" {each:.2f} MB a session (target {SESSION_MB}: {verdict(reached=reached)})"
    )
    return tabs, reached


async def crowd(tabs: list[Tab], pid: int, title: str, names: tuple[str, ...] = WALK) -> bool:
    """Print how fast clicks are answered while all click, each session at its own moments."""
    took: list[float] = []
    lost: Counter[str] = Counter()
    ends = time.monotonic() + LOAD_S
    spent = cpu_s(pid)

    async def click(number: int, tab: Tab) -> None:
        rng = random.Random(number)  # noqa: S311  It must repeat itself.
        step = rng.randrange(len(names) - 1)  # The last of them is where the first walk ended.
        await asyncio.sleep(rng.uniform(0, PAUSE_S))
        while time.monotonic() < ends:
            try:
                took.append(await tab.click(names[step % len(names)]))
            except Lost as error:
                lost[str(error)] += 1
            step += 1
            await asyncio.sleep(rng.uniform(0.5, 1.5) * PAUSE_S)

    began = time.monotonic()
    await asyncio.gather(*(click(number, tab) for number, tab in enumerate(tabs)))
    share = (cpu_s(pid) - spent) / (time.monotonic() - began)
    reached = statistics.quantiles(took, n=20)[18] * 1e3 <= CLICK_MS and not lost
    print(
        f"{title:<50}{spread(took)}   {len(took)} clicks, {len(took) / LOAD_S:.0f} a second, {lost.total()} lost, "
        f"{share:.0%} of the core (target p95 {CLICK_MS} ms: {verdict(reached=reached)})"
    )
    for cause, times in lost.most_common(3):
        print(f"  {times} × {cause}")
    return reached


async def reference() -> None:
    """Print the same of the smallest application."""
    connector = aiohttp.TCPConnector(limit=0)
    async with smallest() as (origin, pid), aiohttp.ClientSession(connector=connector) as http:
        first(pid, LAST_CORE)
        tabs = [await Tab().open(http, origin) for _ in range(MEASURED_FROM)]
        await asyncio.gather(*(tab.see("hello") for tab in tabs))
        before = pss_mb(pid)
        tabs += [await Tab().open(http, origin) for _ in range(SESSIONS - MEASURED_FROM)]
        await asyncio.gather(*(tab.see("hello") for tab in tabs))
        each = (pss_mb(pid) - before) / (SESSIONS - MEASURED_FROM)
        print(f"the smallest application: {each:.2f} MB a session")
        await asyncio.gather(*(tab.close() for tab in tabs))


async def main() -> int:
    """Measure and return 1 if a target is missed."""
    async with stage() as platform, aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        print(f"{machine()}; the client's process alone on core {LAST_CORE}")
        pid = platform.pid_of("client")
        first(pid, LAST_CORE)
        first_players = [await new_player(platform) for _ in range(PLAYERS)]
        for player in first_players:
            await own(platform, player, LIBRARY)
        alone = await tab_of(http, platform, first_players[0])
        reached = [await one_alone(alone)]
        await alone.close()
        tabs, is_small = await memory(http, platform, first_players)
        gc.freeze()  # Where this process stands still, answers look late.
        gc.disable()
        reached += [
            is_small,
            await crowd(tabs, pid, f"{SESSIONS} sessions, a click every {PAUSE_S:.0f} s each"),
        ]
        await asyncio.gather(*(tab.close() for tab in tabs))
    await reference()
    print(f"load {machine()}")
    return 0 if all(reached) else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
