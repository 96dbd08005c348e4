"""Get a game into a folder, or bring it to the newest build.

samovar pull zavod ~/games/zavod
samovar pull zavod ~/games/zavod --branch beta --password tea

The folder is the old build, the new one or resumable at every moment: stop it when you like and run the same command again. Who pulls:
whoever signed in here with `samovar login`, or SAMOVAR_TOKEN, an access token.
"""

import argparse
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote
from uuid import UUID

import msgspec

from samovar.cli.content import running
from samovar.content.engine.installing import Folder
from samovar.sdk.api import Api


class _Page(msgspec.Struct, frozen=True):
    id: UUID


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("game", metavar="GAME", help="its id, or the name in the address of its page")
    parser.add_argument("folder", metavar="DIR", type=Path, help="where it goes")
    parser.add_argument("--branch", help="of the game; the one that everybody has unless said")
    running.add_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Get the game."""

    async def game(api: Api, _folder: Folder) -> tuple[UUID, str | None]:
        with suppress(ValueError):
            return UUID(arguments.game), arguments.branch
        page = await api.call("GET", f"/v1/games/{quote(arguments.game, safe='')}")
        return page.read(_Page).id, arguments.branch

    return running.guarded(lambda: running.get(arguments, game, whole=False))
