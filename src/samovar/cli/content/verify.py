"""Compare a game's folder with what is installed in it, every byte; needs no network.

samovar verify ~/games/zavod
"""

import argparse
import sys
from itertools import count
from pathlib import Path

from samovar.cli.content.progress import Bar
from samovar.cli.content.running import guarded, threads
from samovar.cli.content.words import say, size
from samovar.content.engine.installing import Progress, open_folder
from samovar.content.format.tree import Tree
from samovar.content.install.looking import Report

SHOWN = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("folder", metavar="DIR", type=Path, help="where the game is")


def run(arguments: argparse.Namespace) -> int:
    """Verify the game; returns 1 when something is wrong."""
    return guarded(lambda: verify(arguments.folder))


async def verify(game: Path) -> int:
    """Verify a folder and say what is wrong."""
    if not (game / ".samovar").is_dir():
        print(f"samovar: {say('nothing_installed', folder=game)}", file=sys.stderr)
        return 1
    bar = Bar("not_verified")
    with threads() as pool:
        async with open_folder(game, pool) as folder:
            installed = folder.installed
            if installed is None or folder.base is None:
                name = "nothing_installed" if installed is None and folder.under_way is None else "under_way"
                print(f"samovar: {say(name, folder=game)}", file=sys.stderr)
                return 1
            tree = installed.tree()
            done = [0]

            def tell(more: int) -> None:
                done[0] += more
                bar(Progress(done[0], tree.size, 0))

            report = await folder.verify(tell=tell)
    bar.end()
    return _show(game, tree, report)


def _show(game: Path, tree: Tree, report: Report) -> int:
    faults = [
        (what, path)
        for what in ("damaged", "missing", "modes", "links", "folders")
        for path in getattr(report, what)
    ]
    for number, (what, path) in zip(count(), faults, strict=False):
        if number == SHOWN:
            print("…")
            break
        print(f"{say(what)}: {path}")
    if report.foreign:
        print(say("foreign", count=len(report.foreign)))
    if faults:
        print(say("mend", count=len(faults)))
        return 1
    print(say("whole", folder=game, files=len(tree.files), size=size(tree.size)))
    return 0
