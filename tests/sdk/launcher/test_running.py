"""Launching a real game: its session, its saves before and after, its progress; and every way in which something dies in the middle."""

import asyncio
import contextlib
import json
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import samovar.sdk.game
import samovar.sdk.launcher.left
from samovar.sdk.api import Api, FixedToken
from samovar.sdk.client import GameClient, Place
from samovar.sdk.clock import SystemClock
from samovar.sdk.errors import StateBusy
from samovar.sdk.launcher.description import choose, read
from samovar.sdk.launcher.running import Launcher, NotStarted, Outcome
from tests.sdk.conftest import Player
from tests.services.library.achievements.studio import Studio, achievement, stat

DESCRIPTION = """
[[launch]]
key = "play"
name = {ru = "Играть", en = "Play"}
run = ["python3", "play.py"]
platforms = ["linux", "macos", "windows"]
"""
# A game that does what its one word says, and leaves a trace of what it saw.
GAME = """
import json, os, signal, sys, time
from pathlib import Path
from samovar_game import Game
game = Game.from_environment()
what = Path("what").read_text()
save = game.saves / "slot.sav"
seen = save.read_text() if save.exists() else ""
secrets = [name for name in os.environ if name.startswith("SAMOVAR_") and "SECRET" in name]
Path("seen").write_text(json.dumps({"save": seen, "secrets": secrets, "language": game.language, "owns": game.owns()}))
save.write_text(seen + "*" * 100)
game.achieve("first")
game.set_stats(cups=len(seen) // 100 + 1)
if what == "crash":
    sys.exit(3)
if what == "wait":
    game.presence.show("ждёт")
    Path("waits").touch()
    while not Path("go").exists():
        time.sleep(0.02)
    game.set_stats(cups=77)
    save.write_text("after the launcher was gone" * 10)
    Path("done").touch()
"""
LAUNCHER = """
import asyncio, sys
from pathlib import Path
from uuid import UUID
from samovar.sdk.api import Api, FixedToken
from samovar.sdk.client import GameClient, Place
from samovar.sdk.clock import SystemClock
from samovar.sdk.launcher.description import choose, read
from samovar.sdk.launcher.running import Launcher
origin, token, game_id, folder, state, saves = sys.argv[1:]
async def main():
    place = Place(game_id=UUID(game_id), device_id="pc", state=Path(state), saves=Path(saves))
    async with GameClient(Api(origin, FixedToken(token)), place) as client:
        game = Path(folder)
        launcher = Launcher(client, game, choose(read(game), None), language="en", clock=SystemClock())
        print((await launcher.play()).exit_code)
asyncio.run(main())
"""


class Installed:
    """A game as it is installed on two machines of one player."""

    def __init__(self, player: Player, folder: Path) -> None:
        self.player = player
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "samovar.toml").write_text(DESCRIPTION, "utf-8")
        (folder / "play.py").write_text(GAME, "utf-8")
        (folder / "samovar_game.py").write_bytes(Path(samovar.sdk.game.__file__).read_bytes())

    def place(self, device: str) -> Place:
        root = self.folder.parent / device
        return Place(
            game_id=self.player.game_id, device_id=device, state=root / "state", saves=root / "saves"
        )

    @contextlib.asynccontextmanager
    async def launcher(self, device: str = "pc") -> AsyncIterator[Launcher]:
        api = Api(self.player.wire.origin, FixedToken(self.player.token()))
        async with GameClient(api, self.place(device)) as client:
            option = choose(read(self.folder), None)
            yield Launcher(client, self.folder, option, language="en", clock=SystemClock(), beat_every_s=0.05)

    async def play(self, what: str = "play", device: str = "pc") -> Outcome:
        (self.folder / "what").write_text(what)
        async with self.launcher(device) as launcher:
            return await launcher.play()

    async def start_launcher(self) -> asyncio.subprocess.Process:
        """Start a launcher of its own, which a test may kill, and wait until the game runs."""
        (self.folder / "what").write_text("wait")
        place = self.place("pc")
        words = (self.player.wire.origin, self.player.token(), str(place.game_id), str(self.folder))
        # Into a file: the game has the same output, and would hold a pipe open after its launcher is gone.
        with (self.folder / "said").open("wb") as said:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-c", LAUNCHER, *words, str(place.state), str(place.saves)), stdout=said
            )
        await self.until("waits")
        return process

    async def until(self, name: str) -> None:
        async with asyncio.timeout(30):
            while not (self.folder / name).exists():  # noqa: ASYNC110  another process makes it
                await asyncio.sleep(0.02)

    async def had(self) -> tuple[list[str], dict[str, float]]:
        async with self.launcher() as launcher:
            progress = launcher._client.progress
            achieved = [one["key"] for one in await progress.achievements() if one["unlocked_at"]]
            return achieved, await progress.stats()


@pytest.fixture
async def game(player: Player, tmp_path: Path) -> Installed:
    studio = Studio(player.library)
    studio.app_id, studio.path = player.game_id, f"/v1/dev/apps/{player.game_id}/achievements"
    await studio.found(studio.organisation_id)
    await studio.define(achievement("first"), stats=[stat("cups")])
    return Installed(player, tmp_path / "игра с пробелом")


