"""`samovar play`: a game in a folder, a player, and what people are told."""

import asyncio
import json
from pathlib import Path

import pytest

from samovar.cli.main import main
from samovar.demo.games.building import build
from tests.sdk.conftest import Player, library, own_nats_url, player

__all__ = ["library", "own_nats_url", "player"]


@pytest.fixture
async def home(player: Player, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine of the player with a game on it."""
    build("tea-line", tmp_path / "game")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("SAMOVAR_TOKEN", player.token())
    monkeypatch.setenv("LANG", "ru_RU.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    return tmp_path


async def _play(player: Player, home: Path, *more: str) -> int:
    words = ["play", str(home / "game"), "--origin", player.wire.origin, "--game", str(player.game_id)]
    return await asyncio.to_thread(main, [*words, "--option", "headless", *more])


async def test_a_game_is_played_from_the_command_line(
    player: Player, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await _play(player, home) == 0
    own = home / "data" / "samovar" / "accounts" / str(player.account_id) / str(player.game_id)
    assert json.loads((own / "saves" / "party.json").read_text())["level"] == 8
    assert (await player.played())[1] == ["ended"]
    device = (home / "data" / "samovar" / "device").read_text()
    assert await _play(player, home, "--language", "en") == 0
    assert (home / "data" / "samovar" / "device").read_text() == device
    with (own / "saves" / "big.sav").open("wb") as file:
        file.truncate(17 * 1_048_576)
    assert await _play(player, home) == 0
    assert "Сохранение big.sav не в облаке: оно больше 16 МБ" in capsys.readouterr().out


async def test_people_are_told_why_a_game_does_not_start(
    player: Player, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    player.wire.unplug()
    assert await _play(player, home) == 1
    assert "Первый раз игру запускают со связью" in capsys.readouterr().err
    player.wire.plug()
    assert await _play(player, home, "--option", "no-such") == 1
    assert "nothing to start" in capsys.readouterr().err
    monkeypatch.setenv("SAMOVAR_TOKEN", player.library.issuer.token())
    assert await _play(player, home) == 1
    assert "Этой игры нет в вашей библиотеке." in capsys.readouterr().err
    monkeypatch.setenv("SAMOVAR_TOKEN", "nonsense")
    assert await _play(player, home) == 1
    assert "Сначала войдите" in capsys.readouterr().err
    monkeypatch.delenv("SAMOVAR_TOKEN")
    assert await _play(player, home, "--language", "en") == 1
    assert "Sign in first" in capsys.readouterr().err


async def test_a_folder_that_nobody_installed_asks_for_the_game(
    player: Player, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["play", str(home / "game"), "--origin", player.wire.origin]
    assert await asyncio.to_thread(main, words) == 1
    assert "--game ID" in capsys.readouterr().err


async def test_offline_a_game_that_was_played_before_goes_on(
    player: Player, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await _play(player, home) == 0
    player.wire.unplug()
    assert await _play(player, home, "--language", "en") == 0
    assert "The platform does not answer" in capsys.readouterr().out
    player.wire.plug()
    assert await _play(player, home) == 0
    assert (await player.played())[1][-1] == "ended"
