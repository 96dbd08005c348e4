"""Running a game: saves before, the session and the bridge while it lasts, saves after; and whatever an earlier launcher left undone."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import msgspec

from samovar.sdk.client import GameClient
from samovar.sdk.clock import Clock
from samovar.sdk.errors import Offline, SdkError
from samovar.sdk.launcher import left
from samovar.sdk.launcher.bridge import Bridge
from samovar.sdk.launcher.description import Option, command, environment, in_terminal
from samovar.sdk.launcher.processes import Process, recognisable, runs
from samovar.sdk.play import BEAT_EVERY_S, Word
from samovar.sdk.saves.syncing import Report

STOP_S = 10.0
_PROCESS = "process"

Why = Literal["not_owned", "not_out", "never_checked", "in_use", "too_many", "already_running"]


class NotStarted(SdkError):
    """The game is not started.

    Attributes:
        why: `never_checked`: the platform has to be asked once before it can be played offline.
    """

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why: Why = why


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """How it went.

    Attributes:
        exit_code: Of the game; negative: the signal that ended it.
        before: What came of the sync before; none: the platform did not answer.
        after: The same, after.
        waiting: How many achievements, stats and runs wait for the platform.
    """

    exit_code: int
    before: Report | None
    after: Report | None
    waiting: int

    @property
    def has_crashed(self) -> bool:
        """Return whether the game ended otherwise than by itself and well."""
        return self.exit_code != 0


class Launcher:
    """Starts one game and stays until it is over.

    Args:
        client: The SDK of the game, open.
        folder: Where the game is installed.
        option: What is started.
        language: What the player reads.
        clock: The time.
        beat_every_s: How often the platform hears of it.
        told: Hears about syncs: when, and what came of it.
        opens_terminals: This launcher has no terminal to share with a game that wants one.
    """

    def __init__(
        self,
        client: GameClient,
        folder: Path,
        option: Option,
        *,
        language: str,
        clock: Clock,
        beat_every_s: float = BEAT_EVERY_S,
        told: Callable[[str, Report | None], None] = lambda _when, _report: None,
        opens_terminals: bool = False,
    ) -> None:
        self._client = client
        self._folder = folder
        self._option = option
        self._language = language
        self._beat_every_s = beat_every_s
        self._told = told
        self._woken = asyncio.Event()
        self._bridge = Bridge(client, language=language, clock=clock, wake=self._woken.set)
        self._process: asyncio.subprocess.Process | None = None
        self._opens_terminal = option.terminal and opens_terminals
        # On Windows the system itself opens one.
        self._flags = getattr(subprocess, "CREATE_NEW_CONSOLE", 0) if self._opens_terminal else 0

    async def play(self) -> Outcome:
        """Run the game to its end.

        Raises:
            DescriptionInvalid: It cannot be started.
            NotStarted: It is not to be started.
            SignInNeeded: The platform does not know the player.
        """
        words = command(self._option, self._folder)
        if self._opens_terminal and sys.platform != "win32":
            words = in_terminal(words)
        more = environment(self._option)
        last = self._client.state.note(_PROCESS, Process)
        if last and runs(last):
            raise NotStarted("already_running")
        await self._require_owned()
        left.take_up(self._client.place.state, self._client.progress)
        before = await self._sync("before")
        _require_started(await self._client.play.start())
        try:
            exit_code = await self._run(words, more)
        finally:
            await self._client.play.stop()
        left.take_up(self._client.place.state, self._client.progress)
        waiting = await self._client.progress.send()
        after = await self._sync("after")
        return Outcome(
            exit_code=exit_code,
            before=before,
            after=after,
            waiting=waiting + await self._client.play.tell(),
        )

    def stop(self) -> None:
        """Ask the game to end."""
        if self._process and self._process.returncode is None:
            self._process.terminate()

    async def _require_owned(self) -> None:
        owned = await self._client.owning.check()
        if not owned.is_owned and not owned.is_fresh:
            raise NotStarted("never_checked" if owned.checked_at is None else "not_owned")
        # What one does not own the family may lend: that is said when the session begins.

    async def _run(self, words: list[str], more: dict[str, str]) -> int:
        place = self._client.place
        place.saves.mkdir(parents=True, exist_ok=True)
        own = {
            "SAMOVAR_BRIDGE": await self._bridge.start(),
            "SAMOVAR_BRIDGE_TOKEN": self._bridge.token,
            "SAMOVAR_GAME_ID": str(place.game_id),
            "SAMOVAR_LANGUAGE": self._language,
            "SAMOVAR_SAVES": str(place.saves),
            "SAMOVAR_LEFT": str(place.state / left.FILE),
        }
        # What else of ours is in the environment, a token for example, is none of the game's business.
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("SAMOVAR_")}
        try:
            with _signals(self.stop):
                self._process = await asyncio.create_subprocess_exec(
                    *words, cwd=self._folder, env=inherited | more | own, creationflags=self._flags
                )
                self._client.state.put_note(_PROCESS, recognisable(self._process.pid))
                return await self._attend(self._process)
        finally:
            await self._bridge.stop()

    async def _attend(self, process: asyncio.subprocess.Process) -> int:
        """Tell the platform of the game until it ends; called off, end it first."""
        tellers = [asyncio.create_task(teller()) for teller in (self._beat, self._send, self._show)]
        try:
            return await process.wait()
        except asyncio.CancelledError:
            self.stop()
            try:
                await asyncio.wait_for(process.wait(), STOP_S)
            except TimeoutError:
                process.kill()
                await process.wait()
            raise
        finally:
            for teller in tellers:
                teller.cancel()
            await asyncio.gather(*tellers, return_exceptions=True)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self._beat_every_s)
            # Whatever the platform says, a game that runs goes on; what it did not take is kept.
            with contextlib.suppress(SdkError):
                await self._client.play.beat()
            self._woken.set()
            self._client.presence.wake()

    async def _send(self) -> None:
        while True:
            await self._woken.wait()
            self._woken.clear()
            with contextlib.suppress(SdkError):
                self._bridge.is_online = not await self._client.progress.send()

    async def _show(self) -> None:
        while True:
            with contextlib.suppress(SdkError):
                await self._client.presence.tell()

    async def _sync(self, when: str) -> Report | None:
        try:
            report = await self._client.saves.sync()
        except Offline:
            report = None
        self._told(when, report)
        return report


def _require_started(word: Word) -> None:
    if word != "online" and word != "offline":  # noqa: PLR1714  a set would not narrow the type
        raise NotStarted(word)


@contextlib.contextmanager
def _signals(stop: Callable[[], None]) -> Iterator[None]:
    """Leave Ctrl-C to the game, which gets it too, and pass on the wish to end."""
    loop = asyncio.get_running_loop()
    handlers = {signal.SIGINT: lambda: None, signal.SIGTERM: stop}
    set_up = []
    for number, handler in handlers.items():
        # Where the loop has none, as on Windows or outside the main thread, the system's own ways hold.
        with contextlib.suppress(NotImplementedError, ValueError, RuntimeError):
            loop.add_signal_handler(number, handler)
            set_up.append(number)
    try:
        yield
    finally:
        for number in set_up:
            loop.remove_signal_handler(number)
