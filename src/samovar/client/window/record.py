"""Which games lie where on this computer, and how fast it fetches: one file for each platform, replaced as a whole."""

import os
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import quote, urlsplit

import msgspec
from msgspec import Meta

FOLDER = "games"


class Kept(msgspec.Struct, kw_only=True):
    """A game.

    Attributes:
        folder: Where it lies.
        name: What it is called, as somebody saw it last.
        branch: Of the app; none for the one that everybody has.
        password: Of the branch, for its updates.
        is_complete: Once it was; else it is in the making.
        is_paused: It is in the making, and the player has stopped that.
    """

    folder: str
    name: str = ""
    branch: str | None = None
    password: str | None = None
    is_complete: bool = False
    is_paused: bool = False


class Record(msgspec.Struct, kw_only=True):
    """All that is kept.

    Attributes:
        games: By their ids, in the order of the queue.
        limit: Bytes a second at most.
        is_limit_told: The platform knows the limit; another one there is newer.
        parent: Where the last game was put.
        dropped: Rows of the platform's queue that are not wanted here any more, until the platform has none of them.
    """

    games: dict[str, Kept] = {}
    limit: Annotated[int, Meta(ge=1)] | None = None
    is_limit_told: bool = True
    parent: str | None = None
    dropped: list[str] = []

    @classmethod
    def read(cls, file: Path) -> Self:
        """Return what a file says. One that makes no sense says nothing: the games lie where they lie, and can be put there again."""
        try:
            return msgspec.json.decode(file.read_bytes(), type=cls)
        except (OSError, msgspec.DecodeError):
            return cls()

    def write(self, file: Path) -> None:
        """Replace a file; it is its owner's alone, for it may hold passwords of branches."""
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_name(f".{file.name}.{os.getpid()}")
        part.touch(mode=0o600)
        part.write_bytes(msgspec.json.format(msgspec.json.encode(self)))
        part.replace(file)


def file_of(data: Path, origin: str) -> Path:
    """Return the file of a platform: `origin` is its address."""
    parts = urlsplit(origin)
    return data / FOLDER / f"{quote(f'{parts.scheme}://{parts.netloc}'.lower(), safe='')}.json"
