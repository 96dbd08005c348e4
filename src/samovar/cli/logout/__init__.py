"""Sign out on this machine: the session ends at the platform, and its file goes."""

import argparse
import asyncio
import sys

from samovar.cli.login.keeping import NoOrigin, origin_of, session_of
from samovar.cli.login.words import say
from samovar.sdk.errors import Offline, SignInNeeded


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--origin", help="the platform ($SAMOVAR_ORIGIN, else what runs here or was used last)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Sign out; returns 1 when the platform has not heard of it."""
    try:
        return asyncio.run(_log_out(origin_of(arguments.origin)))
    except NoOrigin:
        why = say("no_origin")
    except OSError as error:
        why = str(error)
    print(f"samovar logout: {why}", file=sys.stderr)
    return 1


async def _log_out(origin: str) -> int:
    session = session_of(origin)
    try:
        kept = session.read()
    except SignInNeeded:
        print(say("nobody", origin=origin))
        return 0
    try:
        await session.end(kept)
    except Offline as away:
        print(f"samovar logout: {say('forgotten', why=away)}", file=sys.stderr)
        return 1
    finally:
        session.sign_out()
    print(say("signed_out", origin=origin))
    return 0
