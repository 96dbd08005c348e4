"""The computer on which the window runs: which games lie on it, fetching, playing and removing them."""

import asyncio
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import msgspec

from samovar.client.api.library import Download, Offered
from samovar.client.state.downloads.here import (
    UNDER_WAY,
    Here,
    LocalGame,
    NotPlayed,
    NotRemoved,
    Played,
    Stage,
)
from samovar.client.window.fetching import Fetcher
from samovar.client.window.record import Kept, Record, file_of
from samovar.content.engine.installing import open_folder
from samovar.content.format.errors import ContentError
from samovar.content.install.disk import Disk
from samovar.content.install.state import State
from samovar.sdk.api import Api, Tokens
from samovar.sdk.client import GameClient
from samovar.sdk.clock import Clock, SystemClock
from samovar.sdk.errors import SdkError, SignInNeeded, StateBusy
from samovar.sdk.launcher.description import DescriptionInvalid, choose, read
from samovar.sdk.launcher.fetching import ORDER_TIMEOUT_S
from samovar.sdk.launcher.machine import device, place
from samovar.sdk.launcher.running import Launcher, NotStarted, Outcome
from samovar.sdk.saves.syncing import Report

MAIN = "main"
# Between two looks at what the player asks of this computer from another one.
OBEY_EVERY_S = 5.0
LOOK_FOR_UPDATES_EVERY_S = 30 * 60.0
_DOWNLOADS = 100


class _Rows(msgspec.Struct, frozen=True):
    items: list[Download] = []


