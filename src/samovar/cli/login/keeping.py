"""Where this machine keeps who is signed in: one file a platform, so that no platform is sent the tokens of another."""

import os
import platform
from pathlib import Path
from urllib.parse import quote, urlsplit

from samovar.cli.content.words import is_russian
from samovar.sdk.launcher.signing_in import StoredSession

_SESSIONS, _LAST = "sessions", "origin"


class NoOrigin(Exception):
    """Nobody has said which platform is meant."""


def data_home() -> Path:
    """Return the folder for what programs keep for a person, as the system has it, or `$XDG_DATA_HOME`."""
    if named := os.environ.get("XDG_DATA_HOME"):
        return Path(named) / "samovar"
    home = Path.home()
    match platform.system():
        case "Darwin":
            base = home / "Library" / "Application Support"
        case "Windows":
            base = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
        case _:
            base = home / ".local" / "share"
    return base / "samovar"


def origin_of(named: str | None) -> str:
    """Return the platform's address: the one that is named, set, runs here, or was signed in to last.

    Raises:
        NoOrigin: There is none.
    """
    set_ones = (os.environ.get("SAMOVAR_ORIGIN"), os.environ.get("SAMOVAR_PLATFORM__ORIGIN"))
    found = named or next(filter(None, set_ones), None) or _last()
    if found is None:
        raise NoOrigin
    return found


def session_of(origin: str) -> StoredSession:
    """Return this machine's session at a platform, which may not have begun."""
    parts = urlsplit(origin)
    name = quote(f"{parts.scheme}://{parts.netloc}".lower(), safe="")
    language = "ru" if is_russian() else "en"
    return StoredSession(origin, data_home() / _SESSIONS / f"{name}.json", language=language)


def remember(origin: str) -> None:
    """Take a platform for the one that is meant where none is named."""
    file = data_home() / _LAST
    part = file.with_name(f"{_LAST}.{os.getpid()}")
    part.write_text(origin, "utf-8")
    part.replace(file)


def _last() -> str | None:
    try:
        return (data_home() / _LAST).read_text("utf-8").strip() or None
    except (OSError, ValueError):
        return None
