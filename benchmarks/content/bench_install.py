"""How fast the engine installs over loopback, with verification, decompression and writing, beside the raw limit of this machine.

    python benchmarks/content/bench_install.py

The server is a process of its own. The raw limit does in one thread, without a network, what cannot be left out: copy the bytes that come,
hash them, unpack them, hash each chunk and each file; make each file, write it, bring it to the disk in batches and give it its name. Target:
250 MB of content per second of one core, for large files: of many small ones the raw limit itself may be below that. Nothing holds the loop up
for more than 16 ms; a resume begins within 2 s.
"""

import asyncio
import gc
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

import builds
from aiohttp import web
from blake3 import blake3

from samovar.content.engine.installing import Progress, open_folder
from samovar.content.engine.mirrors import Mirrors, new_session
from samovar.content.engine.pace import Pace, Schedule
from samovar.content.engine.scoring import Scores
from samovar.content.engine.tickets import Ticket, Tickets
from samovar.content.format.canonical import hash_of
from samovar.content.format.chunking import STANDARD
from samovar.content.format.manifest import describe
from samovar.content.format.packs import FRESH_FRAME_BYTES, PackWriter, unpack_frame
from samovar.content.format.plan import Plan, read_plan, write_plan
from samovar.content.format.scan import scan
from samovar.content.format.tree import Tree
from samovar.content.install.building import BATCH_FILES
from samovar.content.install.errors import SourceFailed
from samovar.content.install.state import empty_tree
from samovar.content.install.trust import Offer
from samovar.content.publish.planning import Stored, make_plan

TARGET = 250
STALL_MS = 16
RESUME_S = 2
CHUNK_BYTES = 64 * 1024


class Made(NamedTuple):
    """A build that is in the store."""

    size: int
    tree: Tree
    plan: Plan
    offer: Offer


def serve(folder: str, told: Connection) -> None:
    """Serve a folder on loopback until the process is ended."""

    async def run() -> None:
        app = web.Application()
        app.router.add_static("/packs", folder)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        told.send(runner.addresses[0][1])
        await asyncio.Event().wait()

    asyncio.run(run())


def push(folder: Path, store: Path, size: int) -> Made:
    """Put a build into the store."""
    with ThreadPoolExecutor(2) as threads, PackWriter(store, threads) as writer:
        tree = scan(folder, writer)
    plan = make_plan(empty_tree(), tree, Stored(writer.packs))
    manifest = describe(tree, app=bytes(16), chunking=STANDARD, created=0)
    return Made(size, tree, plan, Offer(bytes(16), "main", "1", write_plan(plan, empty_tree()), manifest))


def raw(made: Made, store: Path, into: Path) -> float:
    """Return the seconds of the processor for what cannot be left out."""
    plan, _ = read_plan(made.offer.plan, empty_tree())
    into.mkdir()
    began = time.process_time()
    hasher = blake3()
    for frame in plan.frames:
        with (store / plan.objects[frame.object].partition("/")[2]).open("rb") as file:
            file.seek(frame.offset)
            packed = bytes(bytearray(file.read(frame.length)))
        data = unpack_frame(packed, frame.size, frame.hash)
        for at in range(0, len(data), CHUNK_BYTES):
            hash_of(memoryview(data)[at : at + CHUNK_BYTES])
        hasher.update(data)
    held: list[tuple[int, Path]] = []
    block = bytes(FRESH_FRAME_BYTES)
    for number, (_, one) in enumerate(made.tree.files):
        path = into / f"{number}.part"
        fd = os.open(path, os.O_WRONLY | os.O_CREAT)
        for at in range(0, one.size, len(block)):
            os.write(fd, block[: one.size - at])
        held.append((fd, path))
        if len(held) == BATCH_FILES or number + 1 == len(made.tree.files):
            settle(held)
            held = []
    spent = time.process_time() - began
    shutil.rmtree(into)
    return spent


def settle(files: list[tuple[int, Path]]) -> None:
    """Bring files to the disk, all begun before the first is waited for, and give them their names."""
    for fd, _ in files:
        os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
    for fd, path in files:
        os.fsync(fd)
        os.close(fd)
        path.rename(path.with_suffix(""))


@asynccontextmanager
async def source(port: int) -> AsyncIterator[Mirrors]:
    """Yield a source at the server."""

    async def renew() -> Ticket:
        raise SourceFailed("there is one ticket")

    pace = Pace(Schedule(), now=datetime.now, monotonic=time.monotonic)
    tickets = Tickets(Ticket((f"http://127.0.0.1:{port}/",), 4e9), renew, time.time)
    async with new_session() as session:
        yield Mirrors(session, tickets, Scores(time.monotonic), pace, monotonic=time.monotonic)


