"""How fast an installed build is verified, beside the raw limit of this machine.

    python benchmarks/content/bench_verify.py

Many small files and a few large ones, from the page cache; the raw limit reads the same files in one thread and hashes them, without
comparing or reporting anything. Targets: 800 MB/s on many small files, 2 GB/s on large ones.
"""

import os
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import builds
from blake3 import blake3

from samovar.content.format.scan import scan
from samovar.content.install.looking import verify

TARGETS = {"many small files": 800, "large files": 2000}
THREADS = 4


def raw(folder: Path) -> float:
    """Return the seconds in which the files are read and hashed."""
    paths = [place for place in folder.rglob("*") if place.is_file()]
    began = time.perf_counter()
    for path in paths:
        fd = os.open(path, os.O_RDONLY)
        while data := os.read(fd, 1 << 20):
            blake3(data).digest()
        os.close(fd)
    return time.perf_counter() - began


def measure(what: str, folder: Path, size: int) -> bool:
    """Print the best of three and return whether the target is reached."""
    tree = scan(folder)
    limit = min(raw(folder) for _ in range(3))
    best, cpu = 1e9, 1e9
    with ThreadPoolExecutor(THREADS) as threads:
        for _ in range(3):
            began, cpu_began = time.perf_counter(), time.process_time()
            report = verify(folder, tree, threads)
            took, spent = time.perf_counter() - began, time.process_time() - cpu_began
            if not report.whole:
                sys.exit(f"{what}: verify says that something is wrong")
            best, cpu = min(best, took), min(cpu, spent)
    reached = size / 1e6 / best >= TARGETS[what]
    print(
        f"  {what}: {size / 1e6:.0f} MB, {len(tree.files)} files: {size / 1e6 / best:.0f} MB/s (target {TARGETS[what]}:"
        f" {'reached' if reached else 'MISSED'}), {size / 1e6 / cpu:.0f} MB per cpu-s; raw limit of a thread {size / 1e6 / limit:.0f} MB/s"
    )
    return reached


def main() -> int:
    """Measure both and return 1 if a target is missed."""
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the start")
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        builds.room(folder, 2_000_000_000)
        small = builds.small(folder / "small", files=20_000, average=22_000)
        large = builds.large(folder / "large", files=4, blocks=2000)
        reached = [
            measure("many small files", folder / "small", small),
            measure("large files", folder / "large", large),
        ]
    return 0 if all(reached) else 1


if __name__ == "__main__":
    sys.exit(main())
