"""The launch description: `samovar.toml` in the folder of a build says what is started, and how people call it."""

import shutil
import sys
import tomllib
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

FILE = "samovar.toml"
FILE_BYTES_MAX = 65_536
# They belong to the launcher.
RESERVED = "SAMOVAR_"

Platform = Literal["linux", "windows", "macos"]
Word = Annotated[str, Meta(max_length=1_024, pattern=r"^[^\x00]*\Z")]
_PLATFORMS: dict[str, Platform] = {"linux": "linux", "win32": "windows", "darwin": "macos"}

# Those that stay until the program in them is over.
_TERMINALS = (
    ("gnome-terminal", "--wait", "--"),
    ("konsole", "-e"),
    ("xfce4-terminal", "--disable-server", "-x"),
    ("kitty",),
    ("alacritty", "-e"),
    ("xterm", "-u8", "-e"),
)


class DescriptionInvalid(Exception):
    """There is no launch description, or it says something that cannot be done. The message is for people."""


class Names(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A name in both languages."""

    ru: Annotated[str, Meta(min_length=1, max_length=100)]
    en: Annotated[str, Meta(min_length=1, max_length=100)]


class Option(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One way to start a game.

    Attributes:
        run: The program and what it is told. A program with a `/` lies in the folder of the game; one without is found on the machine.
        platforms: Where it can be started.
        environment: Further variables of its environment.
        terminal: It speaks to its player in a terminal: a launcher that has none opens one.
    """

    key: Annotated[str, Meta(pattern=r"^[a-z0-9-]{1,32}\Z")]
    name: Names
    run: Annotated[list[Word], Meta(min_length=1, max_length=64)]
    platforms: Annotated[list[Platform], Meta(min_length=1)]
    environment: Annotated[dict[str, Word], Meta(max_length=64)] = {}
    terminal: bool = False


class Description(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a game is started: the first option for the platform, unless another one is asked for."""

    launch: Annotated[list[Option], Meta(min_length=1, max_length=16)]


def read(folder: Path) -> Description:
    """Return the launch description of an installed game.

    Raises:
        DescriptionInvalid: There is none, or it is wrong.
    """
    file = folder / FILE
    try:
        if file.stat().st_size > FILE_BYTES_MAX:
            raise DescriptionInvalid(f"{FILE}: more than {FILE_BYTES_MAX} bytes")
        written = tomllib.loads(file.read_text("utf-8"))
        return msgspec.convert(written, Description)
    except FileNotFoundError:
        raise DescriptionInvalid(f"there is no {FILE} in {folder}") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise DescriptionInvalid(f"{FILE}: {error}") from error


def choose(description: Description, key: str | None, *, platform: str = sys.platform) -> Option:
    """Return the option of this key, or the first one for the platform.

    Raises:
        DescriptionInvalid: There is none.
    """
    here = _PLATFORMS.get(platform)
    for option in description.launch:
        if here in option.platforms and key in {None, option.key}:
            return option
    raise DescriptionInvalid(
        f"{FILE}: nothing to start on {here or platform}" + (f" as {key}" if key else "")
    )


def command(option: Option, folder: Path) -> list[str]:
    """Return the command line; the program is in the folder of the game, or on the machine.

    Raises:
        DescriptionInvalid: It lies outside, or is not there.
    """
    program, *words = option.run
    if "/" not in program and "\\" not in program:
        found = shutil.which(program) or (sys.executable if program in {"python", "python3"} else None)
        if not found:
            raise DescriptionInvalid(f"{program} is not on this machine")
        return [found, *words]
    path = PurePosixPath(program)
    inside = folder.joinpath(*path.parts).resolve()
    is_inside = not path.is_absolute() and "\\" not in program and inside.is_relative_to(folder.resolve())
    if not is_inside or not inside.is_file():
        raise DescriptionInvalid(f"{program} is not in the folder of the game")
    return [str(inside), *words]


def in_terminal(words: list[str]) -> list[str]:
    """Return a command line that opens a terminal, runs another one in it, and ends with it.

    Raises:
        DescriptionInvalid: There is no such terminal on this machine.
    """
    for program, *before in _TERMINALS:
        if found := shutil.which(program):
            return [found, *before, *words]
    raise DescriptionInvalid(
        "it is played in a terminal, and there is none here that can be opened: samovar play"
    )


def environment(option: Option) -> dict[str, str]:
    """Return the option's variables.

    Raises:
        DescriptionInvalid: One of them is the launcher's.
    """
    for name in option.environment:
        if name.upper().startswith(RESERVED) or "=" in name or not name:
            raise DescriptionInvalid(f"{FILE}: {name} is not for a game to set")
    return dict(option.environment)
