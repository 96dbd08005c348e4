"""What the SDK needs: nothing of the platform's services, and a game nothing but the standard library."""

import asyncio
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest

import samovar.sdk.game
from samovar.sdk.api import Api, FixedToken
from samovar.sdk.blocking import BlockingGame
from samovar.sdk.client import GameClient, Place
from samovar.sdk.errors import StateBusy
from samovar.sdk.game import Game
from tests.sdk.conftest import Player

LISTED = "import sys, {}; print(*sorted(set(name.partition('.')[0] for name in sys.modules)))"
OURS = "import sys, {}; print(*(name for name in sys.modules if name.startswith('samovar.')))"


def _said(script: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_the_client_loads_nothing_of_the_services() -> None:
    loaded = _said(LISTED.format("samovar.sdk.blocking, samovar.sdk.launcher.running"))
    heavy = {
        "litestar",
        "granian",
        "asyncpg",
        "grpc",
        "nats",
        "redis",
        "opentelemetry",
        "structlog",
        "joserfc",
    }
    assert set(loaded) & heavy == set()
    modules = _said(OURS.format("samovar.sdk.blocking, samovar.sdk.launcher.running"))
    assert all(name.startswith("samovar.sdk") for name in modules)


def test_a_game_needs_the_standard_library_alone() -> None:
    loaded = set(_said(LISTED.format("samovar.sdk.game"))) - {"samovar"}
    assert {name for name in loaded if not name.startswith("_")} <= {
        *sys.stdlib_module_names,
        "sitecustomize",
    }


def test_a_game_without_a_launcher_plays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    game = Game.from_environment({})
    game.achieve("first")
    game.set_stats(cups=1)
    assert (game.is_connected, game.owns(), game.stats(), game.sync_saves()) == (False, False, {}, None)
    assert game.saves.is_dir()
    assert Path(samovar.sdk.game.__file__).read_text("utf-8").count("import samovar") == 0


def test_a_game_whose_launcher_is_gone_leaves_word(tmp_path: Path) -> None:
    environ = {
        "SAMOVAR_BRIDGE": "http://127.0.0.1:1",
        "SAMOVAR_SAVES": str(tmp_path / "saves"),
        "SAMOVAR_LEFT": str(tmp_path / "left.jsonl"),
    }
    game = Game.from_environment(environ)
    game.achieve("first")
    game.achieve("tenth", 3)
    game.set_stats(cups=1)
    assert (tmp_path / "left.jsonl").read_text().splitlines() == [
        '{"achievement": "first"}',
        '{"achievement": "tenth", "progress": 3}',
        '{"values": {"cups": 1}}',
    ]


async def test_the_blocking_face_waits(player: Player, tmp_path: Path) -> None:
    place = Place(game_id=player.game_id, device_id="pc", state=tmp_path / "own", saves=tmp_path / "saves")

    def make() -> GameClient:
        return GameClient(Api(player.wire.origin, FixedToken(player.token())), place)

    def play() -> tuple[bool, bool, list[str]]:
        with BlockingGame(make) as game:
            with pytest.raises(StateBusy), BlockingGame(make):
                pass
            (place.saves).mkdir()
            (place.saves / "a.sav").write_bytes(b"saved")
            owned = game.call(game.client.owning.check())
            other = game.call(game.client.owning.check(uuid4()))
            return owned.is_owned, other.is_owned, game.call(game.client.saves.sync()).uploaded

    assert await asyncio.to_thread(play) == (True, False, ["a.sav"])
