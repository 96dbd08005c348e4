"""An operation that stops goes on where it was: what is on the disk is neither fetched nor read again."""

import asyncio
import shutil
from collections import Counter
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ClassVar

import pytest
from blake3 import blake3

from samovar.content.engine.installing import open_folder
from samovar.content.format.canonical import hash_of
from samovar.content.format.chunking import Chunk
from samovar.content.format.errors import Malformed, Tampered
from samovar.content.format.packs import PackWriter
from samovar.content.format.tree import FoundFile, build_tree
from samovar.content.install import building
from samovar.content.install.disk import Disk
from samovar.content.install.errors import NoSpace, SourceFailed
from samovar.content.install.state import empty_tree
from tests.content.format.material import KIB, MIB, noise
from tests.content.install.shop import Content, Shop, expected, read

EMPTY = empty_tree()


class Ending:
    """A source that ends after so many bytes.

    Args:
        shop: Where the bytes are.
        left: How many it gives.
    """

    def __init__(self, shop: Shop, left: int) -> None:
        self._shop = shop
        self._left = left

    async def read(self, key: str, offset: int, length: int) -> AsyncIterator[bytes]:
        async for data in self._shop.read(key, offset, length):
            self._left -= len(data)
            if self._left < 0:
                raise SourceFailed("the line is dead")
            yield data

    def at_once(self) -> int:
        return self._shop.at_once()

    def blame(self, key: str) -> None:
        self._shop.blame(key)