class Stalls:
    """Watches how long the loop is held up, in milliseconds."""

    def __init__(self) -> None:
        self.worst = 0.0
        self.over = 0

    async def watch(self) -> None:
        """Watch until cancelled."""
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.001)
            late = (time.perf_counter() - began - 0.001) * 1000
            self.worst = max(self.worst, late)
            self.over += late > STALL_MS


async def rest() -> Stalls:
    """Watch a loop that does nothing: what other processes of the machine hold up."""
    stalls = Stalls()
    watching = asyncio.create_task(stalls.watch())
    await asyncio.sleep(5)
    watching.cancel()
    return stalls


async def install(made: Made, port: int, game: Path) -> tuple[float, float, Stalls]:
    """Install and return the seconds, those of the processor, and how the loop was held up."""
    stalls = Stalls()
    with ThreadPoolExecutor(4) as threads:
        async with source(port) as mirrors, open_folder(game, threads) as folder:
            # As a client with a window does when it has started: what is loaded is not looked at again by each collection.
            gc.collect()
            gc.freeze()
            watching = asyncio.create_task(stalls.watch())
            began, cpu = time.perf_counter(), time.process_time()
            await folder.install(made.offer, mirrors)
            took = time.perf_counter() - began, time.process_time() - cpu
            watching.cancel()
    return *took, stalls


async def resume(made: Made, port: int, game: Path) -> float:
    """Stop an installation in the middle and return the seconds from opening the folder to the first new byte."""
    halfway = asyncio.Event()

    def note(progress: Progress) -> None:
        if progress.done > progress.total // 2:
            halfway.set()

    with ThreadPoolExecutor(4) as threads:
        async with source(port) as mirrors, open_folder(game, threads) as folder:
            running = asyncio.create_task(folder.install(made.offer, mirrors, tell=note))
            await halfway.wait()
            running.cancel()
            await asyncio.wait({running})
        began = time.perf_counter()
        first: list[float] = []
        start: list[int] = []

        def first_byte(progress: Progress) -> None:
            start.append(progress.done)
            if progress.done > start[0] and not first:
                first.append(time.perf_counter() - began)

        async with source(port) as mirrors, open_folder(game, threads) as folder:
            await folder.resume(mirrors, tell=first_byte)
    return first[0]


def report(what: str, made: Made, store: Path, port: int, work: Path, target: int | None) -> bool:
    """Print the figures of a build and return whether the targets are reached."""
    limit = min(raw(made, store, work / "raw") for _ in range(2))
    took, cpu, stalls = asyncio.run(install(made, port, work / f"game {what}"))
    again = asyncio.run(resume(made, port, work / f"resumed {what}"))
    megabytes = made.size / 1e6
    reached = (target is None or megabytes / cpu >= target) and again <= RESUME_S
    aim = f" (target {target}: {'reached' if megabytes / cpu >= target else 'MISSED'})" if target else ""
    print(
        f"  {what}: {megabytes:.0f} MB, {len(made.tree.files)} files, {made.plan.fetches / 1e6:.0f} MB fetched:"
        f" {megabytes / cpu:.0f} MB per cpu-s{aim}, {megabytes / took:.0f} MB/s; raw limit {megabytes / limit:.0f} MB per cpu-s;"
        f" loop held up {stalls.worst:.1f} ms at worst, {stalls.over} times over {STALL_MS} ms;"
        f" resumed after {again:.2f} s (target {RESUME_S})"
    )
    return reached


def main() -> int:
    """Measure and return 1 if a target is missed."""
    print(
        f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the start, frames of {FRESH_FRAME_BYTES} bytes"
    )
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        builds.room(work, 5_000_000_000)
        store = work / "store"
        store.mkdir()
        large = push(work / "large", store, builds.large(work / "large", files=4, blocks=1600))
        small = push(work / "small", store, builds.small(work / "small", files=20_000, average=20_000))
        ours, theirs = multiprocessing.Pipe()
        server = multiprocessing.get_context("spawn").Process(target=serve, args=(str(store), theirs))
        server.start()
        try:
            port = ours.recv()
            reached = [
                report("large files", large, store, port, work, TARGET),
                report("many small files", small, store, port, work, None),
            ]
        finally:
            server.terminate()
            server.join()
    return 0 if all(reached) else 1


if __name__ == "__main__":
    sys.exit(main())
