"""A folder comes from any build to any other, and what is the player's stays."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samovar.content.engine.installing import Progress, Result, open_folder
from samovar.content.format.deltas import HDIFFPATCH, ZSTD_PREFIX
from samovar.content.format.tree import Tree
from samovar.content.install.disk import Disk
from samovar.content.install.errors import Busy, Damaged, Occupied
from samovar.content.install.state import empty_tree
from tests.content.format.material import KIB, MIB, Build, builds, noise
from tests.content.install.shop import Content, Shop, expected, read, write

EMPTY = empty_tree()


async def install(
    shop: Shop, game: Path, old: Tree, new: Tree, threads: ThreadPoolExecutor, build: str = "1"
) -> Result:
    async with open_folder(game, threads) as folder:
        return await folder.install(shop.offer(old, new, build), shop)


@given(first=builds, second=builds, kind=st.sampled_from([None, HDIFFPATCH, ZSTD_PREFIX]))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_build_is_installed_and_brought_to_any_other(
    tmp_path_factory: pytest.TempPathFactory,
    threads: ThreadPoolExecutor,
    first: Build,
    second: Build,
    kind: int | None,
) -> None:
    tmp_path = tmp_path_factory.mktemp("game")
    shop = Shop(tmp_path / "store", threads)
    old, new = Content(first), Content(second)
    trees = shop.push(old), shop.push(new)
    if kind:
        shop.pair(old, new, kind)
    game = tmp_path / "game"
    await install(shop, game, EMPTY, trees[0], threads)
    assert read(game) == expected(old)
    result = await install(shop, game, *trees, threads, "2")
    assert read(game) == expected(new)
    assert (result.installed.build, result.aside) == ("2", [])
    async with open_folder(game, threads) as folder:
        assert folder.base == "2"
        report = await folder.verify()
    assert report.whole
    assert not report.foreign
    left = {path.name for path in (game / ".samovar").iterdir()}
    assert left == {"lock", "installed", "new", "old", "aside"}


async def test_links_modes_and_empty_folders_follow_the_build(
    shop: Shop, tmp_path: Path, threads: ThreadPoolExecutor
) -> None:
    old = Content(
        {"bin/game": b"run me", "lib/a.so": noise("a", 90 * KIB), "tool": b"x"},
        executable=frozenset({"bin/game"}),
        links={"lib/a.so.1": "a.so", "game": "bin/game"},
        folders=("mods", "logs/old"),
    )
    new = Content(
        {"bin/game": b"run me", "lib/a.so": noise("a", 90 * KIB), "tool": b"x", "game": b"now a file"},
        executable=frozenset({"tool"}),
        links={"lib/a.so.1": "a.so", "lib/a.so.2": "a.so.1", "bin/tool": "../tool"},
        folders=("mods",),
    )
    trees = shop.push(old), shop.push(new)
    game = tmp_path / "game"
    for content, plan in ((old, (EMPTY, trees[0])), (new, trees), (old, (trees[1], trees[0]))):
        await install(shop, game, *plan, threads)
        assert read(game) == expected(content)
        modes = {path for path in content.files if os.access(game / path, os.X_OK)}
        assert modes == content.executable


async def test_files_become_folders_and_folders_files_while_they_are_still_read(
    shop: Shop, tmp_path: Path, threads: ThreadPoolExecutor
) -> None:
    data = [noise(f"part {number}", 300 * KIB) for number in range(4)]
    old = Content({"a": data[0] + data[1], "b/c": data[2] + data[3], "b/d": b"d", "z": b"z"})
    new = Content({"a/b": data[3] + data[0], "b": data[1] + data[2], "a/z": b"z", "z": data[0]})
    trees = shop.push(old), shop.push(new)
    game = tmp_path / "game"
    await install(shop, game, EMPTY, trees[0], threads)
    await install(shop, game, *trees, threads)
    assert read(game) == expected(new)
    await install(shop, game, trees[1], trees[0], threads)
    assert read(game) == expected(old)


async def test_what_is_the_players_stays(shop: Shop, tmp_path: Path, threads: ThreadPoolExecutor) -> None:
    old = Content({"data/a": b"a", "data/b": b"b", "gone/c": b"c", "conf": b"default", "way": b"w"})
    new = Content({"data/a": b"a2", "saves": b"s", "way/x": b"x"})
    trees = shop.push(old), shop.push(new)
    game = tmp_path / "game"
    await install(shop, game, EMPTY, trees[0], threads)
    (game / "gone/save.sav").write_bytes(b"mine")
    (game / "conf").write_bytes(b"my own settings")
    (game / "saves").mkdir()
    (game / "saves/1.sav").write_bytes(b"save one")
    (game / "data/мод.pak").write_bytes(b"mod")
    result = await install(shop, game, *trees, threads)
    got = read(game)
    assert got["gone/save.sav"] == b"mine"
    assert got["data/мод.pak"] == b"mod"
    assert got["saves"] == b"s"
    assert result.aside == ["conf", "saves"]
    assert (game / ".samovar/aside/conf").read_bytes() == b"my own settings"
    assert (game / ".samovar/aside/saves/1.sav").read_bytes() == b"save one"
    assert "data/b" not in got


async def test_a_damaged_file_is_found_and_only_its_chunks_are_fetched(
    shop: Shop, tmp_path: Path, threads: ThreadPoolExecutor
) -> None:
    content = Content({"big": noise("big", 5 * MIB), "small": b"small", "gone": noise("gone", 40 * KIB)})
    tree = shop.push(content)
    game = tmp_path / "game"
    await install(shop, game, EMPTY, tree, threads)
    with (game / "big").open("r+b") as file:
        file.seek(3 * MIB)
        file.write(b"\0" * 10)
    (game / "gone").unlink()
    (game / "save").write_bytes(b"mine")
    async with open_folder(game, threads) as folder:
        report = await folder.verify()
        assert (report.damaged, report.missing, report.foreign) == (["big"], ["gone"], ["save"])
        result = await folder.install(shop.offer(EMPTY, tree), shop)
        assert (await folder.verify()).whole
    assert read(game) == {**expected(content), "save": b"mine"}
    assert 0 < result.fetched < 1.5 * MIB


async def test_a_copy_without_state_is_adopted(
    shop: Shop, tmp_path: Path, threads: ThreadPoolExecutor
) -> None:
    content = Content({"big": noise("big", 2 * MIB), "b": noise("b", 30 * KIB)})
    tree = shop.push(content)
    game = tmp_path / "game"
    write(game, content)
    result = await install(shop, game, EMPTY, tree, threads)
    assert (result.fetched, result.aside) == (0, [])
    assert read(game) == expected(content)


async def test_a_changed_old_file_asks_for_a_whole_plan_which_mends_the_folder(
    shop: Shop, tmp_path: Path, threads: ThreadPoolExecutor
) -> None:
    part = noise("part", 600 * KIB)
    old, new = Content({"a": part + b"1", "b": b"b"}), Content({"a": part + b"2", "b": b"b2"})
    trees = shop.push(old), shop.push(new)
    game = tmp_path / "game"
    await install(shop, game, EMPTY, trees[0], threads)
    data = bytearray(part + b"1")
    data[1000] ^= 1
    (game / "a").write_bytes(data)
    async with open_folder(game, threads) as folder:
        with pytest.raises(Damaged):
            await folder.install(shop.offer(*trees, "2"), shop)
        await folder.look()
        assert folder.base is None
        await folder.install(shop.offer(EMPTY, trees[1], "2"), shop)
    assert read(game) == expected(new)


async def test_a_newer_build_takes_over_an_update_that_was_interrupted(
    shop: Shop, tmp_path: Path, threads: ThreadPoolExecutor
) -> None:
    parts = [noise(f"part {number}", 400 * KIB) for number in range(5)]
    old = Content({"a": parts[0], "b": parts[1], "x": b"x"})
    new = Content({"a": parts[2] + parts[0], "b": parts[3], "only-here": b"o"})
    newest = Content({"a": parts[2] + parts[1], "b": parts[0], "c/d": parts[4]})
    trees = [shop.push(content) for content in (old, new, newest)]
    game = tmp_path / "game"
    await install(shop, game, EMPTY, trees[0], threads)

    class Full(Disk):
        def rename(self, path: Path, to: Path) -> None:
            super().rename(path, to)
            if to == game / "a":
                raise OSError(5, "the disk is gone")

    async with open_folder(game, threads, disk=Full()) as folder:
        with pytest.raises(OSError, match="gone"):
            await folder.install(shop.offer(trees[0], trees[1], "2"), shop)
    async with open_folder(game, threads) as folder:
        assert folder.under_way is not None
        assert folder.base is None
        await folder.install(shop.offer(EMPTY, trees[2], "3"), shop)
    assert read(game) == expected(newest)


async def test_progress_ends_with_everything_and_a_second_process_waits_its_turn(
    shop: Shop, tmp_path: Path, threads: ThreadPoolExecutor
) -> None:
    content = Content({f"{number}": noise(f"{number}", 200 * KIB) for number in range(20)})
    tree = shop.push(content)
    told: list[Progress] = []
    async with open_folder(tmp_path / "game", threads) as folder:
        await folder.install(shop.offer(EMPTY, tree), shop, tell=told.append)
        with pytest.raises(Busy):
            async with open_folder(tmp_path / "game", threads):
                pass
    assert told == sorted(told)
    # What comes is told before the first frame is whole.
    assert any(one.done == 0 < one.fetched < 100 * KIB for one in told)
    assert told[-1].done == told[-1].total == tree.size


async def test_a_folder_of_another_app_is_refused(
    shop: Shop, tmp_path: Path, threads: ThreadPoolExecutor
) -> None:
    tree = shop.push(Content({"a": b"a"}))
    offer = shop.offer(EMPTY, tree)
    await install(shop, tmp_path / "game", EMPTY, tree, threads)
    other = offer._replace(app=bytes(16), manifest=offer.manifest)
    async with open_folder(tmp_path / "game", threads) as folder:
        with pytest.raises(Occupied):
            await folder.install(other, shop)
