"""Makes a plan, in a process of its own. Pure, and heavy on the processor."""

from collections.abc import Sequence
from typing import NamedTuple

from samovar.content.format.canonical import decode
from samovar.content.format.packs import INDEX_BYTES_MAX, Pack, PackIndex
from samovar.content.format.plan import Build, Patch, Plan, write_plan
from samovar.content.format.reading import local_parts
from samovar.content.format.tree import Tree, build_tree
from samovar.content.publish.pairing import DeltaSet
from samovar.content.publish.planning import Stored, make_plan
from samovar.services.download.builds.checking import read_tree

LARGEST = 10
SET_BYTES_MAX = 512 * 1024 * 1024


class KeptTree(NamedTuple):
    """A tree as the store keeps it."""

    root: bytes
    nodes: bytes


class KeptPack(NamedTuple):
    """A pack as the table keeps it."""

    id: bytes
    size: int
    pack_index: bytes


class Changed(NamedTuple):
    """A file that an update changes.

    Attributes:
        new_bytes: What has to be fetched for it, unpacked.
    """

    path: str
    size_bytes: int
    new_bytes: int


class Made(NamedTuple):
    """A plan and its figures.

    Attributes:
        largest: The files for which most has to be fetched.
    """

    data: bytes
    fetches: int
    writes: int
    peak: int
    requests: int
    largest: list[Changed]


def make(old: KeptTree | None, new: KeptTree, packs: Sequence[KeptPack], sets: Sequence[bytes]) -> Made:
    """Return the cheapest plan from one tree to another.

    Args:
        old: None for a first install.
        new: What is installed.
        packs: Those that hold the new tree's chunks.
        sets: Deltas from the old build to the new one, encoded.
    """
    before = read_tree(old.nodes, old.root) if old else build_tree([])
    after = read_tree(new.nodes, new.root)
    stored = Stored(
        [
            Pack(one.id, one.size, decode(one.pack_index, PackIndex, bytes_max=INDEX_BYTES_MAX))
            for one in packs
        ],
        [decode(one, DeltaSet, bytes_max=SET_BYTES_MAX) for one in sets],
    )
    plan = make_plan(before, after, stored)
    return Made(
        write_plan(plan, before),
        plan.fetches,
        plan.writes,
        plan.peak,
        plan.requests,
        _largest(plan, before, after),
    )


def _largest(plan: Plan, old: Tree, new: Tree) -> list[Changed]:
    found = []
    for step in plan.steps:
        path, file = new.files[step.file]
        fetched = 0
        if isinstance(step, Patch):
            fetched = sum(piece.delta for piece in step.pieces)
        elif isinstance(step, Build):
            fetched = sum(part.chunk.size for part in local_parts(step, old, new) if part.origin == "stream")
        found.append(Changed(path, file.size, fetched))
    return sorted(found, key=lambda one: -one.new_bytes)[:LARGEST]
