"""Play an installed game: saves are synced before and after, play time is counted, achievements arrive, offline too.

samovar play ~/games/tea-line

The folder holds `samovar.toml`, the game's launch description. Who plays: whoever signed in here with `samovar login` (or `--sign-in`), or
SAMOVAR_TOKEN, an access token. What waits to be told is kept in $XDG_DATA_HOME/samovar.
"""

import argparse
import asyncio
import os
import platform
import sys
from pathlib import Path
from uuid import UUID

from samovar.cli.login.keeping import NoOrigin, data_home, origin_of, session_of
from samovar.cli.play.words import Words, say_report, words_of
from samovar.content.install.disk import Disk
from samovar.content.install.state import State as InstalledState
from samovar.sdk.api import Api, FixedToken, Tokens
from samovar.sdk.client import GameClient
from samovar.sdk.clock import SystemClock
from samovar.sdk.errors import SdkError, SignInNeeded, StateBusy
from samovar.sdk.launcher.description import DescriptionInvalid, choose, read
from samovar.sdk.launcher.machine import place
from samovar.sdk.launcher.running import Launcher, NotStarted
from samovar.sdk.launcher.signing_in import Shown, account_in

_CRASHED = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("folder", type=Path, metavar="DIR", help="where the game is installed")
    parser.add_argument(
        "--game", type=UUID, metavar="ID", help="the game, where it was not installed by `samovar pull`"
    )
    parser.add_argument(
        "--option", metavar="KEY", help="which of its launch options; the first one unless said"
    )
    parser.add_argument("--origin", help="the platform ($SAMOVAR_ORIGIN, else what runs here)")
    parser.add_argument(
        "--language", choices=("ru", "en"), help="what the game speaks; as this machine does unless said"
    )
    parser.add_argument(
        "--sign-in", action="store_true", help="sign in first, with the help of another device"
    )


def run(arguments: argparse.Namespace) -> int:
    """Play; returns 1 when the game was not started or crashed."""
    words = words_of(arguments.language or _language())
    try:
        return asyncio.run(_play(arguments, words))
    except NotStarted as refused:
        print(words.not_started[refused.why], file=sys.stderr)
    except StateBusy:
        print(words.not_started["already_running"], file=sys.stderr)
    except SignInNeeded:
        print(words.sign_in_needed, file=sys.stderr)
    except (DescriptionInvalid, SdkError, OSError) as error:
        print(f"samovar play: {error}", file=sys.stderr)
    return 1


async def _play(arguments: argparse.Namespace, words: Words) -> int:
    try:
        origin = origin_of(arguments.origin)
    except NoOrigin:
        raise DescriptionInvalid("no platform runs here: name one, --origin https://…") from None
    option = choose(read(arguments.folder), arguments.option)
    game_id = arguments.game or await asyncio.to_thread(_installed, arguments.folder)
    tokens, account_id = await _player(origin, words, is_new=arguments.sign_in)
    here = await asyncio.to_thread(place, data_home(), account_id, game_id)
    async with GameClient(Api(origin, tokens, language=words.language), here) as client:
        launcher = Launcher(
            client,
            arguments.folder,
            option,
            language=words.language,
            clock=SystemClock(),
            told=lambda when, report: say_report(words, when, report),
        )
        outcome = await launcher.play()
    if outcome.waiting:
        print(words.waiting)
    if outcome.has_crashed:
        print(words.crashed.format(code=outcome.exit_code), file=sys.stderr)
        return _CRASHED
    return 0


async def _player(origin: str, words: Words, *, is_new: bool) -> tuple[Tokens, UUID]:
    """Return who plays."""
    if token := os.environ.get("SAMOVAR_TOKEN"):
        return FixedToken(token), account_in(token)
    session = session_of(origin)
    if is_new:
        await session.sign_in(platform.node() or "samovar play", lambda shown: _show(words, shown))
    return session, session.read().account_id


def _show(words: Words, shown: Shown) -> None:
    print(
        words.sign_in.format(
            uri=shown.verification_uri, code=shown.user_code, number=f"{shown.match_number:02}"
        ),
        flush=True,
    )


def _installed(folder: Path) -> UUID:
    """Return which game `samovar pull` has installed in a folder."""
    installed = InstalledState(folder, Disk()).installed()
    if installed is None:
        raise DescriptionInvalid(f"which game is in {folder}? Name it: --game ID")
    return UUID(bytes=installed.app)


def _language() -> str:
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or "ru"
    return "en" if spoken.startswith("en") else "ru"
