"""The computer on which the window runs: its games, what it plays, what the player asks of it from elsewhere."""

import asyncio
import re
import shutil
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import msgspec

from samovar.client.api.library import MAIN, Download, Offered, ShelfGame
from samovar.client.state.downloads.here import UNDER_WAY, Here, NotRemoved, Stage
from samovar.client.state.names import name_of
from samovar.client.window.games import LocalGames
from samovar.client.window.playing import Playing
from samovar.client.window.record import file_of
from samovar.sdk.api import Api, Tokens
from samovar.sdk.clock import Clock, SystemClock
from samovar.sdk.errors import SdkError
from samovar.sdk.launcher.fetching import ORDER_TIMEOUT_S
from samovar.sdk.launcher.machine import device

# Between two looks at what the player asks of this computer from another one.
OBEY_EVERY_S = 5.0
# Until the platform has a queue of this computer: what was asked before it began, such as its speed, holds from the beginning.
NOTICE_EVERY_S = 1.0
# What the player puts into the queue from elsewhere begins so soon, where nothing else is fetched.
LOOK_EVERY_S = 15.0
LOOK_FOR_UPDATES_EVERY_S = 30 * 60.0
_DOWNLOADS = 100
_NO_NAME = re.compile(r"[^A-Za-z0-9._-]+")


class _Rows(msgspec.Struct, frozen=True):
    items: list[Download] = []


class Computer:
    """This computer, at one platform.

    Args:
        data: The folder of what is kept for this person on this machine.
        origin: The platform's address.
        tokens: Of the player.
        here: What screens see.
        language: What the player reads.
        clock: The time.

    Attributes:
        device_id: This computer, as the platform knows it.
        games: What lies on it.
        playing: What runs on it.
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
        def api() -> Api:
            return Api(origin, tokens, language=language, timeout_s=ORDER_TIMEOUT_S)

        clock = clock or SystemClock()
        self._api = api()
        self._language = language
        self._following: list[asyncio.Task[None]] = []
        self.here = here
        self.device_id = device(data)
        self.games = LocalGames(self._api, self.device_id, here, file_of(data, origin), clock=clock)
        self.playing = Playing(data, here, api, language=language, clock=clock)

    async def start(self) -> None:
        """Find out how things stand, go on with what was under way, and follow what the player asks from elsewhere."""
        await self.games.find()
        self._following = [
            asyncio.create_task(self._obey()),
            asyncio.create_task(self._look_for_updates()),
        ]

    async def close(self) -> None:
        """Stop all downloads where they are, and wait until no game runs: its time and saves are told while it does."""
        for task in self._following:
            task.cancel()
        await self.games.fetcher.close()
        await self.playing.over()
        await self._api.close()

    def folder_for(self, name: str) -> Path:
        """Return where a game goes unless somebody says otherwise: beside the last one."""
        parent = self.games.record.parent
        plain = _NO_NAME.sub("-", name).strip(".-") or "game"
        return (Path(parent) if parent else Path.home() / "Games" / "Samovar") / plain

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

    async def check(self, game_id: str) -> None:
        """Ask whether there is a newer build of an installed game; where nobody answers, nothing is said."""
        kept = self.games.record.games.get(game_id)
        if kept is None or self.here.of(game_id).stage not in {"installed", "outdated"}:
            return
        try:
            offered = await self.offered(game_id)
        except SdkError:
            return
        newest = next((one.build_id for one in offered if one.name == (kept.branch or MAIN)), None)
        stage: Stage = "outdated" if newest not in {None, self.games.builds.get(game_id)} else "installed"
        if self.here.of(game_id).stage in {"installed", "outdated"}:
            self.here.see(game_id, replace(self.here.of(game_id), stage=stage))

    async def _look_for_updates(self) -> None:
        while True:
            for game_id in list(self.games.record.games):
                await self.check(game_id)
            await asyncio.sleep(LOOK_FOR_UPDATES_EVERY_S)

    async def _obey(self) -> None:
        pause_s = NOTICE_EVERY_S
        # The first look is one at what was asked while no window was open.
        idle_s = LOOK_EVERY_S
        while True:
            await asyncio.sleep(pause_s)
            is_idle = not any(one.stage in UNDER_WAY for one in self.here.games.values())
            idle_s += pause_s
            pause_s = NOTICE_EVERY_S
            if is_idle and idle_s < LOOK_EVERY_S:
                continue
            idle_s = 0.0
            query = {"device_id": self.device_id, "limit": str(_DOWNLOADS)}
            try:
                rows = (await self._api.call("GET", "/v1/downloads", query=query)).read(_Rows).items
                for row in await self.games.follow(rows):
                    await self._install(row.game_id)
            except (SdkError, NotRemoved):
                pause_s = OBEY_EVERY_S
                continue
            if rows and not is_idle:
                pause_s = OBEY_EVERY_S

    async def _install(self, game_id: str) -> None:
        """Fetch what was asked for from elsewhere to where the last game went."""
        game = (await self._api.call("GET", f"/v1/library/games/{UUID(game_id)}")).read(ShelfGame)
        name = name_of(game.titles, self._language)
        self.games.install(game_id, name, self.folder_for(game.slug or game_id))
