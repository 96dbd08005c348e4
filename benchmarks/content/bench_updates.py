"""How many bytes an update of a real game costs, beside other tools, and how fast builds are taken in and deltas are made.

    python benchmarks/content/bench_updates.py [--pairs A B C D] [--no-peers]

Fetches pairs of real builds once (`benchmarks/content/pairs.py`), pushes both, makes the deltas, plans, and takes the plan's steps from
nothing but the old files and what the plan fetches: every file that comes out is compared by its hash. Bytes are exact and hold
the plan and both signed envelopes; speeds are per second of one core (cpu-s) and depend on the machine and on what else runs.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pairs
import peers
from blake3 import blake3
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from samovar.content.format.canonical import encode, hash_of
from samovar.content.format.chunking import STANDARD
from samovar.content.format.deltas import apply
from samovar.content.format.manifest import Release, describe, sign
from samovar.content.format.packs import Pack, PackWriter
from samovar.content.format.plan import Copy, Patch, Plan, read_plan, write_plan
from samovar.content.format.reading import Part, Stream, Work, works
from samovar.content.format.scan import scan
from samovar.content.format.tree import Tree, build_tree
from samovar.content.publish.pairing import Side, make_deltas, read_joined, reader
from samovar.content.publish.planning import Stored, make_plan
from samovar.content.publish.settling import in_folder, settle

MB = 1_000_000
FIRST_INSTALL_MOST = {"B": 1.09}
KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))


class Spent:
    """Seconds of the processor that something took."""

    cpu_s = 0.0


@contextmanager
def spent() -> Iterator[Spent]:
    """Measure what is done inside."""
    measured, before = Spent(), time.process_time()
    yield measured
    measured.cpu_s = time.process_time() - before


class Bench:
    """One pair: pushed, paired, planned, taken."""

    def __init__(self, name: str, work: Path, threads: ThreadPoolExecutor) -> None:
        self.name = name
        self.pair = pairs.PAIRS[name]
        self.old_folder, self.new_folder = pairs.fetch(name)
        self._work = work
        self._threads = threads
        self._missed = 0

    def run(self, *, with_peers: bool) -> int:
        """Print all figures and return how many targets are missed."""
        print(f"\n{self.name}: {self.pair.what}")
        known: set[bytes] = set()
        old, old_packs = self._push(self.old_folder, known)
        new, new_packs = self._push(self.new_folder, known)
        settled = settle(old_packs, in_folder(self._work), self._work, self._threads)
        settled_new = settle(new_packs, in_folder(self._work), self._work, self._threads)
        packs = [*settled, *settled_new]
        self._update("chunks, just pushed", old, new, Stored([*old_packs, *new_packs]), None)
        self._update("chunks, settled", old, new, Stored(packs), self.pair.chunks)
        with spent() as making:
            sides = Side(old, reader(self.old_folder, old)), Side(new, reader(self.new_folder, new))
            deltas = make_deltas(*sides, self._work, self._threads)
        changed = sum(file.size for number, (_, file) in enumerate(new.files) if number in _changed(old, new))
        self._update("best", old, new, Stored(packs, [deltas]), self.pair.best)
        print(f"  deltas made at {changed / MB / making.cpu_s:.1f} MB per cpu-s (target 4)")
        self._first_install()
        for tool, size in peers.updates(self.old_folder, self.new_folder, self._work) if with_peers else ():
            print(f"  {size / MB:10.3f} MB  {tool}")
        return self._missed

    def _push(self, folder: Path, known: set[bytes]) -> tuple[Tree, list[Pack]]:
        with spent() as pushing, PackWriter(self._work, self._threads) as writer:
            tree = scan(folder, writer, known=known)
        known |= {
            chunk.id for pack in writer.packs for frame in pack.index.frames for chunk in frame.chunks()
        }
        print(
            f"  taken in: {tree.size / MB:.1f} MB, {len(tree.files)} files,"
            f" {tree.size / MB / pushing.cpu_s:.0f} MB per cpu-s (target 200)"
        )
        return tree, writer.packs

    def _first_install(self) -> None:
        tree, packs = self._push(self.new_folder, set())
        packs = settle(packs, in_folder(self._work), self._work, self._threads)
        reference = peers.full(self.new_folder, self._work)
        most = FIRST_INSTALL_MOST.get(self.name, 1.05)
        if reference:
            print(f"  {reference / MB:10.3f} MB  tar + zstd -9 --long=27")
        target = int(reference * most) if reference else None
        self._update("first install, settled", build_tree([]), tree, Stored(packs), target)

    def _update(self, what: str, old: Tree, new: Tree, stored: Stored, target: int | None) -> None:
        with spent() as planning:
            plan = make_plan(old, new, stored)
            sent = write_plan(plan, old)
        envelopes = len(_envelopes(new)) + len(sign("plan", sent, KEY)) - len(sent)
        total = plan.fetches + len(sent) + envelopes
        self._take(sent, old)
        requests = plan.fetches // 2**22 + 16
        fits = target is None or total <= target
        self._missed += (not fits) + (plan.requests > requests)
        aim = "" if target is None else f" (target {target / MB:.3f}: {'reached' if fits else 'MISSED'})"
        print(
            f"  {total / MB:10.3f} MB  {what}{aim}; plan {len(sent) / 1000:.1f} kB in {planning.cpu_s:.1f} cpu-s,"
            f" {plan.requests} requests of {requests}, writes {plan.writes / MB:.1f} MB, peak {plan.peak / MB:.1f} MB"
        )

    def _take(self, sent: bytes, old: Tree) -> None:
        """Take the plan's steps and compare every file that comes out."""
        plan, new = read_plan(sent, old)
        taker = _Taker(plan, old, new, self)
        for work in works(plan, old, new):
            taker.check(work)

    def read(self, key: str, offset: int, length: int) -> bytes:
        """Return bytes of an object of the store, which is a folder."""
        with (self._work / key.partition("/")[2]).open("rb") as file:
            file.seek(offset)
            return file.read(length)


