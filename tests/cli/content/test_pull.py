"""A player gets, verifies and repairs a game from the terminal; a platform that lies or is away gets a sentence, not a traceback."""

import asyncio
import json
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from samovar.cli.content.words import size
from samovar.cli.main import main
from tests.content.format.material import KIB, MIB, noise
from tests.content.install.shop import Content, Shop, expected, read
from tests.content.platform import FakePlatform, running


@pytest.fixture(name="platform")
def _platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakePlatform]:
    monkeypatch.setenv("SAMOVAR_TOKEN", "good")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    monkeypatch.delenv("SAMOVAR_PLATFORM__ORIGIN", raising=False)
    with ThreadPoolExecutor(2) as threads:
        yield FakePlatform(Shop(tmp_path / "store", threads))


async def samovar(*words: str | Path) -> int:
    return await asyncio.to_thread(main, [str(word) for word in words])


OLD = Content({"game": noise("game", 2 * MIB), "data/a": noise("a", 50 * KIB), "data/b": b"b"})
NEW = Content({"game": noise("game", 2 * MIB) + b"!", "data/a": noise("a", 50 * KIB), "c": b"c"})


async def test_a_game_is_pulled_updated_verified_and_repaired(
    platform: FakePlatform, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    game = tmp_path / "games" / "zavod"
    platform.push(OLD)
    async with running(platform):
        assert await samovar("pull", "zavod", game, "--at", platform.origin) == 0
        assert read(game) == expected(OLD)
        assert platform.changes[-1]["state"] == "done"
        platform.push(NEW)
        assert await samovar("pull", "zavod", game, "--at", platform.origin, "--branch", "main") == 0
        assert read(game) == expected(NEW)
        assert [order.get("from_build") for order in platform.orders] == [None, str(UUID(int=1))]
        assert len({order["device_id"] for order in platform.orders}) == 1
        assert await samovar("verify", game) == 0
        (game / "data/a").write_bytes(b"broken")
        capsys.readouterr()
        assert await samovar("verify", game) == 1
        assert "damaged: data/a" in capsys.readouterr().out
        assert await samovar("repair", game, "--at", platform.origin) == 0
        assert read(game) == expected(NEW)


# Where the tests run in the background of a shell, their children ignore Ctrl-C unless they say otherwise.
INTERRUPTIBLE = """
import signal, sys
from samovar.cli.main import main
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize(("sent", "status"), [(signal.SIGKILL, -9), (signal.SIGINT, 130)])
async def test_a_pull_that_is_killed_or_stopped_goes_on(
    platform: FakePlatform, tmp_path: Path, sent: signal.Signals, status: int
) -> None:
    game = tmp_path / "game"
    many = Content({f"{number}": noise(f"{number}", 300 * KIB) for number in range(20)})
    platform.push(OLD)
    async with running(platform):
        assert await samovar("pull", "zavod", game, "--at", platform.origin) == 0
        platform.push(many)
        command = ["-c", INTERRUPTIBLE, "pull", "zavod", str(game), "--at", platform.origin]
        process = await asyncio.create_subprocess_exec(sys.executable, *command, "--limit", "300k")
        async with asyncio.timeout(60):
            while not any((game / ".samovar/new").iterdir()):
                assert process.returncode is None
                await asyncio.sleep(0.01)
        process.send_signal(sent)
        assert await process.wait() == status
        assert read(game) != expected(many)
        assert await samovar("pull", "zavod", game, "--at", platform.origin) == 0
    assert read(game) == expected(many)


async def test_a_refusal_is_the_platforms_own_sentence(
    platform: FakePlatform, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    platform.push(OLD)
    platform.refuses = True
    async with running(platform):
        assert await samovar("pull", "zavod", tmp_path / "game", "--at", platform.origin) == 1
        assert "Игры нет в библиотеке." in capsys.readouterr().err
        assert await samovar("pull", "nothing", tmp_path / "game", "--at", platform.origin) == 1
        assert "platform" in capsys.readouterr().err


async def test_another_key_or_an_older_release_is_refused(
    platform: FakePlatform, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    game = tmp_path / "game"
    platform.push(OLD)
    platform.sequence = 7
    async with running(platform):
        assert await samovar("pull", "zavod", game, "--at", platform.origin) == 0
        platform.push(NEW)
        platform.sequence = 6
        assert await samovar("pull", "zavod", game, "--at", platform.origin) == 1
        assert "older release" in capsys.readouterr().err
        platform.sequence = 8
        platform.key = Ed25519PrivateKey.generate()
        assert await samovar("pull", "zavod", game, "--at", platform.origin) == 1
        assert "signed" in capsys.readouterr().err
    assert read(game) == expected(OLD)


async def test_sentences_are_in_the_language_of_the_terminal(
    platform: FakePlatform,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("LC_ALL", "ru_RU.UTF-8")
    async with running(platform):
        pass
    assert await samovar("verify", tmp_path) == 1
    assert "игры нет" in capsys.readouterr().err
    assert await samovar("pull", "zavod", tmp_path / "game", "--at", platform.origin) == 1
    assert "платформа не отвечает" in capsys.readouterr().err
    assert await samovar("pull", "zavod", tmp_path / "game") == 1
    assert "--at" in capsys.readouterr().err
    assert size(1_234_567) == "1,2 МБ"
    assert json.dumps(size(12)) == '"12 \\u0411"'
