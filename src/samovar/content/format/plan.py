"""A plan: how a client gets from the tree it has to another one, which bytes it fetches and where each of them goes.

All that is fetched are frames: zstd frames at known places in objects of the store. Unpacked and put one after another in the order of
the plan they make one long *stream*; chunks and deltas are named by their place in it, so that a place costs a byte or nothing.
A client may fetch a frame again instead of keeping it.

A plan is sent as the zstd of its canonical bytes with the nodes of the old tree as prefix: what an update does not change costs a few
bytes. Its lists may not be larger than what a build may hold, and `open_plan` checks that every number in it leads somewhere.
"""

from typing import Annotated

import msgspec
from msgspec import Meta

from samovar.content.format.canonical import Count, Hash, Size

FRAME_BYTES_MAX = 4 * 1024 * 1024
PIECE_BYTES_MAX = 256 * 1024 * 1024

ZSTD_PREFIX = 1
HDIFFPATCH = 2


class Frame(msgspec.Struct, frozen=True, array_like=True):
    """A zstd frame in an object of the store.

    Attributes:
        object: Number in the plan's `objects`.
        offset: Where it begins in the object.
        length: Its bytes there.
        size: Its bytes when unpacked.
    """

    object: Count
    offset: Size
    length: Annotated[int, Meta(ge=1, le=FRAME_BYTES_MAX + 64 * 1024)]
    size: Annotated[int, Meta(ge=1, le=FRAME_BYTES_MAX)]


class Copy(msgspec.Struct, frozen=True, array_like=True, tag=0):
    """The new file has the content of an old one: at another path, or with another mode.

    Attributes:
        file: Number of the new file.
        old: Number of the old file.
    """

    file: Count
    old: Count


class Build(msgspec.Struct, frozen=True, array_like=True, tag=1):
    """The new file is put together from chunks.

    A chunk that stands earlier in the same file, or in a file of `sources` or `built`, comes from there. Every other one is fetched.
    The chunks that are fetched are counted over all steps in their order, each once, where it is met first.

    Attributes:
        file: Number of the new file.
        sources: Numbers of old files.
        built: Numbers of new files that are complete before this step: built by an earlier one, or kept.
    """

    file: Count
    sources: tuple[Count, ...]
    built: tuple[Count, ...]


class Piece(msgspec.Struct, frozen=True, array_like=True):
    """A part of a new file that is made from a part of an old one.

    Attributes:
        size: Bytes of the new part; parts follow one another.
        offset: Where the old part begins.
        length: Bytes of the old part.
        kind: `ZSTD_PREFIX` or `HDIFFPATCH`.
        gap: From the end of the delta before it in the plan to this one, in the stream; may be negative.
        delta: Bytes of the delta.
    """

    size: Annotated[int, Meta(ge=1, le=PIECE_BYTES_MAX)]
    offset: Size
    length: Annotated[int, Meta(ge=0, le=PIECE_BYTES_MAX)]
    kind: Count
    gap: int
    delta: Annotated[int, Meta(ge=1, le=2 * PIECE_BYTES_MAX)]


class Patch(msgspec.Struct, frozen=True, array_like=True, tag=2):
    """The new file is made from an old one by deltas, and verified by its hash.

    Attributes:
        file: Number of the new file.
        old: Number of the old file.
        pieces: In order; their sizes are the new file's.
    """

    file: Count
    old: Count
    pieces: Annotated[tuple[Piece, ...], Meta(min_length=1)]


Step = Copy | Build | Patch


class Plan(msgspec.Struct, frozen=True, array_like=True):
    """From one tree to another.

    Files whose path and content are those of the old tree are kept and have no step; folders, links and modes follow the new tree. An old
    file that is not kept may go after the last step that reads it.

    Attributes:
        version: Of the format.
        old: Id of the old tree; that of the empty tree for a first install.
        new: Id of the new tree.
        nodes: Bytes of the nodes that the old tree lacks, of folders and of lists of chunks.
        objects: Keys in the store.
        frames: What is fetched; their order is that of the stream.
        chunks: For each chunk that is fetched its gap in the stream from the end of the one before it; may be negative.
        steps: In the order in which they are taken.
        writes: Bytes that are written.
        peak: Bytes of disk that are needed beyond the old build at the worst moment.
        requests: How many ranges are fetched when gaps of less than `JOIN_GAP_BYTES` are fetched with them.
    """

    version: Count
    old: Hash
    new: Hash
    nodes: tuple[bytes, ...]
    objects: tuple[Annotated[str, Meta(max_length=200)], ...]
    frames: tuple[Frame, ...]
    chunks: tuple[int, ...]
    steps: tuple[Step, ...]
    writes: Size
    peak: Size
    requests: Count
