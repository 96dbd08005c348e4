"""The games of a window's computer: fetched, stopped, updated, mended, removed, whatever the player does here or asks from elsewhere."""

import asyncio
import stat
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from samovar.client.state.downloads.here import Here, NotPlayed, Stage
from samovar.client.window import computer as module
from samovar.client.window import fetching
from samovar.client.window.computer import Computer
from samovar.client.window.record import Record, file_of
from samovar.sdk.api import FixedToken
from tests.content.format.material import KIB, MIB, noise
from tests.content.install.shop import APP, Content, Shop, expected, read
from tests.content.platform import FakePlatform, running

GAME = str(UUID(bytes=APP))
OLD = Content({"game": noise("game", 2 * MIB), "data/a": noise("a", 50 * KIB), "data/b": b"b"})
NEW = Content({"game": noise("game", 2 * MIB) + b"!", "data/a": noise("a", 50 * KIB), "c": b"c"})
GIVEN_UP_AFTER_S = 20.0


@pytest.fixture(name="platform")
async def _platform(tmp_path: Path) -> AsyncIterator[FakePlatform]:
    with ThreadPoolExecutor(2) as threads:
        platform = FakePlatform(Shop(tmp_path / "store", threads))
        async with running(platform):
            yield platform


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look and report often: the waits are the product's, not the test's."""
    monkeypatch.setattr(module, "OBEY_EVERY_S", 0.05)
    monkeypatch.setattr(module, "NOTICE_EVERY_S", 0.05)
    monkeypatch.setattr(module, "LOOK_EVERY_S", 0.05)
    monkeypatch.setattr(fetching, "TICK_S", 0.05)
    monkeypatch.setattr(fetching, "REPORT_EVERY_S", 0.05)
    monkeypatch.setattr(fetching, "AGAIN_S", (0.3,))


@asynccontextmanager
async def computer_of(platform: FakePlatform, data: Path, *, token: str = "good") -> AsyncIterator[Computer]:
    """Start a computer, as a window does; close it, as its end does."""
    started = Computer(data, platform.origin, FixedToken(token), Here())
    await started.start()
    try:
        yield started
    finally:
        await started.close()


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(GIVEN_UP_AFTER_S):
        while not holds():  # noqa: ASYNC110  What is waited for happens in several places.
            await asyncio.sleep(0.01)


async def becomes(computer: Computer, stage: Stage) -> None:
    await until(lambda: computer.here.of(GAME).stage == stage)


async def looked(platform: FakePlatform) -> None:
    """Wait until the queue was seen as it is: only what changes after that is a wish."""
    looks = platform.looks
    await until(lambda: platform.looks >= looks + 2)


def install(computer: Computer, folder: Path) -> None:
    computer.games.install(GAME, "Завод", folder)


async def test_a_game_is_installed_found_again_and_updated(platform: FakePlatform, tmp_path: Path) -> None:
    platform.push(OLD)
    folder, data = tmp_path / "games" / "zavod", tmp_path / "data"
    async with computer_of(platform, data) as computer:
        (offered,) = await computer.offered(GAME)
        assert offered.size_bytes == OLD.tree().size
        assert computer.free(folder) > offered.size_bytes
        install(computer, folder)
        await becomes(computer, "installed")
        assert read(folder) == expected(OLD)
        await until(lambda: platform.changes[-1].get("state") == "done")
        await computer.check(GAME)
        assert computer.here.of(GAME).stage == "installed"
        # The next game is put beside it.
        assert computer.folder_for("other") == tmp_path / "games" / "other"
        assert computer.folder_for("/../чай") == tmp_path / "games" / "game"
    platform.push(NEW)
    async with computer_of(platform, data) as computer:
        assert computer.here.of(GAME).name == "Завод"
        await becomes(computer, "outdated")
        computer.games.update(GAME)
        await becomes(computer, "installed")
        assert read(folder) == expected(NEW)
        assert [one.get("from_build") for one in platform.orders] == [None, str(UUID(int=1))]
        await computer.check(GAME)
        assert computer.here.of(GAME).stage == "installed"


async def test_what_was_stopped_stays_stopped_and_goes_on_where_it_was(
    platform: FakePlatform, tmp_path: Path
) -> None:
    platform.push(OLD)
    platform.pause_s = 0.2
    folder, data = tmp_path / "zavod", tmp_path / "data"
    async with computer_of(platform, data) as computer:
        install(computer, folder)
        await until(lambda: computer.here.of(GAME).total > 0)
        computer.games.pause(GAME)
        await becomes(computer, "paused")
        await until(lambda: platform.row is not None and platform.row["state"] == "paused")
    async with computer_of(platform, data) as computer:
        await becomes(computer, "paused")
        orders = len(platform.orders)
        await looked(platform)
        assert (computer.here.of(GAME).stage, len(platform.orders)) == ("paused", orders)
        computer.games.resume(GAME)
        await becomes(computer, "installed")
    assert read(folder) == expected(OLD)


async def test_a_window_that_was_killed_goes_on_at_the_next_start(
    platform: FakePlatform, tmp_path: Path
) -> None:
    platform.push(OLD)
    platform.pause_s = 0.2
    folder, data = tmp_path / "zavod", tmp_path / "data"
    async with computer_of(platform, data) as computer:
        install(computer, folder)
        await until(lambda: computer.here.of(GAME).total > 0)
    async with computer_of(platform, data) as computer:
        await becomes(computer, "installed")
    assert read(folder) == expected(OLD)


async def test_the_player_leads_the_queue_from_elsewhere(platform: FakePlatform, tmp_path: Path) -> None:
    platform.push(OLD)
    platform.pause_s = 0.3
    folder = tmp_path / "zavod"
    async with computer_of(platform, tmp_path / "data") as computer:
        install(computer, folder)
        await until(lambda: platform.row is not None and platform.row["state"] == "running")
        await looked(platform)
        assert platform.row is not None
        platform.row["state"] = "paused"
        await becomes(computer, "paused")
        platform.row["state"] = "queued"
        await until(lambda: computer.here.of(GAME).stage in {"queued", "running"})
        await until(lambda: platform.row is not None and platform.row["state"] == "running")
        await looked(platform)
        platform.row = None
        await becomes(computer, "absent")
        assert not folder.exists()
    assert Record.read(file_of(tmp_path / "data", platform.origin)).games == {}


async def test_a_game_that_is_put_into_the_queue_elsewhere_is_fetched(
    platform: FakePlatform, tmp_path: Path
) -> None:
    platform.push(OLD)
    data = tmp_path / "data"
    async with computer_of(platform, data) as computer:
        computer.games.record.parent = str(tmp_path / "games")
        platform.queue(GAME, computer.device_id)
        await becomes(computer, "installed")
        assert computer.here.of(GAME).name == "Завод"
        assert read(tmp_path / "games" / "zavod") == expected(OLD)
        await computer.games.remove(GAME)
        assert platform.row is None


async def test_a_game_that_was_dropped_while_the_platform_was_away_does_not_come_back(
    platform: FakePlatform, tmp_path: Path
) -> None:
    platform.push(OLD)
    platform.pause_s = 0.3
    folder, data = tmp_path / "zavod", tmp_path / "data"
    async with computer_of(platform, data) as computer:
        install(computer, folder)
        await until(lambda: computer.here.of(GAME).total > 0)
        platform.keeps = True
        await computer.games.drop(GAME)
        assert platform.row is not None
        platform.row["state"] = "queued"
    async with computer_of(platform, data) as computer:
        await looked(platform)
        assert computer.here.of(GAME).stage == "absent"
        platform.keeps = False
        await until(lambda: platform.row is None)
        await until(lambda: Record.read(file_of(data, platform.origin)).dropped == [])
        # Wanted again, it is fetched.
        platform.queue(GAME, computer.device_id)
        await becomes(computer, "installed")


@pytest.mark.parametrize("asked", ["here", "elsewhere"])
async def test_an_update_that_is_dropped_waits_and_nothing_is_lost(
    platform: FakePlatform, tmp_path: Path, asked: str
) -> None:
    platform.push(OLD)
    folder, data = tmp_path / "zavod", tmp_path / "data"
    async with computer_of(platform, data) as computer:
        install(computer, folder)
        await becomes(computer, "installed")
        platform.push(NEW)
        platform.pause_s = 0.5
        computer.games.update(GAME)
        await until(lambda: computer.here.of(GAME).total > 0)
        if asked == "here":
            await computer.games.drop(GAME)
        else:
            await looked(platform)
            platform.row = None
        await becomes(computer, "paused")
    async with computer_of(platform, data) as computer:
        await becomes(computer, "paused")
        platform.pause_s = 0.0
        computer.games.resume(GAME)
        await becomes(computer, "installed")
    assert read(folder) == expected(NEW)


async def test_the_speed_is_limited_from_elsewhere_and_told_there(
    platform: FakePlatform, tmp_path: Path
) -> None:
    platform.push(OLD)
    platform.pause_s = 1.0
    data = tmp_path / "data"
    platform.limit = 1_000_000
    async with computer_of(platform, data) as computer:
        # Nobody could be told yet; an older wish of the platform does not overrule it.
        await computer.games.limit(3_000_000)
    async with computer_of(platform, data) as computer:
        install(computer, tmp_path / "zavod")
        await until(lambda: platform.limit == 3_000_000)
        platform.limit = 2_000_000
        await until(lambda: computer.here.limit == 2_000_000)
        await computer.games.limit(None)
        assert platform.limit is None
        await looked(platform)
        assert computer.here.limit is None
        platform.limit = 5_000_000
        await until(lambda: computer.here.limit == 5_000_000)
    assert Record.read(file_of(data, platform.origin)).limit == 5_000_000


async def test_a_damaged_game_is_mended(platform: FakePlatform, tmp_path: Path) -> None:
    platform.push(OLD)
    folder = tmp_path / "zavod"
    async with computer_of(platform, tmp_path / "data") as computer:
        install(computer, folder)
        await becomes(computer, "installed")
        (folder / "data" / "a").write_bytes(b"not what was sent")
        computer.games.update(GAME, whole=True)
        await becomes(computer, "queued" if computer.here.of(GAME).stage == "queued" else "running")
        await becomes(computer, "installed")
    assert read(folder)["data/a"] == expected(OLD)["data/a"]


async def test_a_game_is_removed_and_the_players_files_stay(platform: FakePlatform, tmp_path: Path) -> None:
    platform.push(OLD)
    folder = tmp_path / "zavod"
    async with computer_of(platform, tmp_path / "data") as computer:
        install(computer, folder)
        await becomes(computer, "installed")
        (folder / "own.txt").write_text("mine")
        await computer.games.remove(GAME)
        assert computer.here.of(GAME).stage == "absent"
        assert read(folder) == {"own.txt": b"mine"}
        await computer.games.remove(GAME)


async def test_a_refusal_is_said_in_the_platforms_words(platform: FakePlatform, tmp_path: Path) -> None:
    platform.push(OLD)
    platform.refuses = True
    async with computer_of(platform, tmp_path / "data") as computer:
        install(computer, tmp_path / "zavod")
        await becomes(computer, "failed")
        found = computer.here.of(GAME)
        assert (found.failure, found.said) == ("download.not_owned", "Игры нет в библиотеке.")
        platform.refuses = False
        computer.games.resume(GAME)
        await becomes(computer, "installed")


async def test_a_download_without_a_connection_goes_on_by_itself(
    platform: FakePlatform, tmp_path: Path
) -> None:
    platform.push(OLD)
    data = tmp_path / "data"
    away = FakePlatform(Shop(tmp_path / "none", ThreadPoolExecutor(1)))
    async with running(away):
        pass
    async with computer_of(away, data) as computer:
        install(computer, tmp_path / "zavod")
        await becomes(computer, "failed")
        assert computer.here.of(GAME).failure == "client.offline"
        await becomes(computer, "running")


async def test_two_games_do_not_lie_in_one_folder(platform: FakePlatform, tmp_path: Path) -> None:
    platform.push(OLD)
    other = str(uuid4())
    async with computer_of(platform, tmp_path / "data") as computer:
        install(computer, tmp_path / "zavod")
        await becomes(computer, "installed")
        computer.games.install(other, "Другая", tmp_path / "zavod")
        await until(lambda: computer.here.of(other).stage == "failed")
        assert computer.here.of(other).failure == "content.occupied"
        await computer.games.drop(other)
        assert computer.here.of(other).stage == "absent"
        assert read(tmp_path / "zavod") == expected(OLD)


async def test_the_order_of_the_queue_is_kept(platform: FakePlatform, tmp_path: Path) -> None:
    platform.push(OLD)
    platform.pause_s = 1.0
    others = [str(uuid4()), str(uuid4())]
    async with computer_of(platform, tmp_path / "data") as computer:
        install(computer, tmp_path / "zavod")
        for number, game_id in enumerate(others):
            computer.games.install(game_id, game_id, tmp_path / str(number))
        await computer.games.move_up(others[1])
        assert list(computer.here.games) == [GAME, others[1], others[0]]
        await computer.games.limit(1_000_000)
    record = Record.read(file_of(tmp_path / "data", platform.origin))
    assert list(record.games) == [GAME, others[1], others[0]]
    assert record.limit == 1_000_000


async def test_what_cannot_be_started_says_why(platform: FakePlatform, tmp_path: Path) -> None:
    platform.push(OLD)
    async with computer_of(platform, tmp_path / "data") as computer:
        install(computer, tmp_path / "zavod")
        await becomes(computer, "installed")
        with pytest.raises(NotPlayed) as refused:
            await computer.playing.play(GAME, str(uuid4()))
        assert (refused.value.why, computer.here.of(GAME).stage) == ("cannot", "installed")
        assert "samovar.toml" in refused.value.said


async def test_a_branch_and_its_password_are_kept_for_updates(platform: FakePlatform, tmp_path: Path) -> None:
    platform.push(OLD)
    data = tmp_path / "data"
    async with computer_of(platform, data) as computer:
        computer.games.install(GAME, "Завод", tmp_path / "zavod", branch="main", password="of the testers")
        await becomes(computer, "installed")
    platform.push(NEW)
    async with computer_of(platform, data) as computer:
        computer.games.update(GAME)
        await until(lambda: len(platform.orders) > 1)
        await becomes(computer, "installed")
    asked = [(one["branch"], one["branch_password"]) for one in platform.orders]
    assert asked == [("main", "of the testers")] * 2
    assert stat.S_IMODE(file_of(data, platform.origin).stat().st_mode) == 0o600


async def test_a_record_that_cannot_be_written_hinders_nothing(
    platform: FakePlatform, tmp_path: Path
) -> None:
    platform.push(OLD)
    data = tmp_path / "data"
    async with computer_of(platform, data) as computer:
        file_of(data, platform.origin).parent.touch()
        install(computer, tmp_path / "zavod")
        await becomes(computer, "installed")
        file_of(data, platform.origin).parent.unlink()
        await computer.games.limit(1_000_000)
    record = Record.read(file_of(data, platform.origin))
    assert (list(record.games), record.limit) == ([GAME], 1_000_000)


def test_a_record_that_makes_no_sense_says_nothing(tmp_path: Path) -> None:
    file = file_of(tmp_path, "http://play.example")
    file.parent.mkdir(parents=True)
    file.write_text("{]")
    assert Record.read(file) == Record()
