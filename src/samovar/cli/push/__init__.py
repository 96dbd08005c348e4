"""Push a folder as a build of an app, and let a branch give it.

samovar push build/ --app 0190a5c8-8f1e-7000-8000-000000000001 --branch beta

Only what the platform lacks travels. Broken off, the same command goes on where it was. Before the branch changes, it says what the
update costs players and which files make it so large.

Who pushes: SAMOVAR_API_KEY, a key of the organisation or from /v1/auth/api-keys with the scope `download.build.push download.build.read`;
SAMOVAR_TOKEN, an access token; a pipeline that the app trusts, by the token that GitHub gives to workflows with `id-token: write`, or by SAMOVAR_ID_TOKEN
(GitLab's `id_tokens`, with the platform's address for audience); else whoever signed in here with `samovar login`. The key that signs builds is
made on the first push of a person and added to the organisation; keep it, and give it to the machines that build.
"""

import argparse
import asyncio
import os
import sys
import time
from pathlib import Path
from uuid import UUID

from samovar.cli.login.keeping import NoOrigin, origin_of, session_of
from samovar.cli.push.keys import read_key
from samovar.cli.push.pipeline import exchanged, token_of_pipeline
from samovar.cli.push.platform import Credentials, Platform, PushFailed
from samovar.cli.push.uploading import Order, Push, Pushed
from samovar.content.format.errors import ContentError
from samovar.sdk.errors import SignInNeeded

PERCENT_MAX = 100
_YES = {"y", "yes", "д", "да"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("folder", type=Path, metavar="DIR", help="the folder of the game, as players get it")
    parser.add_argument("--app", type=UUID, required=True, metavar="ID", help="the app")
    parser.add_argument("--branch", default="main", help="the branch that is to give the build (main)")
    parser.add_argument("--note", default="", help="what is in it, for the people of the organisation")
    parser.add_argument(
        "--percent", type=_percent, default=PERCENT_MAX, help="how many of a hundred players get it at first"
    )
    parser.add_argument(
        "--hold", action="store_true", help="upload and show the size, leave the branch alone"
    )
    parser.add_argument("--yes", action="store_true", help="do not ask before the branch changes")
    parser.add_argument(
        "--key", type=Path, help="the build key ($SAMOVAR_BUILD_KEY, else build-key.pem in the configuration)"
    )
    parser.add_argument(
        "--old-key",
        type=Path,
        help="a build key that players know: it introduces the one that signs from now on",
    )
    parser.add_argument("--origin", help="the platform ($SAMOVAR_PLATFORM__ORIGIN, else what runs here)")


def run(arguments: argparse.Namespace) -> int:
    """Push; returns 1 when it could not."""
    try:
        asyncio.run(push(arguments))
    except (PushFailed, ContentError, OSError) as error:
        print(f"samovar push: {error}", file=sys.stderr)
        return 1
    return 0


async def push(arguments: argparse.Namespace) -> Pushed:
    """Push as the arguments and the environment say.

    Raises:
        PushFailed: It cannot go on.
        ContentError: The folder cannot be a build, or is written to meanwhile.
        OSError: A file cannot be read.
    """
    if not arguments.folder.is_dir():
        raise PushFailed(f"{arguments.folder} is not a folder")
    try:
        origin = origin_of(arguments.origin)
    except NoOrigin:
        raise PushFailed("no platform runs here: name one, --origin https://…") from None
    order = Order(
        folder=arguments.folder,
        app_id=arguments.app,
        branch=arguments.branch,
        note=arguments.note,
        percent=arguments.percent,
        password=os.environ.get("SAMOVAR_BRANCH_PASSWORD"),
        hold=arguments.hold,
        memory=_home("XDG_STATE_HOME", ".local/state") / "uploads",
        created=int(time.time()),
    )
    key = read_key(arguments.key or _build_key())
    old_key = read_key(arguments.old_key, make=False) if arguments.old_key else None
    agree = _ask if sys.stdin.isatty() and not arguments.yes else _agree
    async with Platform(origin, await _credentials(origin, order.app_id)) as platform:
        return await Push(platform, key, old_key=old_key, say=print, agree=agree).run(order)


async def _credentials(origin: str, app_id: UUID) -> Credentials:
    if api_key := os.environ.get("SAMOVAR_API_KEY"):
        return Credentials({"X-API-Key": api_key})
    if token := os.environ.get("SAMOVAR_TOKEN"):
        return Credentials.of(token)
    if pipeline_token := await token_of_pipeline(origin, os.environ):
        return await exchanged(origin, pipeline_token, app_id)
    session = session_of(origin)
    try:
        return Credentials.of(await session.token(), renew=session.renew)
    except SignInNeeded:
        raise PushFailed("who pushes? Run samovar login, or set SAMOVAR_API_KEY") from None


def _build_key() -> Path:
    named = os.environ.get("SAMOVAR_BUILD_KEY")
    return Path(named) if named else _home("XDG_CONFIG_HOME", ".config") / "build-key.pem"


def _home(variable: str, otherwise: str) -> Path:
    return Path(os.environ.get(variable) or Path.home() / otherwise) / "samovar"


def _ask(question: str) -> bool:
    return input(f"{question} [y/N] ").strip().lower() in _YES


def _agree(_question: str) -> bool:
    return True


def _percent(text: str) -> int:
    value = int(text)
    if not 1 <= value <= PERCENT_MAX:
        raise argparse.ArgumentTypeError("1 to 100")
    return value
