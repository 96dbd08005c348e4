"""What the benchmarks of the client stand on: the whole platform with the showcase in it, players, a large library, a core alone.

The platform keeps its data in `.cache/benchmarks/client`: filling it takes minutes, and only the first run does.
"""

import asyncio
import contextlib
import os
import random
import statistics
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import aiohttp
import msgspec
from tabs import Tab

from samovar.client.api.seal import Seal
from samovar.client.api.vault import KEY, Kept
from samovar.testing.platform import Platform, platform_up

STATE = Path(__file__).parents[2] / ".cache" / "benchmarks" / "client"
FIRST_CORE, LAST_CORE = min(os.sched_getaffinity(0)), max(os.sched_getaffinity(0))
NICE = -15
READY_WITHIN_S = 60.0

_OWNED = """
    WITH apps AS (
        SELECT md5('bench' || n)::uuid AS app_id, n, 'Игра ' || md5(n::text) || ' ёлка' AS title FROM generate_series(1, $2::int) n
    ), copies AS (
        INSERT INTO app_copies (app_id, slug, title_ru, title_en, sort_ru, sort_en, words, kind, known_version)
        SELECT app_id, 'bench-' || n, title, 'Game ' || n, title, 'game ' || n, replace(lower(title), 'ё', 'е') || ' game ' || n,
            'game', 1
        FROM apps ON CONFLICT (app_id) DO NOTHING
    ), entries AS (
        INSERT INTO library_entries (account_id, app_id, played_s) SELECT $1, app_id, n * 7 % 90000 FROM apps
    ), licence AS (
        INSERT INTO licences (id, account_id, app_ids, kind, source, source_id, granted_at)
        SELECT md5($1::text || n)::uuid, $1, ARRAY[app_id], 'purchase', 'order', $1::text || n, now() - n * interval '1 hour' FROM apps
        RETURNING id, account_id, app_ids, kind, granted_at
    )
    INSERT INTO licence_apps (account_id, app_id, licence_id, kind, granted_at)
    SELECT account_id, app_ids[1], id, kind, granted_at FROM licence
"""


class Player(NamedTuple):
    """Somebody who is signed in."""

    account_id: UUID
    token: str
    expires_at: float


@asynccontextmanager
async def stage() -> AsyncIterator[Platform]:
    """Start the platform, with the showcase in it."""
    STATE.mkdir(parents=True, exist_ok=True)
    async with platform_up(STATE) as platform:
        await _fill(platform)
        yield platform


async def _fill(platform: Platform) -> None:
    """Let the showcase be complete, with all its pictures."""
    command = (sys.executable, "-P", "-m", "samovar.cli.main", "demo", "seed")
    environment = os.environ | platform.record["environment"] | {"SAMOVAR_UP__STATE": str(STATE)}
    process = await asyncio.create_subprocess_exec(
        *command, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(said.decode(errors="replace"))


async def new_player(platform: Platform) -> Player:
    """Register somebody."""
    came = await platform.register()
    return Player(
        UUID(came.body["account_id"]), came.body["access_token"], time.time() + came.body["expires_in"]
    )


def kept_by_browser(platform: Platform, player: Player, browser_key: str) -> dict[str, str]:
    """Return the storage of a browser in which somebody has signed in."""
    secret = (platform.state / "secrets" / "client.secret").read_text("utf-8").strip()
    session = msgspec.json.encode(Kept("", player.token, player.expires_at))
    return {KEY: Seal(secret, browser_key).close(session)}


async def tab_of(
    http: aiohttp.ClientSession, platform: Platform, player: Player | None, route: str = "/"
) -> Tab:
    """Open a tab, signed in unless there is no player, and wait until its frame is there."""
    key = uuid4().hex
    tab = Tab(storage=dict(kept_by_browser(platform, player, key)) if player else {})
    await tab.open(http, platform.url, route, browser_key=key)
    await tab.see("shell.cart" if player else "nav.store", within_s=READY_WITHIN_S)
    return tab


async def own(platform: Platform, player: Player, games: int) -> None:
    """Put games into a library, straight into its tables."""
    async with platform.database("library") as database, database.transaction() as tx:
        await tx.execute(_OWNED, player.account_id, games)
        await tx.execute("ANALYZE")


def first(pid: int, core: int | None = None) -> None:
    """Let a process go before others, and stay on one core, as far as this user may."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        if core is not None:
            os.sched_setaffinity(int(task.name), {core})
        with contextlib.suppress(PermissionError):
            os.setpriority(os.PRIO_PROCESS, int(task.name), NICE)


def cpu_s(pid: int) -> float:
    """Return the processor time that a process has taken, seconds."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def pss_mb(pid: int) -> float:
    """Return the proportional set size of a process, megabytes."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")) / 1024


def spread(seconds: Sequence[float]) -> str:
    """Return the middle and the slow end of times, milliseconds."""
    cuts = statistics.quantiles([one * 1e3 for one in seconds], n=20, method="inclusive")
    return f"p50 {cuts[9]:6.0f}  p95 {cuts[18]:6.0f} ms"


def verdict(*, reached: bool) -> str:
    """Return how a figure stands to its target."""
    return "reached" if reached else "MISSED"


def machine() -> str:
    """Return what a reader must know of the machine."""
    return f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, priority {NICE} for what is measured"


def shuffled(values: Sequence[Any], seed: int) -> list[Any]:
    """Return values in an order that repeats itself."""
    return random.Random(seed).sample(list(values), len(values))  # noqa: S311  It must repeat itself.
