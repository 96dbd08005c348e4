"""The whole house standing: how long a warm `make up` takes, and what all processes take while idle.

Targets: ready within 15 s on 2 cores; 1.5 GB of memory in sum (PSS), one service within 85 MB. The first start makes the
databases and is not counted; the second is. Beside them: starting one bare Python process for each service, twelve imports of the
web framework alone, which nothing that runs services as processes can go below.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from samovar.testing.platform import Platform, platform_up

READY_TARGET_S = 15.0
ONE_TARGET_MB = 85
ALL_TARGET_MB = 1_500
SETTLE_S = 5.0
_SERVERS = ("postgresql", "redis", "nats", "envoy")


def pss_mb(pid: int) -> float:
    """Return the proportional set size of a process and all its descendants, megabytes."""
    total = sum(_pss_kb(one) for one in (pid, *_descendants(pid)))
    return total / 1024


def _pss_kb(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")), 0)


def _descendants(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += [int(child), *_descendants(int(child))]
    return found


def bare_imports_s(count: int) -> float:
    """Return how long `count` processes take that only import the web framework, two at a time."""
    command = [sys.executable, "-c", "import litestar"]
    started = time.monotonic()
    waiting = [subprocess.Popen(command) for _ in range(os.cpu_count() or 1)]  # noqa: S603  our own interpreter
    for _ in range(count - len(waiting)):
        waiting.pop(0).wait()
        waiting.append(subprocess.Popen(command))  # noqa: S603  our own interpreter
    for process in waiting:
        process.wait()
    return time.monotonic() - started


def report(platform: Platform) -> None:
    """Print what each process takes, and the sum."""
    processes = platform.record["processes"]
    sizes = {name: pss_mb(process["pid"]) for name, process in processes.items()}
    services = {name: size for name, size in sizes.items() if name not in _SERVERS}
    total = sum(sizes.values()) + _pss_kb(platform.record["pid"]) / 1024
    for name, size in sorted(sizes.items(), key=lambda item: -item[1]):
        print(f"  {name:<14} {size:7.1f} MB")
    largest = max(services, key=lambda name: services[name])
    print(f"largest service: {largest}, {services[largest]:.1f} MB (target ≤ {ONE_TARGET_MB})")
    print(f"all processes, the supervisor included: {total:,.0f} MB (target ≤ {ALL_TARGET_MB:,})")


async def measure() -> None:
    """Start twice, measure the second."""
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder) / "state"
        for warm in (False, True):
            started = time.monotonic()
            async with platform_up(state) as platform:
                ready_s = time.monotonic() - started
                services = [name for name in platform.record["processes"] if name not in _SERVERS]
                phases = ", ".join(f"{name} {s:.1f} s" for name, s in platform.record["timings_s"].items())
                print(f"{'warm' if warm else 'cold'} start to ready: {ready_s:.1f} s ({phases})")
                if warm:
                    await asyncio.sleep(SETTLE_S)
                    report(platform)
    print(f"target for the warm start: ≤ {READY_TARGET_S:.0f} s")
    floor_s = bare_imports_s(len(services))
    print(f"reference: {len(services)} processes that only import the web framework: {floor_s:.1f} s")


if __name__ == "__main__":
    asyncio.run(measure())
