"""Compresses packs of a build again, in a process of its own. Heavy on the processor."""

import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from samovar.content.format.canonical import decode, encode
from samovar.content.format.packs import INDEX_BYTES_MAX, Pack, PackIndex
from samovar.content.publish.settling import settle
from samovar.services.download.builds.checking import read_tree
from samovar.services.download.plans.making import KeptPack, KeptTree
from samovar.services.download.store import Store

NICENESS = 10


class Repacked(NamedTuple):
    """A pack that was written.

    Attributes:
        chunk_ids: What it holds.
        instead_of: The packs in which that lay.
    """

    id: bytes
    size: int
    pack_index: bytes
    chunk_ids: list[bytes]
    instead_of: list[bytes]


def repack(place: str, of: KeptTree, packs: Sequence[KeptPack], into: Path) -> list[Repacked]:
    """Write what packs hold into new ones in a folder, in the order in which a first install reads it.

    Args:
        place: Of the store; see `Store`.
        of: The tree of a build that consists of them, among others.
        packs: The packs.
        into: The folder.
    """
    # Whoever waits for a plan or a pack comes first.
    os.nice(NICENESS)
    store = Store(place)
    tree = read_tree(of.nodes, of.root)
    turns: dict[bytes, int] = {}
    for _, file in tree.files:
        for chunk in tree.chunks(file):
            turns.setdefault(chunk.id, len(turns))
    read = [
        Pack(one.id, one.size, decode(one.pack_index, PackIndex, bytes_max=INDEX_BYTES_MAX)) for one in packs
    ]
    read.sort(key=lambda pack: (min(turns.get(one, len(turns)) for one in _chunk_ids(pack)), pack.id))
    with ThreadPoolExecutor(1) as threads:
        written = settle(read, lambda pack, begin, end: store.read_now(pack.key, begin, end), into, threads)
    return _told(read, written)


def _told(read: Iterable[Pack], written: Iterable[Pack]) -> list[Repacked]:
    holders: dict[bytes, list[bytes]] = {}
    for pack in read:
        for chunk_id in _chunk_ids(pack):
            holders.setdefault(chunk_id, []).append(pack.id)
    found = []
    for pack in written:
        chunk_ids = _chunk_ids(pack)
        instead_of = {holder for one in chunk_ids for holder in holders[one]}
        found.append(Repacked(pack.id, pack.size, encode(pack.index), chunk_ids, sorted(instead_of)))
    return found


def _chunk_ids(pack: Pack) -> list[bytes]:
    return [chunk.id for frame in pack.index.frames for chunk in frame.chunks()]
