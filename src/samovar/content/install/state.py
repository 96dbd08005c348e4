"""The state folder `.samovar/` in a game's folder: what is installed there, what is in the making, and who works on it.

    .samovar/
    ├── lock        held by the process that works on the folder
    ├── installed   what is installed: the tree, and the time of each file
    ├── trust       keys that were seen first, and the greatest number of each branch
    ├── journal     what the operation that is under way has done
    ├── plan        its plan
    ├── found       for a plan from the empty tree, what of it was found on the disk
    ├── new/        files in the making, by their number
    ├── old/        files whose place is taken and that are still read, by their number
    └── aside/      the player's files that stood where a file of the build had to go

`installed`, `trust` and `found` are 32 bytes of BLAKE3 and MessagePack; they are replaced as a whole.
"""

import os
import sys
from pathlib import Path
from typing import Annotated, Self, TypeVar

import msgspec
from msgspec import Meta

from samovar.content.format.canonical import HASH_BYTES, Count, Hash, encode, hash_of
from samovar.content.format.errors import Malformed, Tampered
from samovar.content.format.paths import STATE_FOLDER
from samovar.content.format.tree import Tree, build_tree, by_id
from samovar.content.install.disk import Disk
from samovar.content.install.errors import Busy

VERSION = 1
RECORD_BYTES_MAX = 1024 * 1024 * 1024

Text = Annotated[str, Meta(max_length=200)]
Nanoseconds = Annotated[int, Meta(ge=-(2**62), le=2**62)]
T = TypeVar("T", bound=msgspec.Struct)


class Installed(msgspec.Struct, frozen=True, array_like=True):
    """What is installed in a folder.

    Attributes:
        version: Of this record.
        operation: Number of the operation that made it.
        app: The app's UUID, 16 bytes.
        branch: Of the app.
        build: As the platform names it.
        root: Id of the tree.
        nodes: Bytes of the tree's nodes.
        stamps: For each file of the tree the time of its last change when it was installed, in nanoseconds.
    """

    version: Count
    operation: Count
    app: Annotated[bytes, Meta(max_length=16)]
    branch: Text
    build: Text
    root: Hash
    nodes: tuple[bytes, ...]
    stamps: tuple[Nanoseconds, ...]

    def tree(self) -> Tree:
        """Return the tree."""
        return Tree(self.root, by_id(self.nodes))


def empty_tree() -> Tree:
    """Return the tree of a folder in which nothing is installed."""
    return build_tree([])


class State:
    """The state folder of a game's folder.

    Args:
        game: The game's folder.
        disk: Writes.
    """

    def __init__(self, game: Path, disk: Disk) -> None:
        self.game = game
        self.disk = disk
        self.folder = game / STATE_FOLDER
        self.journal = self.folder / "journal"
        self.new = self.folder / "new"
        self.old = self.folder / "old"
        self.aside = self.folder / "aside"

    def prepare(self) -> None:
        """Make the folders that are missing.

        Raises:
            NotADirectoryError: The state folder is a link or a file: somebody wants us to write elsewhere.
        """
        self.game.mkdir(parents=True, exist_ok=True)
        for folder in (self.folder, self.new, self.old, self.aside):
            self.disk.make_folder(folder)
            if folder.is_symlink() or not folder.is_dir():
                raise NotADirectoryError(20, "is no folder", str(folder))

    def installed(self) -> Installed | None:
        """Return what is installed; None if nothing is, or if nobody can tell any more."""
        try:
            found = self.read("installed", Installed)
        except (Malformed, Tampered):
            return None
        return found if found is not None and found.version == VERSION else None

    def read(self, name: str, kind: type[T]) -> T | None:
        """Read a record; None if there is none.

        Raises:
            Tampered: It is not what was written.
            Malformed: It is something else.
        """
        data = self.read_bytes(name)
        if data is None:
            return None
        if hash_of(data[HASH_BYTES:]) != data[:HASH_BYTES]:
            raise Tampered(f"{name} is not what was written")
        try:
            return msgspec.msgpack.decode(data[HASH_BYTES:], type=kind)
        except msgspec.DecodeError as error:
            raise Malformed(f"{name}: {error}") from None

    def read_bytes(self, name: str) -> bytes | None:
        """Return the bytes of a file of the state folder; None if there is none."""
        path = self.folder / name
        if path.is_symlink() or not path.is_file() or path.stat().st_size > RECORD_BYTES_MAX:
            return None
        return path.read_bytes()

    def write(self, name: str, record: msgspec.Struct) -> bytes:
        """Replace a record as a whole and return its hash."""
        data = encode(record)
        digest = hash_of(data)
        self.write_bytes(name, digest + data)
        return digest

    def write_bytes(self, name: str, data: bytes) -> None:
        """Replace a file of the state folder as a whole; when this returns it is on the disk."""
        path = self.folder / name
        part = path.with_name(f"{name}.part")
        fd = self.disk.create(part)
        try:
            self.disk.write(fd, data, 0)
            self.disk.sync(fd)
        finally:
            os.close(fd)
        self.disk.rename(part, path)
        self.disk.sync_folder(self.folder)

    def clear(self) -> None:
        """Remove what an operation leaves that is complete, or has made nothing yet."""
        if self.journal.exists():
            self.disk.remove(self.journal)
            self.disk.sync_folder(self.folder)
        for name in ("plan", "found"):
            self.disk.remove(self.folder / name)
        self.empty()

    def empty(self) -> None:
        """Remove files in the making and old ones that wait, and what a crash left of a record."""
        for path in sorted(self.folder.glob("*.part")):
            self.disk.remove(path)
        for folder in (self.new, self.old):
            for path in sorted(folder.iterdir()):
                self.disk.remove(path)


class Lock:
    """Lets one process at a time work on a folder; the system lets go when the process ends, however it ends.

    Raises:
        Busy: Another one does.
    """

    def __init__(self, state: State) -> None:
        self._path = state.folder / "lock"
        self._fd = -1

    def __enter__(self) -> Self:
        self._fd = os.open(self._path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o666)
        try:
            _lock(self._fd)
        except OSError:
            os.close(self._fd)
            raise Busy(f"another process works on {self._path.parent.parent}") from None
        return self

    def __exit__(self, *_error: object) -> None:
        os.close(self._fd)


def _lock(fd: int) -> None:
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415  the system's own

        msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl  # noqa: PLC0415  the system's own

        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
