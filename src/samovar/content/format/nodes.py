"""The nodes of a tree: a folder's entries and a file's chunks, each named by the BLAKE3 of its canonical bytes.

A file names its chunks in a node of its own, so that a list is fetched only by who needs it: an unchanged file costs an update nothing,
and a file that arrives as a delta is verified by its own hash.
"""

import re
from itertools import pairwise
from typing import Annotated

import msgspec
from msgspec import Meta

from samovar.content.format.canonical import HASH_BYTES, Hash, Size, decode, encode, hash_of
from samovar.content.format.chunking import Chunk
from samovar.content.format.errors import Malformed
from samovar.content.format.paths import PATH_BYTES_MAX, check_name, check_siblings

FOLDER_BYTES_MAX = 64 * 1024 * 1024
CHUNK_LIST_BYTES_MAX = 256 * 1024 * 1024
CHUNK_BYTES_MAX = 1024 * 1024

Name = Annotated[str, Meta(min_length=1, max_length=255)]
NO_LIST = re.compile(rb"(?:.{32})?\Z", re.DOTALL)


class Folder(msgspec.Struct, frozen=True, array_like=True, gc=False, tag=0):
    """A folder in a folder.

    Attributes:
        name: Its name.
        node: Id of the node with its entries.
    """

    name: Name
    node: Hash


class File(msgspec.Struct, frozen=True, array_like=True, gc=False, tag=1):
    """A file.

    Attributes:
        name: Its name.
        size: In bytes.
        executable: Whether it may be run. No other mode is kept: who may read a game is the player's matter.
        hash: BLAKE3 of the whole file; of a file that is one chunk also that chunk's id.
        chunks: Id of the node with its chunks; empty for a file of one chunk or none.
    """

    name: Name
    size: Size
    executable: bool
    hash: Hash
    chunks: Annotated[bytes, Meta(max_length=HASH_BYTES)]


class Symlink(msgspec.Struct, frozen=True, array_like=True, gc=False, tag=2):
    """A symbolic link to something in the same build.

    Attributes:
        name: Its name.
        target: Where it leads, relative to the folder it lies in.
    """

    name: Name
    target: Annotated[str, Meta(min_length=1, max_length=PATH_BYTES_MAX)]


Entry = Folder | File | Symlink


class FolderNode(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What lies in a folder, sorted by the code points of the names."""

    entries: tuple[Entry, ...]


class ChunkList(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a file consists of, in order.

    Attributes:
        ids: The ids of the chunks, 32 bytes each, one after another.
        sizes: Their sizes in bytes.
    """

    ids: bytes
    sizes: tuple[Annotated[int, Meta(ge=1, le=CHUNK_BYTES_MAX)], ...]

    @classmethod
    def of(cls, chunks: list[Chunk]) -> "ChunkList":
        """Write chunks down."""
        return cls(b"".join(chunk.id for chunk in chunks), tuple(chunk.size for chunk in chunks))

    def read(self) -> list[Chunk]:
        """Return the chunks."""
        return [
            Chunk(self.ids[at * HASH_BYTES : (at + 1) * HASH_BYTES], size)
            for at, size in enumerate(self.sizes)
        ]


def read_folder(data: bytes, path: str) -> tuple[Entry, ...]:
    """Read a folder's node; `path` names it in errors.

    Raises:
        Malformed: It does not follow the format.
        PathRefused: A name in it is refused.
    """
    entries = decode(data, FolderNode, bytes_max=FOLDER_BYTES_MAX).entries
    names = [entry.name for entry in entries]
    if any(one >= other for one, other in pairwise(names)):
        raise Malformed(f"the folder {path!r} is not sorted")
    for entry in entries:
        check_name(entry.name)
        if isinstance(entry, File):
            _check_file(entry)
    check_siblings(path, names)
    return entries


def _check_file(file: File) -> None:
    if not NO_LIST.match(file.chunks):
        raise Malformed(f"{file.name!r}: the id of a list of chunks has {HASH_BYTES} bytes or none")
    if not file.chunks and file.size > CHUNK_BYTES_MAX:
        raise Malformed(f"{file.name!r}: {file.size} bytes are more than one chunk")
    if not file.size and (file.chunks or file.hash != hash_of(b"")):
        raise Malformed(f"{file.name!r}: an empty file has no chunks")


def read_chunk_list(data: bytes, size: int) -> list[Chunk]:
    """Read the chunks of a file of `size` bytes.

    Raises:
        Malformed: It does not follow the format, or the sizes do not add up.
    """
    node = decode(data, ChunkList, bytes_max=CHUNK_LIST_BYTES_MAX)
    if len(node.ids) != HASH_BYTES * len(node.sizes) or len(node.sizes) < 2:  # noqa: PLR2004  one chunk needs no list
        raise Malformed("a list of chunks has an id and a size for each of at least two chunks")
    if sum(node.sizes) != size:
        raise Malformed(f"the chunks have {sum(node.sizes)} bytes, the file has {size}")
    return node.read()


def write_chunk_list(chunks: list[Chunk]) -> tuple[bytes, bytes]:
    """Return the id and bytes of the node for a file's chunks; both empty for a file of one chunk or none."""
    if len(chunks) < 2:  # noqa: PLR2004  one chunk needs no list
        return b"", b""
    data = encode(ChunkList.of(chunks))
    return hash_of(data), data
