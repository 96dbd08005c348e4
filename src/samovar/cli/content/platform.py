"""Who a player's command is at the platform, and what it says when the platform says no."""

import os
import sys
from contextlib import suppress

from samovar.cli.content.words import is_russian, say
from samovar.cli.login import ask_password
from samovar.cli.login.keeping import session_of
from samovar.sdk.api import Api, FixedToken, Tokens
from samovar.sdk.errors import Offline, Refused, SdkError, SignInNeeded, sentence_of
from samovar.sdk.launcher.fetching import ORDER_TIMEOUT_S


class PlatformFailed(Exception):
    """The platform refused or did not answer; the message is for people."""


async def sign_in(origin: str) -> Api:
    """Return the API as whoever SAMOVAR_TOKEN says or who has signed in on this machine; else ask the terminal, and keep the session.

    Raises:
        PlatformFailed: The platform refuses or does not answer, or there is no terminal.
    """
    return Api(
        origin, await _player(origin), language="ru" if is_russian() else "en", timeout_s=ORDER_TIMEOUT_S
    )


async def _player(origin: str) -> Tokens:
    if token := os.environ.get("SAMOVAR_TOKEN"):
        return FixedToken(token)
    kept = session_of(origin)
    with suppress(SignInNeeded):
        kept.read()
        return kept
    if not sys.stdin.isatty():
        raise PlatformFailed(say("no_terminal"))
    try:
        await ask_password(kept)
    except SignInNeeded as refused:
        raise PlatformFailed(say("refused", why=refused)) from None
    except Offline as away:
        raise PlatformFailed(say("away", why=away)) from None
    return kept


def explain(error: SdkError) -> str:
    """Return what a person should know of an answer of the platform, or of none."""
    match error:
        case Refused() | Offline() if sentence := sentence_of(error.problem):
            return say("refused", why=sentence)
        case Refused():
            return say("refused", why=error.status)
        case SignInNeeded() if not os.environ.get("SAMOVAR_TOKEN"):
            return say("session_over")
        case SignInNeeded():
            return say("refused", why=sentence_of(error.problem) or "SAMOVAR_TOKEN")
    return say("away", why=error)


def region() -> str | None:
    """Return where the player says that the device is ($SAMOVAR_REGION): a mirror nearby is tried first."""
    return os.environ.get("SAMOVAR_REGION", "").lower() or None
