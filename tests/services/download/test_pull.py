"""The command of players against the service itself: a game goes from a developer's folder to a player's, and is updated and mended there."""

import asyncio
import random
from pathlib import Path

import pytest

from samovar.cli.main import main
from tests.services.download.depot import Depot, Files, Player

MIB = 1024 * 1024
ONE = {"game/data.bin": random.Random(1).randbytes(3 * MIB), "game/readme.txt": b"one", "пусто.txt": b""}
TWO = {**ONE, "game/data.bin": ONE["game/data.bin"][:MIB] + b"new" + ONE["game/data.bin"][MIB:], "b": b"b"}


def on_disk(folder: Path) -> Files:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".samovar" not in path.parts
    }


@pytest.fixture(name="sign_in")
def _sign_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, depot: Depot) -> "SignIn":
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    monkeypatch.setenv("SAMOVAR_ORIGIN", f"http://{depot.download.host.rest_address}")
    return SignIn(monkeypatch, depot)


class SignIn:
    """Makes the terminal that of a player."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, depot: Depot) -> None:
        self._monkeypatch = monkeypatch
        self._issuer = depot.download.issuer

    def __call__(self, player: Player) -> None:
        token = self._issuer.token(account_id=player.account_id, roles=("player",))
        self._monkeypatch.setenv("SAMOVAR_TOKEN", token)


async def samovar(*words: object) -> int:
    return await asyncio.to_thread(main, [str(word) for word in words])


async def test_a_player_pulls_updates_verifies_and_repairs(
    depot: Depot, sign_in: SignIn, tmp_path: Path
) -> None:
    studio = await depot.studio()
    await studio.branch(await studio.push(ONE))
    sign_in(depot.player(studio))
    game = tmp_path / "игра"
    assert await samovar("pull", studio.app_id, game) == 0
    assert on_disk(game) == ONE
    await studio.branch(await studio.push(TWO))
    assert await samovar("pull", studio.app_id, game) == 0
    assert on_disk(game) == TWO
    assert await samovar("verify", game) == 0
    (game / "game/readme.txt").write_bytes(b"two")
    (game / "b").unlink()
    assert await samovar("verify", game) == 1
    assert await samovar("repair", game) == 0
    assert on_disk(game) == TWO


async def test_a_folder_stays_with_its_game_whatever_is_pulled_into_it(
    depot: Depot, sign_in: SignIn, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    studio, other = await depot.studio(), await depot.studio()
    await studio.branch(await studio.push(ONE))
    for text in (b"1", b"2", b"3"):
        await other.branch(await other.push({"dlc": text}))
    game = tmp_path / "game"
    sign_in(depot.player(studio))
    assert await samovar("pull", studio.app_id, game) == 0
    sign_in(depot.player(other))
    assert await samovar("pull", other.app_id, game) == 1
    assert "another game is installed" in capsys.readouterr().err
    sign_in(depot.player(studio))
    await studio.branch(await studio.push(TWO))
    assert await samovar("pull", studio.app_id, game) == 0
    assert on_disk(game) == TWO


async def test_who_has_no_licence_is_told_so(
    depot: Depot, sign_in: SignIn, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    studio = await depot.studio()
    await studio.branch(await studio.push({"a": b"a"}))
    sign_in(Player(depot, studio.app_id))
    assert await samovar("pull", studio.app_id, tmp_path / "game") == 1
    assert "the platform refuses" in capsys.readouterr().err
    assert on_disk(tmp_path / "game") == {}
