"""Plays one seed: a player's folder, a few builds, faults without end, and a judge after each of them."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import NamedTuple

from samovar.content.engine.bringing import bring
from samovar.content.engine.installing import open_folder
from samovar.content.format.deltas import HDIFFPATCH, ZSTD_PREFIX
from samovar.content.format.errors import ContentError
from samovar.content.format.tree import Tree
from samovar.content.install import building
from samovar.content.install.disk import Disk
from samovar.content.install.operation import standing
from samovar.content.install.state import State, empty_tree
from samovar.content.install.trust import Offer
from tests.content.faults.builds import after, first
from tests.content.faults.disk import FaultyDisk, Killed
from tests.content.faults.source import FaultySource
from tests.content.install.shop import Content, Shop, expected, read

ROUNDS = 5
PLAYERS = {"saves/1.sav": b"the first save", "data/мой мод.pak": b"a mod", "notes.txt": b"mine"}


class Verdict(NamedTuple):
    """What came out of a seed.

    Attributes:
        seed: The seed.
        faults: What is wrong; none is as it should be.
        trace: What happened.
        hit: How many faults were met on the way.
        answers: Faulty answers of the network. Seeds that are odd fetch ahead: what they do is also up to the clock.
    """

    seed: int
    faults: list[str]
    trace: list[str]
    hit: int
    answers: list[str]


class Builds:
    """The platform: what the newest build is, and plans from any other to it."""

    def __init__(self, shop: Shop, contents: list[Content]) -> None:
        self.contents = contents
        self.newest = 0
        self._shop = shop
        self._trees: list[Tree] = [shop.push(content) for content in contents]
        self._base: Tree = empty_tree()

    async def ask(self, base: str | None) -> str:
        self._base = self._trees[int(base)] if base is not None else empty_tree()
        return str(self.newest)

    async def offer(self) -> Offer:
        return self._shop.offer(self._base, self._trees[self.newest], str(self.newest))


class NoSync(Disk):
    """A disk that loses nothing and takes no time for it."""

    def sync(self, fd: int) -> None:
        pass

    def sync_folder(self, path: Path) -> None:
        pass


@contextmanager
def small_batches() -> Iterator[None]:
    """Let files be committed often, so that small builds meet all that large ones do."""
    before = building.BATCH_BYTES, building.SYNC_BYTES
    building.BATCH_BYTES, building.SYNC_BYTES = 200_000, 100_000
    try:
        yield
    finally:
        building.BATCH_BYTES, building.SYNC_BYTES = before


class Game:
    """One seed."""

    def __init__(
        self, seed: int, folder: Path, threads: ThreadPoolExecutor, *, forgets_to_sync: bool = False
    ) -> None:
        self._seed = seed
        self._chance = Random(seed)
        self._game = folder / "game"
        self._stash = folder / "stash"
        self._threads = threads
        self._forgets = forgets_to_sync
        self._shop = Shop(folder / "store", threads)
        self._faults: list[str] = []
        self._trace: list[str] = []
        self._hit = 0
        self._answers: list[str] = []

    async def play(self) -> Verdict:
        """Play it."""
        for folder in (self._game, self._stash):
            folder.mkdir(parents=True)
        with small_batches():
            builds = self._builds()
            for path, data in PLAYERS.items():
                (self._game / path).parent.mkdir(exist_ok=True)
                (self._game / path).write_bytes(data)
            if self._chance.random() < 0.8:
                await self._bring(builds, NoSync(), FaultySource(self._shop, 0, 0))
            builds.newest = 1
            for round_ in range(ROUNDS):
                if round_ and self._chance.random() < 0.1:
                    builds.newest = 2
                await self._round(builds, round_)
            await self._last(builds)
        return Verdict(self._seed, self._faults, self._trace, self._hit, self._answers)

    def _builds(self) -> Builds:
        contents = [first(self._chance)]
        for _ in range(2):
            contents.append(after(contents[-1], self._chance))
        builds = Builds(self._shop, contents)
        if self._chance.random() < 0.6:
            kind = self._chance.choice([HDIFFPATCH, ZSTD_PREFIX])
            self._shop.pair(contents[0], contents[1], kind)
        return builds

    async def _bring(self, builds: Builds, disk: Disk, source: FaultySource) -> None:
        async with open_folder(self._game, self._threads, disk=disk) as folder:
            source.connections = self._seed % 2 * 3
            await bring(folder, builds, source)

    async def _round(self, builds: Builds, round_: int) -> None:
        chance = self._chance
        what = chance.random()
        reach = int(2 ** chance.uniform(0, 8.5))
        disk = FaultyDisk(
            self._stash,
            chance,
            dies_at=reach if what < 0.6 else None,
            power=chance.random() < 0.7,
            full_at=reach if 0.6 <= what < 0.75 else None,
            forgets_to_sync=self._forgets,
        )
        source = FaultySource(
            self._shop,
            chance.randrange(2**32),
            rate=chance.choice([0, 0, 0.1, 0.5, 1]),
            expired=chance.choice([0, 0, 1, 0.5, 0.2]),
        )
        said = "done"
        try:
            await self._bring(builds, disk, source)
        except (ContentError, OSError, Killed) as error:
            said = f"{type(error).__name__}: {error}"
            self._hit += 1
        disk.cut()
        self._trace += [f"-- round {round_}, to build {builds.newest}", *disk.trace, said]
        self._answers += [f"round {round_}: {one}" for one in source.trace]
        if chance.random() < 0.1:
            self._flip()
        self._judge(builds, f"round {round_}")

    def _flip(self) -> None:
        """Flip a bit of what the installer remembers."""
        state = self._game / ".samovar"
        names = [state / name for name in ("journal", "plan", "found", "installed")]
        files = [
            path
            for path in [*names, *sorted((state / "new").glob("*"))]
            if path.is_file() and path.stat().st_size
        ]
        if files:
            path = self._chance.choice(files)
            data = bytearray(path.read_bytes())
            data[self._chance.randrange(len(data))] ^= 1 << self._chance.randint(0, 7)
            path.write_bytes(data)
            self._trace.append(f"a bit of {path.name} flips")

    def _judge(self, builds: Builds, when: str) -> None:
        """See that the folder is what it says it is, and that the player lost nothing."""
        there = {place.read_bytes() for place in self._game.rglob("*") if place.is_file()}
        self._faults += [
            f"{when}: the player lost {path}" for path, data in PLAYERS.items() if data not in there
        ]
        if not all((self._game / ".samovar" / name).is_dir() for name in ("new", "old")):
            return
        now = standing(State(self._game, NoSync()))
        if now.installed is not None and now.certain and now.under_way is None:
            self._compare(builds.contents[int(now.installed.build)], when)

    def _compare(self, content: Content, when: str) -> None:
        got = read(self._game)
        for path, data in expected(content).items():
            if path not in got or got[path] != data:
                self._faults.append(f"{when}: {path!r} is not what the build says, and it is called good")
        runs = {path for path in content.files if os.access(self._game / path, os.X_OK)}
        if runs != content.executable:
            self._faults.append(f"{when}: other files may be run than the build says")

    async def _last(self, builds: Builds) -> None:
        """Let it come to rest without faults: it must be the newest build then, and nothing else but what is the player's."""
        try:
            await self._bring(builds, NoSync(), FaultySource(self._shop, 0, 0))
        except ContentError as error:
            self._faults.append(f"at the end: {type(error).__name__}: {error}")
            return
        self._judge(builds, "at the end")
        now = standing(State(self._game, NoSync()))
        if now.installed is None or now.installed.build != str(builds.newest) or now.under_way is not None:
            self._faults.append("at the end: the newest build is not installed")
        for name in ("new", "old"):
            if any((self._game / ".samovar" / name).iterdir()):
                self._faults.append(f"at the end: something is left in {name}")


async def play(seed: int, folder: Path, *, forgets_to_sync: bool = False) -> Verdict:
    """Play a seed in an empty folder."""
    with ThreadPoolExecutor(1) as threads:
        return await Game(seed, folder, threads, forgets_to_sync=forgets_to_sync).play()
