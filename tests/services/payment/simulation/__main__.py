"""The deterministic simulation of money, by command.

    python -m tests.services.payment.simulation --seeds 10000
    python -m tests.services.payment.simulation --seed 4711

Each seed is a few minutes of a shop: players buy, pay, cancel, give back, while processes die at every step, events come late, twice
and in another order, providers lose answers and lie. At its end everything is let run to rest, and the books must be right. A seed
that fails is printed, and fails again by `--seed`, which prints what happened step by step.
"""

# ruff: noqa: T201  a command prints
import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from samovar.embedded.postgres import PostgresServer
from samovar.kit import logs
from tests.services.payment.simulation.running import LANES, Verdict, run_many

TOLD_EVERY = 100


async def simulate(first: int, count: int, lanes: int) -> list[Verdict]:
    """Run seeds on a PostgreSQL of their own; returns those that failed."""
    failed: list[Verdict] = []
    started, done = time.monotonic(), 0
    with tempfile.TemporaryDirectory(prefix="samovar-simulation-") as folder:
        async with PostgresServer(Path(folder) / "postgres") as postgres:
            async for verdict in run_many(postgres, range(first, first + count), lanes=lanes):
                done += 1
                if verdict.faults:
                    failed.append(verdict)
                    show(verdict, whole=count == 1)
                elif count == 1:
                    print("\n".join(verdict.trace))
                if done % TOLD_EVERY == 0:
                    print(
                        f"{done} seeds, {len(failed)} failed, {time.monotonic() - started:.0f} s", flush=True
                    )
    return failed


def show(verdict: Verdict, *, whole: bool) -> None:
    """Print what is wrong with a seed."""
    if whole:
        print("\n".join(verdict.trace))
    print(f"seed {verdict.seed}:")
    for fault in verdict.faults:
        print(f"  {fault}")
    print(f"  again: python -m tests.services.payment.simulation --seed {verdict.seed}", flush=True)


def main() -> int:
    """Run, and return 0 when no seed failed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=1_000, help="how many")
    parser.add_argument("--first", type=int, default=1, help="the first of them")
    parser.add_argument("--seed", type=int, help="this one alone, with all that happens in it")
    parser.add_argument("--lanes", type=int, default=LANES, help="how many side by side")
    arguments = parser.parse_args()
    logs.configure(service="simulation", log_format="console", level="critical")
    first, count = (arguments.seed, 1) if arguments.seed is not None else (arguments.first, arguments.seeds)
    failed = asyncio.run(simulate(first, count, 1 if count == 1 else arguments.lanes))
    seeds = ", ".join(str(verdict.seed) for verdict in failed)
    print(f"failed: {seeds}" if failed else f"{count} seeds, nothing is wrong")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
