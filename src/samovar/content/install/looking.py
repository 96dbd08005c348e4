"""Looks at what lies on the disk, by threads: is each file what the tree says, and which chunks of the build are there at all."""

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import NamedTuple

from blake3 import blake3

from samovar.content.format.canonical import hash_of
from samovar.content.format.chunking import Chunking, cut
from samovar.content.format.paths import STATE_FOLDER
from samovar.content.format.tree import FileAt, Tree
from samovar.content.install.disk import FLAGS, open_source, read_at

READ_BYTES = 1024 * 1024
# So many files, or files of so many bytes, are looked at by a thread before it is asked again.
SLICE_FILES = 256
SLICE_BYTES = 64 * 1024 * 1024

Tell = Callable[[int], None]


class Report(NamedTuple):
    """What differs from the build, as paths.

    Attributes:
        damaged: Files with other content.
        missing: Files that are not there, or are something else.
        modes: Files that may be run and should not, or the other way round.
        links: Links that are missing or lead elsewhere.
        folders: Folders that are missing.
        foreign: What does not belong to the build: saves, mods. It is no fault.
    """

    damaged: list[str]
    missing: list[str]
    modes: list[str]
    links: list[str]
    folders: list[str]
    foreign: list[str]

    @property
    def whole(self) -> bool:
        """Whether everything that belongs to the build is there as it should be."""
        return not (self.damaged or self.missing or self.modes or self.links or self.folders)


def verify(game: Path, tree: Tree, threads: Executor, *, tell: Tell = lambda _: None) -> Report:
    """Compare a folder with a tree, every byte of it.

    Args:
        game: The folder.
        tree: What should be in it.
        threads: Read and hash.
        tell: Is called with the bytes that have been compared, by threads.
    """
    report = Report([], [], [], [], [], [])
    for found in threads.map(lambda slice_: _compare(game, slice_, tell), _slices(tree.files)):
        report.damaged.extend(found.damaged)
        report.missing.extend(found.missing)
        report.modes.extend(found.modes)
    report.folders.extend(path for path in tree.folders if not _is_folder(game, path))
    report.links.extend(path for path, target in tree.links if not _leads(game / path, target))
    report.foreign.extend(foreign(game, tree))
    return report


def _slices(files: Sequence[FileAt]) -> Iterator[list[FileAt]]:
    held: list[FileAt] = []
    size = 0
    for one in files:
        held.append(one)
        size += one.file.size
        if len(held) >= SLICE_FILES or size >= SLICE_BYTES:
            yield held
            held, size = [], 0
    if held:
        yield held


def _compare(game: Path, files: Iterable[FileAt], tell: Tell) -> Report:
    report = Report([], [], [], [], [], [])
    root = f"{game}{os.sep}"
    for path, file in files:
        try:
            fd = os.open(root + path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | FLAGS)
        except OSError:
            report.missing.append(path)
            continue
        try:
            found = os.fstat(fd)
            if not stat.S_ISREG(found.st_mode):
                report.missing.append(path)
            elif found.st_size != file.size or _hash(fd, file.size, tell) != file.hash:
                report.damaged.append(path)
            elif bool(found.st_mode & stat.S_IXUSR) != file.executable and os.name != "nt":
                report.modes.append(path)
        except OSError:
            report.damaged.append(path)
        finally:
            os.close(fd)
    return report


def _hash(fd: int, size: int, tell: Tell) -> bytes:
    if size <= READ_BYTES:
        data = os.read(fd, size + 1)
        tell(len(data))
        if len(data) == size:
            return hash_of(data)
    hasher = blake3()
    at = 0
    while data := read_at(fd, READ_BYTES, at):
        hasher.update(data)
        tell(len(data) if size > READ_BYTES else 0)
        at += len(data)
    return hasher.digest()


def _is_folder(game: Path, path: str) -> bool:
    try:
        return stat.S_ISDIR((game / path).lstat().st_mode)
    except OSError:
        return False


def _leads(path: Path, target: str) -> bool:
    try:
        return path.readlink().as_posix() == target
    except OSError:
        return False


def foreign(game: Path, tree: Tree) -> Iterator[str]:
    """Yield what lies in a folder and does not belong to a tree; of a folder that does not belong to it, only the folder."""
    known = {*tree.numbers, *tree.folders, *(path for path, _ in tree.links)}
    pending = [""]
    while pending:
        prefix = pending.pop()
        try:
            entries = [*os.scandir(game / prefix)]
        except OSError:
            continue
        for entry in entries:
            path = f"{prefix}{entry.name}"
            if path == STATE_FOLDER:
                continue
            if path not in known:
                yield path
            elif entry.is_dir(follow_symlinks=False):
                pending.append(f"{path}/")


class Holding(NamedTuple):
    """Chunks that were found in a file.

    Attributes:
        path: Of the file.
        chunks: Ids with their places.
    """

    path: str
    chunks: list[tuple[bytes, int]]


def find_chunks(
    game: Path, paths: Sequence[str], wanted: set[bytes], chunking: Chunking, threads: Executor
) -> list[Holding]:
    """Cut files as a build is cut and return where wanted chunks lie; what cannot be read holds none."""

    def look(path: str) -> Holding:
        found: list[tuple[bytes, int]] = []
        try:
            with os.fdopen(open_source(game / path), "rb", buffering=0) as file:
                at = 0
                for data in cut(file, chunking):
                    digest = hash_of(data)
                    if digest in wanted:
                        found.append((digest, at))
                    at += len(data)
        except OSError:
            found.clear()
        return Holding(path, found)

    return [one for one in threads.map(look, paths) if one.chunks]
