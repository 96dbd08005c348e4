"""What `pull` and `repair` share: sign in, order, bring the folder to the build, say what became of it."""

import argparse
import asyncio
import os
import re
import sys
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from uuid import UUID

import aiohttp

from samovar.cli.content.platform import TIMEOUT_S, Api, GameAtPlatform, PlatformFailed
from samovar.cli.content.progress import Bar
from samovar.cli.content.words import explain, say, size
from samovar.cli.login.keeping import NoOrigin
from samovar.cli.login.keeping import origin_of as origin_of_platform
from samovar.content.engine.bringing import bring
from samovar.content.engine.downloads import Steady
from samovar.content.engine.installing import Folder, Result, open_folder
from samovar.content.engine.mirrors import Mirrors, new_session
from samovar.content.engine.pace import Pace, Schedule
from samovar.content.engine.scoring import Scores
from samovar.content.engine.tickets import Ticket, Tickets
from samovar.content.format.errors import ContentError
from samovar.content.install.errors import SourceFailed

THREADS_MAX = 8
SIZE = re.compile(r"(\d{1,9})([kKMG]?)")
_TIMES = {"": 1, "k": 10**3, "K": 10**3, "M": 10**6, "G": 10**9}
_INTERRUPTED = 130


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what both have."""
    parser.add_argument(
        *("--at", "--origin"),
        metavar="URL",
        help="the platform ($SAMOVAR_ORIGIN, else what runs here or was used last)",
    )
    parser.add_argument("--password", help="of the branch, if it has one")
    parser.add_argument("--limit", type=bytes_of, metavar="SIZE", help="bytes per second at most: 500k, 5M")


def bytes_of(text: str) -> int:
    """Read a size.

    Raises:
        ValueError: It is none.
    """
    match = SIZE.fullmatch(text)
    if not match or not int(match[1]):
        raise ValueError(text)
    return int(match[1]) * _TIMES[match[2]]


def threads() -> ThreadPoolExecutor:
    """Return threads for hashing and unpacking."""
    return ThreadPoolExecutor(min(THREADS_MAX, 2 * (os.cpu_count() or 1)), thread_name_prefix="content")


def guarded(work: Callable[[], Awaitable[int]]) -> int:
    """Run a command and turn what goes wrong into a sentence and a status."""

    async def run() -> int:
        return await work()

    try:
        return asyncio.run(run())
    except PlatformFailed as failed:
        why = str(failed)
    except ContentError as error:
        why = explain(error)
    except OSError as error:
        why = str(error)
    except KeyboardInterrupt:
        print(f"\n{say('stopped')}", file=sys.stderr)
        return _INTERRUPTED
    print(f"samovar: {why}", file=sys.stderr)
    return 1


def origin_of(arguments: argparse.Namespace) -> str:
    """Return the platform's address.

    Raises:
        PlatformFailed: Nobody says which.
    """
    try:
        return origin_of_platform(arguments.at)
    except NoOrigin:
        raise PlatformFailed(say("no_origin")) from None


async def get(
    arguments: argparse.Namespace,
    game: Callable[[Api, Folder], Awaitable[tuple[UUID, str | None]]],
    *,
    whole: bool,
) -> int:
    """Bring a folder to the newest build.

    Args:
        arguments: Of the command.
        game: Says which game and branch.
        whole: Look at every byte that is there.
    """
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
    origin = origin_of(arguments)
    with threads() as pool:
        async with (
            aiohttp.ClientSession(timeout=timeout) as calls,
            new_session() as contents,
            open_folder(arguments.folder, pool) as folder,
        ):
            api = Api(calls, origin)
            await api.sign_in()
            app, branch = await game(api, folder)
            at_platform = GameAtPlatform(
                api, folder, app, branch=branch, password=arguments.password, now=int(time.time())
            )
            source = _source(contents, at_platform, arguments.limit)
            bar = Bar("fetching")
            try:
                result = await bring(folder, at_platform, source, tell=Steady(bar), whole=whole)
            finally:
                bar.end()
            with suppress(PlatformFailed):
                await at_platform.done()
    _report(arguments.folder, result)
    return 0


def _source(session: aiohttp.ClientSession, game: GameAtPlatform, limit: int | None) -> Mirrors:
    async def renew() -> Ticket:
        try:
            return await game.renew()
        except PlatformFailed as failed:
            raise SourceFailed(str(failed)) from None

    async def first() -> Ticket:
        tickets.renew = renew
        return game.ticket()

    # The first ticket comes with the order, which is placed after the source is made.
    tickets = Tickets(Ticket((), 0.0), first, time.time)
    pace = Pace(Schedule(otherwise=limit), now=lambda: datetime.now().astimezone(), monotonic=time.monotonic)
    return Mirrors(session, tickets, Scores(time.monotonic), pace, monotonic=time.monotonic)


def _report(folder: Path, result: Result) -> None:
    print(
        say("installed", folder=folder, build=result.installed.build, size=size(result.fetched)), flush=True
    )
    if result.aside:
        names = ", ".join(result.aside[:5])
        print(say("aside", folder=folder / ".samovar" / "aside", names=names), flush=True)
