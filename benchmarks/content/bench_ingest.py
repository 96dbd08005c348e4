"""How fast builds are taken in at the fast level and compressed again, beside zstd alone and beside the disk, in the same run.

    python benchmarks/content/bench_ingest.py [--pairs A D]

Taking in is what `samovar push` does with a folder of which the platform has nothing: read, cut, hash, compress, hash the frames, write
packs and sync them. The limits do one part of it over the same bytes in one thread: zstd at the same level in frames of the same size, and
the disk, writing and syncing as many bytes as the packs have. Target: 200 MB/s of content per second of one core. Figures are the best of three.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import builds
import pairs

from samovar.content.format.packs import FRESH_FRAME_BYTES, FRESH_LEVEL, Pack, PackWriter, pack_frame
from samovar.content.format.scan import scan
from samovar.content.publish.settling import in_folder, settle

TARGET = 200
MB = 1_000_000
ROUNDS = 3


class Took(NamedTuple):
    """Seconds by the clock and of the processor."""

    wall_s: float
    cpu_s: float


def best(work: Callable[[], object]) -> Took:
    """Do something and return the least of what it took."""
    rounds = []
    for _ in range(ROUNDS):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        rounds.append(Took(time.perf_counter() - wall, time.process_time() - cpu))
    return Took(min(one.wall_s for one in rounds), min(one.cpu_s for one in rounds))


def frames(folder: Path) -> Iterator[bytes]:
    """Yield the bytes of all files in pieces as large as frames."""
    held = bytearray()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            held += path.read_bytes()
            while len(held) >= FRESH_FRAME_BYTES:
                yield bytes(held[:FRESH_FRAME_BYTES])
                del held[:FRESH_FRAME_BYTES]
    if held:
        yield bytes(held)


def only_zstd(folder: Path) -> None:
    """Compress what is in a folder, and nothing else."""
    for frame in frames(folder):
        pack_frame(frame, FRESH_LEVEL)


def only_disk(path: Path, size: int) -> None:
    """Write and sync so many bytes."""
    piece = os.urandom(FRESH_FRAME_BYTES)
    with path.open("wb", buffering=0) as file:
        for _ in range(size // len(piece) + 1):
            file.write(piece)
        os.fsync(file.fileno())
    path.unlink()


class Ingest:
    """Takes a folder in, again and again."""

    def __init__(self, folder: Path, work: Path) -> None:
        self.packs: list[Pack] = []
        self.size = self.files = 0
        self._folder = folder
        self._work = work

    def __call__(self) -> None:
        """Take it in."""
        with ThreadPoolExecutor(os.cpu_count()) as threads, PackWriter(self._work, threads) as writer:
            tree = scan(self._folder, writer)
        self.packs, self.size, self.files = writer.packs, tree.size, len(tree.files)

    def settle(self) -> None:
        """Compress its packs again."""
        into = self._work / "settled"
        into.mkdir(exist_ok=True)
        with ThreadPoolExecutor(1) as threads:
            settle(self.packs, in_folder(self._work), into, threads)


def measure(what: str, folder: Path) -> bool:
    """Print the figures of a folder and return whether the target is reached."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        ingest = Ingest(folder, work)
        took = best(ingest)
        packed = sum(pack.size for pack in ingest.packs)
        zstd, disk = best(lambda: only_zstd(folder)), best(lambda: only_disk(work / "raw", packed))
        again = best(ingest.settle)
        smaller = sum(path.stat().st_size for path in (work / "settled").iterdir())
    content = ingest.size / MB
    reached = content / took.cpu_s >= TARGET
    print(
        f"  {what}: {content:.0f} MB, {ingest.files} files: {content / took.cpu_s:.0f} MB per cpu-s (target {TARGET}:"
        f" {'reached' if reached else 'MISSED'}), {content / took.wall_s:.0f} MB/s; zstd alone {content / zstd.cpu_s:.0f} MB per cpu-s;"
        f" the disk {packed / MB / disk.wall_s:.0f} MB/s of packs; compressed again {content / again.cpu_s:.0f} MB per cpu-s,"
        f" {packed / MB:.1f} -> {smaller / MB:.1f} MB"
    )
    return reached


def main() -> int:
    """Measure and return 1 if a target is missed."""
    parser = argparse.ArgumentParser(description="Speeds of taking builds in.")
    parser.add_argument("--pairs", nargs="*", choices=list(pairs.PAIRS), default=["A", "D"])
    asked = parser.parse_args()
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the start")
    reached = [measure(f"{name}, {pairs.PAIRS[name].what}", pairs.fetch(name)[1]) for name in asked.pairs]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        builds.room(folder, 2_000_000_000)
        builds.large(folder / "large", files=4, blocks=1600)
        reached.append(measure("large files", folder / "large"))
    return 0 if all(reached) else 1


if __name__ == "__main__":
    sys.exit(main())
