"""Makes the deltas between two builds out of their packs, in a process of its own. Heavy on the processor."""

import os
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

from samovar.content.format.canonical import decode, encode
from samovar.content.format.packs import INDEX_BYTES_MAX, PackFrame, PackIndex, split_frame
from samovar.content.format.tree import Tree
from samovar.content.publish.pairing import DeltaSet, Side, make_deltas
from samovar.services.download.builds.checking import read_tree
from samovar.services.download.plans.making import KeptPack, KeptTree
from samovar.services.download.store import Store, key_of

KEPT_BYTES = 64 * 1024 * 1024
FILES_KEPT = 16
NICENESS = 10
_Frame = tuple[str, int, PackFrame]


def differ(
    place: str, old: KeptTree, new: KeptTree, packs: Sequence[KeptPack], into: Path, level: int
) -> DeltaSet:
    """Return the deltas between two builds; their packs are written into a folder.

    Args:
        place: Of the store; see `Store`.
        old: The tree of the build that players have.
        new: That of the build that they get.
        packs: Where the chunks of both lie.
        into: The folder.
        level: Of zstd.
    """
    # Whoever waits for a plan or a pack comes first.
    os.nice(NICENESS)
    contents = _Contents(Store(place), packs)
    sides = [contents.side(read_tree(kept.nodes, kept.root)) for kept in (old, new)]
    with ThreadPoolExecutor(1) as threads:
        return make_deltas(sides[0], sides[1], into, threads, level=level)


def write_set(deltas: DeltaSet) -> bytes:
    """Return a set as it is kept."""
    return encode(deltas)


class _Contents:
    """Reads files out of packs; a few unpacked frames are in memory."""

    def __init__(self, store: Store, packs: Sequence[KeptPack]) -> None:
        self._store = store
        self._places: dict[bytes, _Frame] = {}
        self._unpacked: OrderedDict[tuple[str, int], dict[bytes, bytes]] = OrderedDict()
        self._held = 0
        for pack in packs:
            key, offset = key_of("packs", pack.id), 0
            for frame in decode(pack.pack_index, PackIndex, bytes_max=INDEX_BYTES_MAX).frames:
                for chunk in frame.chunks():
                    self._places.setdefault(chunk.id, (key, offset, frame))
                offset += frame.length

    def side(self, tree: Tree) -> Side:
        """Return a build that is read from here."""

        @lru_cache(maxsize=FILES_KEPT)
        def layout(number: int) -> tuple[list[int], list[bytes]]:
            begins, ids, at = [], [], 0
            for chunk in tree.chunks(tree.files[number].file):
                begins.append(at)
                ids.append(chunk.id)
                at += chunk.size
            return begins, ids

        def read(number: int, offset: int, length: int) -> bytes:
            begins, ids = layout(number)
            if not ids or length <= 0:
                return b""
            first, end = bisect_right(begins, offset) - 1, offset + length
            pieces = []
            for at in range(first, len(ids)):
                if begins[at] >= end:
                    break
                pieces.append(self._chunk(ids[at]))
            start = offset - begins[first]
            return b"".join(pieces)[start : start + length]

        return Side(tree, read)

    def _chunk(self, chunk_id: bytes) -> bytes:
        key, offset, frame = self._places[chunk_id]
        found = self._unpacked.get((key, offset))
        if found is None:
            packed = self._store.read_now(key, offset, offset + frame.length)
            found = {chunk.id: piece for chunk, piece in split_frame(frame, packed)}
            self._unpacked[key, offset] = found
            self._held += frame.size
            while self._held > KEPT_BYTES and len(self._unpacked) > 1:
                _, oldest = self._unpacked.popitem(last=False)
                self._held -= sum(map(len, oldest.values()))
        else:
            self._unpacked.move_to_end((key, offset))
        return found[chunk_id]
