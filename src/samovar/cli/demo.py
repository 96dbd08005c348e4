"""Fill an empty store with the showcase: real free games, invented ones, pictures, players and what they think."""

import argparse
import os
import sys
from pathlib import Path

from samovar.demo.seed import Seeding
from samovar.demo.store import Store, StoreFailed
from samovar.kit.settings import SettingsError

FOLDER = "demo"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    commands = parser.add_subparsers(dest="command", required=True)
    what = "do all that is left of the showcase; what is there already stays as it is"
    seed = commands.add_parser("seed", help=what, description=f"{what.capitalize()}.")
    seed.add_argument("--if-empty", action="store_true", help="touch no store that somebody else has filled")


def run(arguments: argparse.Namespace) -> int:
    """Seed the platform that runs here, and say in one line what there is then.

    Raises:
        SettingsError: No platform runs here.
    """
    origin = os.environ.get("SAMOVAR_PLATFORM__ORIGIN")
    if not origin:
        raise SettingsError("no platform runs here: start one with `samovar up`")
    if os.environ.get("SAMOVAR_PLATFORM__ENVIRONMENT") == "production":
        raise SettingsError(
            "the players of the showcase have a password that everybody knows; production has none of them"
        )
    state = Path(os.environ.get("SAMOVAR_UP__STATE", ".samovar"))
    try:
        with Store(origin) as store:
            seeding = Seeding(state / FOLDER, store, lambda what: print(what, flush=True))
            if seeding.run(only_empty=arguments.if_empty):
                print(seeding.summary, flush=True)
    except StoreFailed as failed:
        print(f"samovar demo: {failed}", file=sys.stderr)
        return 1
    return 0
