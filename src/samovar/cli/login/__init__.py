"""Sign in on this machine, once for all commands: pull, play, repair, push.

samovar login                   another device that is signed in lets this one in
samovar login --password        asks for the password, and for the second factor where the account has one

The session is kept in a file that nobody else may read, renewed when it runs out, and sent to no other platform. SAMOVAR_TOKEN and the
options of a command win over it. `samovar logout` ends it.
"""

import argparse
import asyncio
import getpass
import platform
import sys
from contextlib import suppress

from samovar.cli.login.keeping import NoOrigin, origin_of, remember, session_of
from samovar.cli.login.words import say
from samovar.sdk.errors import Offline, SignInNeeded
from samovar.sdk.launcher.signing_in import Session, Shown, StoredSession


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument(
        "--origin", help="the platform ($SAMOVAR_ORIGIN, else what runs here or was used last)"
    )
    parser.add_argument(
        "--password", action="store_true", help="ask for the password instead of another device"
    )


def run(arguments: argparse.Namespace) -> int:
    """Sign in; returns 1 when nobody was."""
    try:
        asyncio.run(_log_in(arguments))
    except NoOrigin:
        why = say("no_origin")
    except SignInNeeded as refused:
        why = say("refused", why=refused)
    except Offline as away:
        why = say("away", why=away)
    except TimeoutError:
        why = say("too_late")
    except OSError as error:
        why = str(error)
    else:
        return 0
    print(f"samovar login: {why}", file=sys.stderr)
    return 1


async def _log_in(arguments: argparse.Namespace) -> None:
    origin = origin_of(arguments.origin)
    session = session_of(origin)
    former: Session | None = None
    with suppress(SignInNeeded):
        former = session.read()
    if arguments.password:
        await ask_password(session)
    else:
        await session.sign_in(platform.node() or "samovar", _show)
    remember(origin)
    if former is not None:
        # Nobody would ever sign it out; where the platform knows it no more, so much the better.
        with suppress(Offline):
            await session.end(former)
    print(say("signed_in", origin=origin))


async def ask_password(session: StoredSession) -> Session:
    """Sign in by what the person at the terminal types.

    Raises:
        SignInNeeded: There is nobody, or the platform refuses.
        Offline: The platform does not answer.
    """
    if not sys.stdin.isatty():
        raise SignInNeeded(say("no_terminal"))
    login, password = _who()
    return await session.sign_in_by_password(login, password, _code)


def _who() -> tuple[str, str]:
    return input(say("login")), getpass.getpass(say("password"))


def _code() -> str:
    return input(say("code")).strip()


def _show(shown: Shown) -> None:
    number = f"{shown.match_number:02}"
    print(say("show", uri=shown.verification_uri, code=shown.user_code, number=number), flush=True)