async def test_a_game_is_played_on_two_machines(game: Installed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMOVAR_LIBRARY__KEY_SECRET", "none of the game's business")
    first = await game.play()
    assert (first.exit_code, first.waiting, first.has_crashed) == (0, 0, False)
    assert first.after
    assert first.after.uploaded == ["slot.sav"]
    second = await game.play(device="deck")
    assert second.before
    assert second.before.downloaded == ["slot.sav"]
    seen = json.loads((game.folder / "seen").read_text())
    assert seen == {"save": "*" * 100, "secrets": [], "language": "en", "owns": True}
    assert await game.had() == (["first"], {"cups": 2})
    assert (await game.player.played())[1] == ["ended", "ended"]


async def test_a_game_that_crashes_keeps_its_save_and_its_session(game: Installed) -> None:
    outcome = await game.play("crash")
    assert (outcome.exit_code, outcome.has_crashed) == (3, True)
    assert outcome.after
    assert outcome.after.uploaded == ["slot.sav"]
    assert await game.had() == (["first"], {"cups": 1})
    assert (await game.player.played())[1] == ["ended"]


async def test_offline_a_game_is_played_and_all_of_it_arrives_later(game: Installed) -> None:
    await game.play()
    game.player.wire.unplug()
    offline = await game.play()
    assert (offline.exit_code, offline.before, offline.after) == (0, None, None)
    assert offline.waiting >= 1
    game.player.wire.plug()
    later = await game.play()
    assert later.waiting == 0
    assert later.before
    assert later.before.uploaded == ["slot.sav"]
    assert await game.had() == (["first"], {"cups": 3})


async def test_a_game_that_the_platform_never_spoke_of_is_not_started_offline(game: Installed) -> None:
    game.player.wire.unplug()
    with pytest.raises(NotStarted) as refused:
        await game.play()
    assert refused.value.why == "never_checked"
    assert not (game.folder / "seen").exists()


async def test_who_owns_it_not_does_not_play(game: Installed) -> None:
    stranger = Player(game.player.library, game.player.wire, game.folder)
    stranger.game_id = game.player.game_id
    with pytest.raises(NotStarted) as refused:
        await Installed(stranger, game.folder.parent / "theirs").play()
    assert refused.value.why == "not_owned"
    assert not (game.folder.parent / "theirs" / "seen").exists()


async def test_a_killed_launcher_loses_nothing(game: Installed) -> None:
    killed = await game.start_launcher()
    with pytest.raises(StateBusy):
        await game.play()
    killed.kill()
    await killed.wait()
    # The game still runs, without its bridge: whoever starts it again is told so.
    with pytest.raises(NotStarted) as refused:
        await game.play("play")
    assert refused.value.why == "already_running"
    pid = _pid_of(game)
    (game.folder / "go").touch()
    await game.until("done")
    await _gone(pid)
    after = await game.play("play")
    assert after.exit_code == 0
    assert after.before
    assert after.before.uploaded == ["slot.sav"]
    seen = json.loads((game.folder / "seen").read_text())
    assert seen["save"].startswith("after the launcher was gone")
    # The killed launcher's session was closed by this start.
    ends = (await game.player.played())[1]
    assert (len(ends), "live" in ends, ends[-1]) == (2, False, "ended")
    assert (await game.had())[0] == ["first"]


async def test_what_a_game_left_behind_is_told_by_the_next_start(game: Installed) -> None:
    place = game.place("pc")
    place.state.mkdir(parents=True)
    rate = json.dumps({"values": {"cups": 5}})
    lines = ['{"achievement": "first"}', "torn {", '{"achievement": "no such key"}', "[]", rate]
    (place.state / "left.jsonl").write_text("\n".join(lines))
    async with game.launcher() as launcher:
        assert samovar.sdk.launcher.left.take_up(place.state, launcher._client.progress) == 2
        assert await launcher._client.progress.send() == 0
    assert await game.had() == (["first"], {"cups": 5})
    assert not (place.state / "left.jsonl").exists()


async def test_what_the_player_does_is_seen_while_they_play(game: Installed) -> None:
    said = "SELECT text FROM presences WHERE account_id = $1"
    process = await game.start_launcher()
    async with asyncio.timeout(30):
        while await _first(game, said) != "ждёт":  # noqa: ASYNC110  another process tells it
            await asyncio.sleep(0.02)
    shown = f"/v1/library/now-playing?account_ids={game.player.account_id}"
    me = game.player.account_id
    (playing,) = (await game.player.library.request("GET", shown, account_id=me)).body["items"]
    assert (playing["game_id"], playing["presence"]["text"]) == (str(game.player.game_id), "ждёт")
    (game.folder / "go").touch()
    async with asyncio.timeout(30):
        await process.wait()
    assert (await game.player.library.request("GET", shown, account_id=me)).body["items"] == []


async def test_asked_to_end_a_launcher_ends_the_game_first(game: Installed) -> None:
    process = await game.start_launcher()
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(30):
        await process.wait()
    assert (process.returncode, (game.folder / "said").read_text().split()) == (0, ["-15"])
    assert (await game.player.played())[1] == ["ended"]


async def _first(game: Installed, query: str) -> object:
    return await game.player.library.database.fetch_value(query, game.player.account_id)


def _pid_of(game: Installed) -> int:
    """Return the process that has the game's folder as its own."""
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if entry.name.isdecimal() and (entry / "cwd").readlink() == game.folder:
                return int(entry.name)
    raise AssertionError("the game does not run")


async def _gone(pid: int) -> None:
    async with asyncio.timeout(30):
        while _runs(pid):  # noqa: ASYNC110  another process ends
            await asyncio.sleep(0.02)


def _runs(pid: int) -> bool:
    """Whether a process runs; one that nobody has asked about since it ended does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
