"""Bring a game's folder to its newest build whatever has become of it; only what is damaged is fetched.

samovar repair ~/games/zavod
"""

import argparse
from pathlib import Path
from uuid import UUID

from samovar.cli.content import running
from samovar.cli.content.platform import PlatformFailed
from samovar.cli.content.words import say
from samovar.content.engine.installing import Folder
from samovar.sdk.api import Api


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("folder", metavar="DIR", type=Path, help="where the game is")
    running.add_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Repair the game."""

    async def game(_api: Api, folder: Folder) -> tuple[UUID, str | None]:
        known = folder.under_way or folder.installed
        if known is None:
            raise PlatformFailed(say("nothing_installed", folder=arguments.folder))
        return UUID(bytes=known.app), known.branch

    return running.guarded(lambda: running.get(arguments, game, whole=True))
