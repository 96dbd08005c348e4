"""Open the client in a window of this machine.

samovar desktop
samovar desktop --origin https://play.example

The first start fetches Flet's native runtime for this system (docs/devices.md says from where, and what to do without a network).
"""

import argparse
import sys
from importlib.util import find_spec

from samovar.cli.login.keeping import NoOrigin, data_home, origin_of
from samovar.cli.login.words import say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument(
        "--origin", help="the platform ($SAMOVAR_ORIGIN, else what runs here or was used last)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Show the window until it is closed; 1 where it cannot be shown."""
    if find_spec("flet") is None:
        print(
            "samovar desktop: the client is not installed here: pip install samovar[client]", file=sys.stderr
        )
        return 1
    # Nobody else needs Flet, and it is not there where it was not installed.
    from samovar.client.window.opening import open_window  # noqa: PLC0415

    try:
        open_window(origin_of(arguments.origin), data_home())
    except NoOrigin:
        print(f"samovar desktop: {say('no_origin')}", file=sys.stderr)
        return 1
    return 0