class _Taker:
    def __init__(self, plan: Plan, old: Tree, new: Tree, bench: Bench) -> None:
        self._stream = Stream(plan, bench.read)
        self._old = Side(old, reader(bench.old_folder, old))
        # A new file that is complete already has been compared with the one on disk.
        self._new = Side(new, reader(bench.new_folder, new))

    def check(self, work: Work) -> None:
        file = self._new.tree.files[work.step.file].file
        hasher = blake3()
        for data in self._made(work):
            hasher.update(data)
        if hasher.digest() != file.hash:
            sys.exit(f"{self._new.tree.files[work.step.file].path} came out wrong")

    def _made(self, work: Work) -> Iterator[bytes]:
        if isinstance(work.step, Copy):
            yield self._old.read(work.step.old, 0, self._old.tree.files[work.step.old].file.size)
        elif isinstance(work.step, Patch):
            for piece, at in work.pieces:
                old = read_joined(self._old, work.step.olds, piece.offset, piece.length)
                yield apply(piece.kind, old, self._stream.read(at, piece.delta), piece.size)
        else:
            yield from map(self._part, work.parts)

    def _part(self, part: Part) -> bytes:
        if part.origin == "stream":
            return self._stream.chunk(part)
        side = self._old if part.origin == "old" else self._new
        return side.read(part.number, part.offset, part.chunk.size)


def _changed(old: Tree, new: Tree) -> set[int]:
    contents = {file.hash for _, file in old.files}
    return {number for number, (_, file) in enumerate(new.files) if file.hash not in contents}


def _envelopes(tree: Tree) -> bytes:
    manifest = sign("manifest", encode(describe(tree, app=bytes(16), chunking=STANDARD, created=2**31)), KEY)
    release = Release(1, bytes(16), "public", hash_of(manifest), 2**20, 2**31, 2**31 + 1)
    return manifest + sign("release", encode(release), KEY)


def main() -> int:
    """Measure the pairs and return 1 if a target in bytes or requests is missed."""
    parser = argparse.ArgumentParser(description="Bytes and speeds of updates.")
    parser.add_argument("--pairs", nargs="+", choices=list(pairs.PAIRS), default=["A", "B"])
    parser.add_argument("--no-peers", action="store_true", help="do not run other tools")
    asked = parser.parse_args()
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the start")
    missed = 0
    for name in asked.pairs:
        with tempfile.TemporaryDirectory() as work, ThreadPoolExecutor(2) as threads:
            missed += Bench(name, Path(work), threads).run(with_peers=not asked.no_peers)
    print(f"\n{missed} targets in bytes and requests missed")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
