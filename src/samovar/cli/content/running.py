"""What `pull` and `repair` share: sign in, order, bring the folder to the build, say what became of it."""

import argparse
import asyncio
import os
import re
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from uuid import UUID

from samovar.cli.content.platform import PlatformFailed, region, sign_in
from samovar.cli.content.platform import explain as explain_refusal
from samovar.cli.content.progress import Bar
from samovar.cli.content.words import explain, say, size
from samovar.cli.login.keeping import NoOrigin, data_home
from samovar.cli.login.keeping import origin_of as origin_of_platform
from samovar.content.engine.installing import Folder, Result, open_folder
from samovar.content.engine.mirrors import new_session
from samovar.content.engine.pace import Pace, Schedule
from samovar.content.format.errors import ContentError
from samovar.sdk.api import Api
from samovar.sdk.clock import SystemClock
from samovar.sdk.errors import SdkError
from samovar.sdk.launcher.fetching import GameAtPlatform, Wanted
from samovar.sdk.launcher.fetching import get as fetch
from samovar.sdk.launcher.machine import device

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
    except SdkError as error:
        why = explain_refusal(error)
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
    origin = origin_of(arguments)
    clock = SystemClock()
    pace = Pace(Schedule(otherwise=arguments.limit), now=_local_time, monotonic=clock.monotonic)
    with threads() as pool:
        async with (
            await sign_in(origin) as api,
            new_session() as contents,
            open_folder(arguments.folder, pool) as folder,
        ):
            app, branch = await game(api, folder)
            wanted = Wanted(
                game_id=app,
                device_id=device(data_home()),
                branch=branch,
                password=arguments.password,
                region=region(),
            )
            at_platform = GameAtPlatform(api, contents, folder, wanted, clock=clock)
            bar = Bar("fetching")
            try:
                result = await fetch(at_platform, contents, folder, pace, clock=clock, tell=bar, whole=whole)
            finally:
                bar.end()
    _report(arguments.folder, result)
    return 0


def _local_time() -> datetime:
    return datetime.now().astimezone()


def _report(folder: Path, result: Result) -> None:
    print(
        say("installed", folder=folder, build=result.installed.build, size=size(result.fetched)), flush=True
    )
    if result.aside:
        names = ", ".join(result.aside[:5])
        print(say("aside", folder=folder / ".samovar" / "aside", names=names), flush=True)
