"""Builds that are made up for benchmarks: a third of each file can be compressed, as in real ones."""

import shutil
from pathlib import Path

from blake3 import blake3

BLOCK_BYTES = 64 * 1024
NOISE_BYTES = 40 * 1024
PATTERN = b"".join(b"vertex %d %d\n" % (number, number * 7) for number in range(4000))
MB = 1_000_000


def block(seed: str) -> bytes:
    """Return 64 KiB, the same for the same seed."""
    return blake3(seed.encode()).digest(length=NOISE_BYTES) + PATTERN[: BLOCK_BYTES - NOISE_BYTES]


def large(folder: Path, *, files: int, blocks: int) -> int:
    """Write a few large files and return how many bytes they have."""
    folder.mkdir(parents=True)
    for number in range(files):
        with (folder / f"{number}.pak").open("wb") as file:
            for at in range(blocks):
                file.write(block(f"{number} {at}"))
    return files * blocks * BLOCK_BYTES


def small(folder: Path, *, files: int, average: int) -> int:
    """Write many small files, most of them much smaller than the average, and return how many bytes they have."""
    total = 0
    for number in range(files):
        place = folder / f"{number % 200}"
        if number < 200:
            place.mkdir(parents=True)
        size = average // 4 if number % 10 else average * 31 // 4
        seed = block(f"{number}")
        data = (seed * (size // len(seed) + 1))[:size]
        (place / f"{number}.dat").write_bytes(data)
        total += len(data)
    return total


def room(folder: Path, needed: int) -> None:
    """Stop when there is no room.

    Raises:
        SystemExit: The disk has less free than `needed`.
    """
    if shutil.disk_usage(folder).free < needed:
        raise SystemExit(f"{needed / MB:.0f} MB of disk are needed in {folder}")
