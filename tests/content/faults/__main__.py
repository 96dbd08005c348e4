"""Random faults of disks, networks and processes against the installer, by command.

    python -m tests.content.faults --seeds 1000
    python -m tests.content.faults --seed 4711

A seed is a game's folder with a player's saves, three builds, and five rounds in which the process dies at any operation (with or
without the power), the disk fills up, answers are short, wrong, flipped or missing, tickets expire, and bits of the installer's memory flip.
After each round the folder must be the old build, the new one or resumable; at the end, without faults, it must be the new one.
"""

# ruff: noqa: T201  a command prints
import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from tests.content.faults.playing import Verdict, play

TOLD_EVERY = 100


async def run(first: int, count: int, *, forgets_to_sync: bool) -> list[Verdict]:
    """Play seeds; returns those that failed."""
    failed: list[Verdict] = []
    started, hit = time.monotonic(), 0
    for done, seed in enumerate(range(first, first + count), 1):
        with tempfile.TemporaryDirectory(prefix="samovar-faults-") as folder:
            verdict = await play(seed, Path(folder), forgets_to_sync=forgets_to_sync)
        hit += verdict.hit
        if count == 1:
            print("\n".join([*verdict.answers, *verdict.trace]))
        if verdict.faults:
            failed.append(verdict)
            print(f"seed {seed}:", *verdict.faults, sep="\n  ", flush=True)
        if done % TOLD_EVERY == 0:
            print(
                f"{done} seeds, {hit} faults met, {len(failed)} failed, {time.monotonic() - started:.0f} s",
                flush=True,
            )
    return failed


def main() -> int:
    """Run, and return 0 when no seed failed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=1_000, help="how many")
    parser.add_argument("--first", type=int, default=1, help="the first of them")
    parser.add_argument("--seed", type=int, help="this one alone, with all that happens in it")
    parser.add_argument(
        "--forget-to-sync", action="store_true", help="plant a fault, to see that the judge is awake"
    )
    asked = parser.parse_args()
    first, count = (asked.seed, 1) if asked.seed is not None else (asked.first, asked.seeds)
    failed = asyncio.run(run(first, count, forgets_to_sync=asked.forget_to_sync))
    seeds = ", ".join(str(verdict.seed) for verdict in failed)
    print(f"failed: {seeds}" if failed else f"{count} seeds, nothing is wrong")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
