"""Taking a game off a disk: all of it goes, and nothing that is the player's."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from samovar.content.engine.installing import open_folder
from samovar.content.install.errors import Occupied, SourceFailed
from samovar.content.install.state import empty_tree
from tests.content.format.material import KIB, noise
from tests.content.install.shop import APP, Content, Shop, read

EMPTY = empty_tree()
GAME = Content(
    {"bin/game": b"run me", "data/deep/a": noise("a", 90 * KIB), "conf": b"default"},
    links={"game": "bin/game"},
    folders=("mods", "logs/old"),
)


@pytest.fixture(name="shop")
def _shop(tmp_path: Path, threads: ThreadPoolExecutor) -> Shop:
    return Shop(tmp_path / "store", threads)


async def _installed(shop: Shop, game: Path, threads: ThreadPoolExecutor) -> None:
    tree = shop.push(GAME)
    async with open_folder(game, threads) as folder:
        await folder.install(shop.offer(EMPTY, tree), shop)


async def _removed(game: Path, threads: ThreadPoolExecutor) -> bool:
    async with open_folder(game, threads) as folder:
        return await folder.remove(APP)


async def test_nothing_is_left_of_a_game(shop: Shop, tmp_path: Path, threads: ThreadPoolExecutor) -> None:
    game = tmp_path / "game"
    await _installed(shop, game, threads)
    assert await _removed(game, threads)
    assert not game.exists()


async def test_what_is_the_players_stays(shop: Shop, tmp_path: Path, threads: ThreadPoolExecutor) -> None:
    game = tmp_path / "game"
    await _installed(shop, game, threads)
    (game / "conf").write_bytes(b"mine!!!")
    (game / "mods" / "own.lua").write_bytes(b"mine")
    assert not await _removed(game, threads)
    assert read(game) == {"conf": b"mine!!!", "mods": None, "mods/own.lua": b"mine"}
    assert not (game / ".samovar").exists()


async def test_another_game_is_not_touched(shop: Shop, tmp_path: Path, threads: ThreadPoolExecutor) -> None:
    game = tmp_path / "game"
    await _installed(shop, game, threads)
    async with open_folder(game, threads) as folder:
        with pytest.raises(Occupied):
            await folder.remove(bytes(16))
    assert read(game)["conf"] == b"default"


async def test_what_stood_in_the_way_comes_back(
    shop: Shop, tmp_path: Path, threads: ThreadPoolExecutor
) -> None:
    game = tmp_path / "game"
    game.mkdir()
    (game / "conf").write_bytes(b"of another launcher")
    await _installed(shop, game, threads)
    assert not await _removed(game, threads)
    assert set(read(game).values()) == {b"of another launcher"}


async def test_no_link_is_followed(shop: Shop, tmp_path: Path, threads: ThreadPoolExecutor) -> None:
    game, elsewhere = tmp_path / "game", tmp_path / "elsewhere"
    await _installed(shop, game, threads)
    (game / "data").rename(elsewhere)
    (game / "data").symlink_to(elsewhere, target_is_directory=True)
    assert not await _removed(game, threads)
    assert (elsewhere / "deep" / "a").read_bytes() == noise("a", 90 * KIB)


async def test_what_is_in_the_making_goes_as_well(
    shop: Shop, tmp_path: Path, threads: ThreadPoolExecutor
) -> None:
    game = tmp_path / "game"
    await _installed(shop, game, threads)
    newer = Content({"bin/game": b"run me", "data/deep/a": noise("b", 900 * KIB), "data/new": b"new"})
    tree = shop.push(newer)
    offer = shop.offer(GAME.tree(), tree, "2")

    for pack in (tmp_path / "store").iterdir():
        if len(pack.read_bytes()) > 500 * KIB:
            pack.unlink()
    async with open_folder(game, threads) as folder:
        with pytest.raises(SourceFailed):
            await folder.install(offer, shop)
    assert await _removed(game, threads)
    assert not game.exists()