class Computer:
    """The games of this computer at one platform.

    Args:
        data: The folder of what is kept for this person on this machine.
        origin: The platform's address.
        tokens: Of the player.
        here: What screens see.
        language: What the player reads.
        clock: The time.

    Attributes:
        device_id: This computer, as the platform knows it.
    """

    def __init__(
        self,
        data: Path,
        origin: str,
        tokens: Tokens,
        here: Here,
        *,
        language: str = "ru",
        clock: Clock | None = None,
    ) -> None:
        self._data = data
        self._origin = origin
        self._tokens = tokens
        self.here = here
        self.language = language
        self._clock = clock or SystemClock()
        self._file = file_of(data, origin)
        self._record = Record.read(self._file)
        self._api = self._new_api()
        self.device_id = device(data)
        self._fetcher = Fetcher(
            self._api,
            self.device_id,
            here,
            clock=self._clock,
            limit=self._record.limit,
            ended=self._complete,
        )
        self._rows: dict[str, Download] = {}
        self._told: dict[str, str] = {}
        self._builds: dict[str, str] = {}
        self._following: list[asyncio.Task[None]] = []
        self._over = asyncio.Event()
        self._over.set()
        here.is_here, here.limit = True, self._record.limit

    async def start(self) -> None:
        """Find out how things stand, go on with what was under way, and follow what the player asks from elsewhere."""
        for game_id, kept in list(self._record.games.items()):
            stage = await asyncio.to_thread(self._stage, game_id, kept)
            if stage == "absent" and kept.is_complete:
                # Somebody has removed it, or its disk is not plugged in: it is asked for again where it is wanted.
                del self._record.games[game_id]
            elif stage == "installed":
                self.here.see(game_id, LocalGame("installed", kept.folder, kept.name))
            else:
                self._fetcher.add(game_id, kept, paused=kept.is_paused)
        self._following = [
            asyncio.create_task(self._obey()),
            asyncio.create_task(self._look_for_updates()),
        ]

    async def close(self) -> None:
        """Stop all downloads where they are, and wait until no game runs: its time and saves are told while it does."""
        for task in self._following:
            task.cancel()
        await self._fetcher.close()
        await self._over.wait()
        await self._api.close()

    def folder_for(self, name: str) -> Path:
        """Return where a game goes unless somebody says otherwise: beside the last one."""
        parent = self._record.parent
        return (Path(parent) if parent else Path.home() / "Games" / "Samovar") / name

    @staticmethod
    def free(folder: Path) -> int:
        """Return how many bytes fit on the disk of a folder, which need not be there yet.

        Raises:
            OSError: Nobody can tell.
        """
        there = next(one for one in (folder, *folder.parents) if one.exists())
        return shutil.disk_usage(there).free

    async def offered(self, game_id: str) -> list[Offered]:
        """Return the branches that a game is to be had on, the main one first.

        Raises:
            SdkError: The platform refuses, or does not answer.
        """
        reply = await self._api.call("GET", f"/v1/games/{UUID(game_id)}/branches")
        return sorted(reply.read(list[Offered]), key=lambda one: (one.name != MAIN, one.name))

    def install(self, game_id: str, name: str, folder: Path) -> None:
        """Put a game into the queue, to be fetched into a folder."""
        kept = Kept(folder=str(folder), name=name)
        self._record.games[game_id] = kept
        self._record.parent = str(folder.parent)
        self._write()
        self._fetcher.add(game_id, kept)

    def update(self, game_id: str, *, whole: bool = False) -> None:
        """Bring an installed game to its newest build; with `whole` every byte is looked at and mended."""
        if kept := self._record.games.get(game_id):
            self._pause(game_id, is_paused=False)
            self._fetcher.add(game_id, kept, whole=whole)

    def pause(self, game_id: str) -> None:
        """Stop a game's download where it is, also over a restart."""
        self._told[game_id] = "paused"
        self._fetcher.pause(game_id)
        self._pause(game_id, is_paused=True)

    def resume(self, game_id: str) -> None:
        """Let a download go on that is paused or has failed."""
        self._fetcher.resume(game_id)
        self._pause(game_id, is_paused=False)

    async def move_up(self, game_id: str) -> None:
        """Move a download one place up."""
        order = self._fetcher.order
        at = order.index(game_id) if game_id in order else 0
        if at:
            above = self._rows.get(order[at - 1])
            self._fetcher.put(game_id, at - 1)
            self._record.games = {one: self._record.games[one] for one in self._sorted()}
            self._write()
            if above is not None:
                await self._fetcher.tell(game_id, position=above.position)

    async def drop(self, game_id: str) -> None:
        """Take a download out of the queue; what is on the disk of a game that was never complete goes as well."""
        kept = self._record.games.get(game_id)
        await self._fetcher.drop(game_id)
        if row := self._rows.pop(game_id, None):
            self._told.pop(game_id, None)
            await self._ask("DELETE", f"/v1/downloads/{row.id}")
        if kept is not None and kept.is_complete:
            stage = await asyncio.to_thread(self._stage, game_id, kept)
            if stage == "installed":
                self.here.see(game_id, LocalGame("installed", kept.folder, kept.name))
                return
        await self.remove(game_id)

    async def remove(self, game_id: str) -> None:
        """Take a game off this computer; the player's own files stay in its folder.

        Raises:
            NotRemoved: The disk does not let go of it, or another process works on it.
        """
        kept = self._record.games.get(game_id)
        if kept is None or self.here.of(game_id).stage in {"starting", "playing", "removing"}:
            return
        before = self.here.of(game_id)
        await self._fetcher.drop(game_id)
        self.here.see(game_id, replace(before, stage="removing"))
        try:
            async with open_folder(Path(kept.folder), self._fetcher.pool) as folder:
                await folder.remove()
        except (ContentError, OSError) as error:
            self.here.see(game_id, before)
            raise NotRemoved(str(error)) from error
        del self._record.games[game_id]
        self._write()
        self.here.see(game_id, LocalGame())

    def limit(self, bytes_per_s: int | None) -> None:
        """Let no more bytes come in a second, from now on."""
        self._record.limit = self.here.limit = bytes_per_s
        self._write()
        self._fetcher.limit(bytes_per_s)

    async def check(self, game_id: str) -> None:
        """Ask whether there is a newer build of an installed game; where nobody answers, nothing is said."""
        kept = self._record.games.get(game_id)
        if kept is None or self.here.of(game_id).stage not in {"installed", "outdated"}:
            return
        try:
            offered = await self.offered(game_id)
        except SdkError:
            return
        newest = next((one.build_id for one in offered if one.name == (kept.branch or MAIN)), None)
        stage: Stage = "outdated" if newest not in {None, self._builds.get(game_id)} else "installed"
        if self.here.of(game_id).stage in {"installed", "outdated"}:
            self.here.see(game_id, replace(self.here.of(game_id), stage=stage))

    async def play(self, game_id: str, account_id: str) -> Played:
        """Run a game to its end.

        Raises:
            NotPlayed: It was not started.
        """
        known = self.here.of(game_id)
        self.here.see(game_id, replace(known, stage="starting"))
        self._over.clear()
        try:
            return _played(await self._run(game_id, Path(known.folder), UUID(account_id)))
        except NotStarted as refused:
            raise NotPlayed(refused.why) from None
        except StateBusy:
            raise NotPlayed("already_running") from None
        except SignInNeeded:
            raise NotPlayed("sign_in_needed") from None
        except (DescriptionInvalid, SdkError, OSError) as error:
            raise NotPlayed("cannot", str(error)) from error
        finally:
            self.here.see(game_id, known)
            if not any(one.stage in {"starting", "playing"} for one in self.here.games.values()):
                self._over.set()

    async def _run(self, game_id: str, folder: Path, account_id: UUID) -> Outcome:
        option = choose(await asyncio.to_thread(read, folder), None)
        own = await asyncio.to_thread(place, self._data, account_id, UUID(game_id))

        def told(_when: str, _report: Report | None) -> None:
            self.here.see(game_id, replace(self.here.of(game_id), stage="playing"))

        async with GameClient(self._new_api(), own) as client:
            launcher = Launcher(client, folder, option, language=self.language, clock=self._clock, told=told)
            return await launcher.play()

    def _new_api(self) -> Api:
        return Api(self._origin, self._tokens, language=self.language, timeout_s=ORDER_TIMEOUT_S)

    def _stage(self, game_id: str, kept: Kept) -> Stage:
        """Return how things stand in a folder, read without holding it."""
        state = State(Path(kept.folder), Disk())
        installed = state.installed()
        if installed is not None and installed.app == UUID(game_id).bytes:
            self._builds[game_id] = installed.build
            return "queued" if state.journal.exists() else "installed"
        return "queued" if state.journal.exists() else "absent"

    def _complete(self, game_id: str) -> None:
        kept = self._record.games.get(game_id)
        if kept is not None:
            self._record.games[game_id] = msgspec.structs.replace(kept, is_complete=True, is_paused=False)
            self._write()
            self._stage(game_id, kept)

    def _pause(self, game_id: str, *, is_paused: bool) -> None:
        kept = self._record.games.get(game_id)
        if kept is not None and kept.is_paused != is_paused:
            self._record.games[game_id] = msgspec.structs.replace(kept, is_paused=is_paused)
            self._write()

    def _sorted(self) -> list[str]:
        order = self._fetcher.order
        return [
            *(one for one in order if one in self._record.games),
            *(self._record.games.keys() - set(order)),
        ]

    def _write(self) -> None:
        self._record.write(self._file)

    async def _ask(self, method: str, path: str) -> None:
        try:
            await self._api.call(method, path)
        except SdkError:
            return

    async def _look_for_updates(self) -> None:
        while True:
            for game_id in list(self._record.games):
                await self.check(game_id)
            await asyncio.sleep(LOOK_FOR_UPDATES_EVERY_S)

    async def _obey(self) -> None:
        """Do what the player asks of this computer's queue from another one: pause, go on, order, drop."""
        while True:
            await asyncio.sleep(OBEY_EVERY_S)
            if not any(one.stage in UNDER_WAY for one in self.here.games.values()):
                continue
            query = {"device_id": self.device_id, "limit": str(_DOWNLOADS)}
            try:
                rows = (await self._api.call("GET", "/v1/downloads", query=query)).read(_Rows).items
            except SdkError:
                continue
            await self._follow(rows)

    async def _follow(self, rows: Sequence[Download]) -> None:
        """Obey what has changed since the last look; what is as it was, the platform has from this computer itself."""
        found = {one.game_id: one for one in rows}
        for game_id in self._fetcher.order:
            row, before = found.get(game_id), self._rows.get(game_id)
            if row is None:
                if before is not None:
                    self._rows.pop(game_id)
                    await self.drop(game_id)
                continue
            if before is not None and row.state != self._told.get(game_id, before.state):
                if row.state == "paused":
                    self.pause(game_id)
                elif row.state == "queued":
                    self.resume(game_id)
            self._told[game_id] = row.state
        if all(one in self._rows for one in self._fetcher.order):
            wanted = sorted(
                (one for one in self._fetcher.order if one in found), key=lambda one: found[one].position
            )
            for place_, game_id in enumerate(wanted):
                if self._fetcher.order[place_] != game_id:
                    self._fetcher.put(game_id, place_)
        self._rows = found


def _played(outcome: Outcome) -> Played:
    reports = [one for one in (outcome.before, outcome.after) if one is not None]
    return Played(
        outcome.exit_code,
        is_waiting=bool(outcome.waiting) or outcome.after is None,
        conflicts=len({conflict.path for one in reports for conflict in one.conflicts}),
        unsaved=len(reports[-1].problems) if reports else 0,
    )
