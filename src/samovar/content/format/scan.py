"""From a folder on disk to a tree, in one pass: read, cut, hash, and hand over the chunks that are new."""

import os
import stat
import unicodedata
from collections.abc import Callable, Container, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

from blake3 import blake3

from samovar.content.format.canonical import hash_of
from samovar.content.format.chunking import STANDARD, Chunk, Chunking, chunk_of, cut
from samovar.content.format.errors import Changed, PathRefused
from samovar.content.format.paths import STATE_FOLDER
from samovar.content.format.tree import FoundFile, FoundLink, Tree, build_tree


class Sink(Protocol):
    """Takes chunks; a `PackWriter` is one."""

    def add(self, chunk: Chunk, data: bytes) -> None:
        """Take a chunk."""


class Found(NamedTuple):
    """What lies in a folder: paths from it, and where they are on disk.

    Attributes:
        folders: Folders by path.
        links: Symbolic links with their targets.
        files: Files by path; sorted, as they are in a tree.
    """

    folders: list[str]
    links: list[FoundLink]
    files: list[tuple[str, Path]]


def look(folder: Path) -> Found:
    """List a folder. The installer's state folder is passed over.

    Names are brought into NFC: systems that decompose them, as macOS did, mean the same names.

    Raises:
        PathRefused: It holds something that is neither file, folder nor link.
    """
    found = Found([], [], [])
    for path, entry in _walk(folder, ""):
        mode = entry.stat(follow_symlinks=False).st_mode
        if stat.S_ISLNK(mode):
            target = Path(entry.path).readlink()
            found.links.append(FoundLink(path, unicodedata.normalize("NFC", target.as_posix())))
        elif stat.S_ISDIR(mode):
            found.folders.append(path)
        elif stat.S_ISREG(mode):
            found.files.append((path, Path(entry.path)))
        else:
            raise PathRefused(path, "is neither a file, a folder nor a link")
    found.files.sort(key=lambda item: item[0].split("/"))
    return found


def _walk(folder: Path, prefix: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            path = prefix + unicodedata.normalize("NFC", entry.name)
            if path == STATE_FOLDER:
                continue
            yield path, entry
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(Path(entry.path), path + "/")


def scan(
    folder: Path, sink: Sink | None = None, *, known: Container[bytes] = (), chunking: Chunking = STANDARD
) -> Tree:
    """Return the tree of a folder; `sink` gets each chunk once, unless its id is `known`.

    A file is read a slice at a time. Chunks come in the order of the tree.

    Raises:
        PathRefused: A path cannot be part of a build.
        Changed: A file was written to meanwhile.
        OSError: A file cannot be read.
    """
    found = look(folder)
    seen: set[bytes] = set()
    files: list[FoundFile | FoundLink] = []

    def take(data: bytes) -> Chunk:
        chunk = chunk_of(data)
        if sink is not None and chunk.id not in seen and chunk.id not in known:
            seen.add(chunk.id)
            sink.add(chunk, data)
        return chunk

    for path, place in found.files:
        with place.open("rb", buffering=0) as file:
            before = os.fstat(file.fileno())
            if before.st_size <= chunking.least:
                chunks, digest = _small(file.read(chunking.least + 1), take)
            else:
                chunks, digest = _large(cut(file, chunking), take)
            after = os.fstat(file.fileno())
        if (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, after.st_size):
            raise Changed(f"{path!r} was written to while it was read")
        files.append(FoundFile(path, bool(before.st_mode & stat.S_IXUSR), digest, chunks))
    return build_tree([*files, *found.links], found.folders)


def _small(data: bytes, take: Callable[[bytes], Chunk]) -> tuple[list[Chunk], bytes]:
    """Take a file of one chunk, whose hash is the chunk's id."""
    chunks = [take(data)] if data else []
    return chunks, chunks[0].id if chunks else hash_of(b"")


def _large(pieces: Iterable[bytes], take: Callable[[bytes], Chunk]) -> tuple[list[Chunk], bytes]:
    hasher = blake3()
    chunks = []
    for data in pieces:
        hasher.update(data)
        chunks.append(take(data))
    return chunks, hasher.digest()
