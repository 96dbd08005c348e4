"""A plan: how a client gets from the tree it has to another one, which bytes it fetches and where each of them goes.

All that is fetched are frames: zstd frames at known places in objects of the store. Unpacked and put one after another in the order of
the plan they make one long *stream*; chunks and deltas are named by their place in it, so that a place costs a byte or nothing.
A client may fetch a frame again instead of keeping it.

A plan is sent as the zstd of its canonical bytes with the nodes of the old tree as prefix: what an update does not change costs a few
bytes. Its lists may not be larger than what a build may hold, and `read_plan` checks that every number in it leads somewhere.
"""

from collections.abc import Iterable
from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta

from samovar.content.format.canonical import Count, Hash, Size, decode, encode
from samovar.content.format.deltas import PIECE_BYTES_MAX, compress_after, decompress_after
from samovar.content.format.errors import Malformed, Unsupported
from samovar.content.format.packs import FRAME_BYTES_MAX, FRAME_LENGTH_MAX
from samovar.content.format.tree import Tree, by_id

VERSION = 1
PLAN_BYTES_MAX = 512 * 1024 * 1024
PLAN_LEVEL = 19
JOIN_GAP_BYTES = 128 * 1024


Key = Annotated[str, Meta(pattern=r"^(?:packs|deltas)/[0-9a-f]{64}\Z")]


class Frame(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A zstd frame in an object of the store.

    Attributes:
        object: Number in the plan's `objects`.
        offset: Where it begins in the object.
        length: Its bytes there.
        size: Its bytes when unpacked.
        hash: BLAKE3 of the bytes in the object; they are unpacked only when it fits.
    """

    object: Count
    offset: Size
    length: Annotated[int, Meta(ge=1, le=FRAME_LENGTH_MAX)]
    size: Annotated[int, Meta(ge=1, le=FRAME_BYTES_MAX)]
    hash: Hash


class Copy(msgspec.Struct, frozen=True, array_like=True, gc=False, tag=0):
    """The new file has the content of an old one: at another path, or with another mode.

    Attributes:
        file: Number of the new file.
        old: Number of the old file.
    """

    file: Count
    old: Count


class Build(msgspec.Struct, frozen=True, array_like=True, gc=False, tag=1):
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


class Piece(msgspec.Struct, frozen=True, array_like=True, gc=False):
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


class Patch(msgspec.Struct, frozen=True, array_like=True, gc=False, tag=2):
    """The new file is made from old ones by deltas, and verified by its hash.

    Attributes:
        file: Number of the new file.
        olds: Numbers of the old files; pieces are cut from them as if they were one file, one after another.
        pieces: In order; their sizes are the new file's.
    """

    file: Count
    olds: Annotated[tuple[Count, ...], Meta(min_length=1, max_length=4)]
    pieces: Annotated[tuple[Piece, ...], Meta(min_length=1)]


Step = Copy | Build | Patch


class Plan(msgspec.Struct, frozen=True, array_like=True, gc=False):
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
        join: Frames of one object are fetched in one range when no more than so many bytes lie between them.
        requests: How many ranges that makes.
        fetches: Bytes of the ranges.
        writes: Bytes that are written.
        peak: Bytes of disk that are needed beyond the old build at the worst moment, when each old file goes after its last reader.
    """

    version: Count
    old: Hash
    new: Hash
    nodes: tuple[bytes, ...]
    objects: tuple[Key, ...]
    frames: tuple[Frame, ...]
    chunks: tuple[int, ...]
    steps: tuple[Step, ...]
    join: Size
    requests: Count
    fetches: Size
    writes: Size
    peak: Size


class Range(NamedTuple):
    """What is fetched in one request.

    Attributes:
        object: Number in the plan's `objects`.
        offset: Where it begins.
        length: Its bytes.
    """

    object: int
    offset: int
    length: int


def ranges(frames: Iterable[Frame], join: int) -> list[Range]:
    """Return the ranges in which frames are fetched, by object and offset."""
    found: list[Range] = []
    for frame in sorted(frames, key=lambda frame: (frame.object, frame.offset)):
        last = found[-1] if found else None
        if last and last.object == frame.object and frame.offset - last.offset - last.length <= join:
            found[-1] = last._replace(length=max(last.length, frame.offset + frame.length - last.offset))
        else:
            found.append(Range(frame.object, frame.offset, frame.length))
    return found


def write_plan(plan: Plan, old: Tree) -> bytes:
    """Return a plan as it is sent to who has the old tree."""
    return compress_after(_prefix(old), encode(plan), PLAN_LEVEL)


def read_plan(data: bytes, old: Tree) -> tuple[Plan, Tree]:
    """Read a plan for the old tree and return it with the new tree.

    Raises:
        Malformed: It is no plan for this tree, or a number in it leads nowhere.
        Tampered: A node is not what its id says.
        Unsupported: It is of a later version.
    """
    plan = decode(
        decompress_after(_prefix(old), data, bytes_max=PLAN_BYTES_MAX), Plan, bytes_max=PLAN_BYTES_MAX
    )
    if plan.version != VERSION:
        raise Unsupported(f"version {plan.version} of plans is not known here")
    if plan.old != old.root:
        raise Malformed("the plan is for another tree")
    new = Tree(plan.new, old.nodes | by_id(plan.nodes))
    _check_steps(plan, old, new)
    if any(frame.object >= len(plan.objects) for frame in plan.frames):
        raise Malformed("a frame lies in an object that the plan does not name")
    return plan, new


def kept(old: Tree, new: Tree) -> set[int]:
    """Return the numbers of the new files that lie in the old tree at the same path with the same content."""
    return {
        number
        for number, (path, file) in enumerate(new.files)
        if path in old.numbers and old.files[old.numbers[path]].file.hash == file.hash
    }


def _check_steps(plan: Plan, old: Tree, new: Tree) -> None:
    complete = kept(old, new)
    for step in plan.steps:
        if step.file >= len(new.files) or step.file in complete:
            raise Malformed("a step makes a file that is not to be made")
        olds = (
            step.sources if isinstance(step, Build) else step.olds if isinstance(step, Patch) else (step.old,)
        )
        if any(number >= len(old.files) for number in olds):
            raise Malformed("a step reads an old file that is not there")
        if isinstance(step, Build) and not complete.issuperset(step.built):
            raise Malformed("a step reads a new file that is not complete yet")
        file = new.files[step.file].file
        if isinstance(step, Copy) and old.files[step.old].file.hash != file.hash:
            raise Malformed("a step copies a file with other content")
        if isinstance(step, Patch):
            _check_pieces(step, sum(old.files[number].file.size for number in olds), file.size)
        complete.add(step.file)
    if len(complete) != len(new.files):
        raise Malformed("the plan does not make all files")


def _check_pieces(step: Patch, old_size: int, size: int) -> None:
    if sum(piece.size for piece in step.pieces) != size:
        raise Malformed("the pieces of a file do not add up to it")
    if any(piece.offset + piece.length > old_size for piece in step.pieces):
        raise Malformed("a piece is made from bytes that the old file does not have")


def _prefix(old: Tree) -> bytes:
    return b"".join(old.nodes.values())