async def test_a_large_file_goes_on_where_it_was(
    shop: Shop, tmp_path: Path, threads: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("samovar.content.install.building.SYNC_BYTES", 512 * KIB)
    content = Content({"large": noise("large", 12 * MIB), "small": b"s"})
    tree = shop.push(content)
    offer = shop.offer(EMPTY, tree)
    game = tmp_path / "game"
    async with open_folder(game, threads) as folder:
        with pytest.raises(SourceFailed):
            await folder.install(offer, Ending(shop, 9 * MIB))
    async with open_folder(game, threads) as folder:
        assert folder.under_way is not None
        result = await folder.resume(shop)
    assert read(game) == expected(content)
    assert result.fetched < 5 * MIB


async def test_who_is_cancelled_leaves_a_folder_that_goes_on(
    shop: Shop, tmp_path: Path, threads: ThreadPoolExecutor
) -> None:
    content = Content({f"{number}": noise(f"{number}", 400 * KIB) for number in range(30)})
    offer = shop.offer(EMPTY, shop.push(content))
    game = tmp_path / "game"
    halfway = asyncio.Event()

    async def pull() -> None:
        async with open_folder(game, threads) as folder:
            await folder.install(
                offer, shop, tell=lambda progress: halfway.set() if progress.done > 4 * MIB else None
            )

    task = asyncio.create_task(pull())
    await halfway.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with open_folder(game, threads) as folder:
        if folder.under_way is not None:
            result = await folder.resume(shop)
            assert result.fetched < 9 * MIB
    assert read(game) == expected(content)


async def test_a_full_disk_is_said_and_the_folder_goes_on(
    shop: Shop, tmp_path: Path, threads: ThreadPoolExecutor
) -> None:
    content = Content({f"{number}": noise(f"{number}", 400 * KIB) for number in range(8)})
    offer = shop.offer(EMPTY, shop.push(content))

    class Full(Disk):
        writes = 0

        def write(self, fd: int, data: bytes | memoryview, offset: int) -> None:
            self.writes += 1
            if self.writes > 20:
                raise OSError(28, "No space left on device")
            super().write(fd, data, offset)

    async with open_folder(tmp_path / "game", threads, disk=Full()) as folder:
        with pytest.raises(NoSpace):
            await folder.install(offer, shop)
    async with open_folder(tmp_path / "game", threads) as folder:
        await folder.resume(shop)
    assert read(tmp_path / "game") == expected(content)


async def test_a_disk_that_is_too_small_is_said_before_anything_is_fetched(
    shop: Shop, tmp_path: Path, threads: ThreadPoolExecutor
) -> None:
    offer = shop.offer(EMPTY, shop.push(Content({"a": b"a"})))
    huge = Chunk(hash_of(b"huge"), MIB)
    tree = build_tree(
        [FoundFile("huge", False, hash_of(b"?"), [huge] * (shutil.disk_usage(tmp_path).free // MIB + 100))]
    )
    with PackWriter(shop.folder, threads) as writer:
        writer.add(huge, b"not hashed here")
    shop._packs += writer.packs
    async with open_folder(tmp_path / "game", threads) as folder:
        with pytest.raises(NoSpace) as refused:
            await folder.install(shop.offer(EMPTY, tree), shop)
        assert refused.value.needed > 0
        assert (folder.base, shop.reads) == (None, [])
        await folder.install(offer, shop)
        assert folder.base == "1"


async def test_a_wrong_answer_is_asked_for_again_and_blamed(
    shop: Shop, tmp_path: Path, threads: ThreadPoolExecutor
) -> None:
    content = Content({"a": noise("a", 3 * MIB)})
    offer = shop.offer(EMPTY, shop.push(content))

    class Flaky(Ending):
        """Of each object the first answer is wrong, the second too short."""

        asked: ClassVar[Counter[str]] = Counter()

        async def read(self, key: str, offset: int, length: int) -> AsyncIterator[bytes]:
            self.asked[key] += 1
            turn = self.asked[key] % 3
            async for data in self._shop.read(key, offset, length // 2 if turn == 2 else length):
                yield bytes(len(data)) if turn == 1 else data

    async with open_folder(tmp_path / "game", threads) as folder:
        await folder.install(offer, Flaky(shop, 0))
    assert read(tmp_path / "game") == expected(content)
    assert shop.blamed


async def test_a_source_that_only_lies_is_refused(
    shop: Shop, tmp_path: Path, threads: ThreadPoolExecutor
) -> None:
    offer = shop.offer(EMPTY, shop.push(Content({"a": noise("a", 300 * KIB)})))

    class Lying(Ending):
        async def read(self, key: str, offset: int, length: int) -> AsyncIterator[bytes]:
            async for data in self._shop.read(key, offset, length):
                yield bytes(len(data))

    async with open_folder(tmp_path / "game", threads) as folder:
        with pytest.raises(Tampered):
            await folder.install(offer, Lying(shop, 0))
        await folder.look()
        assert folder.under_way is not None
    assert read(tmp_path / "game") == {}


async def test_a_plan_that_is_none_is_refused(
    shop: Shop, tmp_path: Path, threads: ThreadPoolExecutor
) -> None:
    offer = shop.offer(EMPTY, shop.push(Content({"a": b"a"})))
    async with open_folder(tmp_path / "game", threads) as folder:
        with pytest.raises(Malformed):
            await folder.install(offer._replace(plan=b"nonsense"), shop)


async def test_a_file_of_more_than_4_gib_with_holes_takes_little_disk(
    shop: Shop, tmp_path: Path, threads: ThreadPoolExecutor
) -> None:
    zeros, end = bytes(256 * KIB), noise("end", 20 * KIB)
    count = 2**14 + 8
    hasher = blake3()
    for _ in range(count):
        hasher.update(zeros)
    hasher.update(end)
    chunks = [Chunk(building.ZEROS_ID, len(zeros))] * count + [Chunk(hash_of(end), len(end))]
    tree = build_tree([FoundFile("big.pak", False, hasher.digest(), chunks)])
    with PackWriter(shop.folder, threads) as writer:
        writer.add(chunks[0], zeros)
        writer.add(chunks[-1], end)
    shop._packs += writer.packs
    async with open_folder(tmp_path / "game", threads) as folder:
        await folder.install(shop.offer(EMPTY, tree), shop)
    found = (tmp_path / "game/big.pak").stat()
    assert found.st_size == tree.size > 2**32
    assert found.st_blocks * 512 < 8 * MIB
