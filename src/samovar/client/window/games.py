"""The games of this computer: which lie where, what is done to each, and what is kept of it over a restart."""

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import msgspec

from samovar.client.api.library import Download
from samovar.client.state.downloads.here import Here, LocalGame, NotRemoved, Stage
from samovar.client.window.fetching import Fetcher
from samovar.client.window.record import Kept, Record
from samovar.content.engine.installing import open_folder
from samovar.content.format.errors import ContentError
from samovar.content.install.disk import Disk
from samovar.content.install.errors import Occupied
from samovar.content.install.state import State
from samovar.sdk.api import Api
from samovar.sdk.clock import Clock
from samovar.sdk.errors import SdkError

_BUSY = frozenset({"starting", "playing", "removing"})


class LocalGames:
    """The games.

    Args:
        api: The platform, as the player.
        device_id: This computer, as the platform knows it.
        here: What screens see.
        file: What is kept of them.
        clock: The time.

    Attributes:
        record: What is kept.
        builds: What is installed of each.
        fetcher: Their queue.
    """

    def __init__(self, api: Api, device_id: str, here: Here, file: Path, *, clock: Clock) -> None:
        self._api = api
        self._device_id = device_id
        self._here = here
        self._file = file
        self.record = Record.read(file)
        self.builds: dict[str, str] = {}
        self.fetcher = Fetcher(
            api, device_id, here, clock=clock, limit=self.record.limit, ended=self._complete
        )
        # The platform's queue as it was seen last.
        self._rows: dict[str, Download] = {}
        # The next look at it may have begun before the platform was told of the limit.
        self._is_look_old = False
        here.limit = self.record.limit

    async def find(self) -> None:
        """Find out how things stand, and go on with what was under way."""
        for game_id, kept in list(self.record.games.items()):
            stage = await asyncio.to_thread(self._stage, game_id, kept)
            if stage == "absent" and kept.is_complete:
                # Somebody has removed it, or its disk is not plugged in: it is asked for again where it is wanted.
                del self.record.games[game_id]
            elif stage == "installed":
                self._here.see(game_id, LocalGame("installed", kept.folder, kept.name))
            else:
                self.fetcher.add(game_id, kept, paused=kept.is_paused)

    def install(
        self,
        game_id: str,
        name: str,
        folder: Path,
        *,
        branch: str | None = None,
        password: str | None = None,
    ) -> None:
        """Put a game into the queue, to be fetched into a folder; `branch` and `password` as in `Kept`."""
        kept = Kept(folder=str(folder), name=name, branch=branch, password=password)
        self.record.games[game_id] = kept
        self.record.parent = str(folder.parent)
        self._write()
        self.fetcher.add(game_id, kept)

    def update(self, game_id: str, *, whole: bool = False) -> None:
        """Bring an installed game to its newest build; with `whole` every byte is looked at and mended."""
        if kept := self.record.games.get(game_id):
            self._pause(game_id, is_paused=False)
            self.fetcher.add(game_id, kept, whole=whole)

    def pause(self, game_id: str) -> None:
        """Stop a game's download where it is, also over a restart."""
        self.fetcher.pause(game_id)
        self._pause(game_id, is_paused=True)

    def resume(self, game_id: str) -> None:
        """Let a download go on that is paused or has failed."""
        self.fetcher.resume(game_id)
        self._pause(game_id, is_paused=False)

    async def move_up(self, game_id: str) -> None:
        """Move a download one place up."""
        order = self.fetcher.order
        at = order.index(game_id) if game_id in order else 0
        if not at:
            return
        above = self._rows.get(order[at - 1])
        self.fetcher.put(game_id, at - 1)
        order = self.fetcher.order
        rest = [one for one in self.record.games if one not in order]
        self.record.games = {
            one: self.record.games[one] for one in (*order, *rest) if one in self.record.games
        }
        self._write()
        if above is not None:
            await self.fetcher.tell(game_id, position=above.position)

    async def drop(self, game_id: str) -> None:
        """Take a download out of the queue; what is on the disk of a game that was never complete goes as well.

        Raises:
            NotRemoved: As `remove`.
        """
        kept = self.record.games.get(game_id)
        await self._leave(game_id)
        if kept is not None and kept.is_complete:
            stage = await asyncio.to_thread(self._stage, game_id, kept)
            if stage == "installed":
                self._here.see(game_id, LocalGame("installed", kept.folder, kept.name))
                return
            # An update that has begun cannot be undone: it waits, and nothing of the game is lost.
            self._pause(game_id, is_paused=True)
            self.fetcher.add(game_id, kept, paused=True)
            return
        await self.remove(game_id)

    async def remove(self, game_id: str) -> None:
        """Take a game off this computer; the player's own files stay in its folder.

        Raises:
            NotRemoved: The disk does not let go of it, or another process works on it.
        """
        kept = self.record.games.get(game_id)
        before = self._here.of(game_id)
        if kept is None or before.stage in _BUSY:
            return
        await self._leave(game_id)
        self._here.see(game_id, replace(before, stage="removing"))
        try:
            async with open_folder(Path(kept.folder), self.fetcher.pool) as folder:
                await folder.remove(UUID(game_id).bytes)
        except Occupied:
            # Another game lies there: this one never did.
            pass
        except (ContentError, OSError) as error:
            self._here.see(game_id, before)
            raise NotRemoved(str(error)) from error
        del self.record.games[game_id]
        self._write()
        self._here.see(game_id, LocalGame())

    async def limit(self, bytes_per_s: int | None) -> None:
        """Let no more bytes come in a second, from now on; the platform is told, now or when it is there and has a queue."""
        self._limit(bytes_per_s, is_told=False)
        await self._tell_limit()

    async def _tell_limit(self) -> None:
        told = self.record.limit
        try:
            await self._api.call("PUT", f"/v1/downloads/limits/{self._device_id}", json={"bytes_per_s": told})
        except SdkError:
            return
        self._is_look_old = True
        self.record.is_limit_told = told == self.record.limit
        self._write()

    def _limit(self, bytes_per_s: int | None, *, is_told: bool) -> None:
        self.record.limit = self._here.limit = bytes_per_s
        self.record.is_limit_told = is_told
        self._write()
        self.fetcher.limit(bytes_per_s)

    async def follow(self, rows: Sequence[Download]) -> list[Download]:
        """Do what the player asks of this queue from elsewhere: what has changed there since the last look.

        Args:
            rows: The platform's queue of this computer.

        Returns:
            What was put there, and is not on this computer yet.
        """
        await self._obey_limit(rows)
        asked = await self._asked(rows)
        found = {one.game_id: one for one in rows}
        for game_id in self.fetcher.order:
            row, before = found.get(game_id), self._rows.get(game_id)
            if row is None and before is not None:
                del self._rows[game_id]
                await self.drop(game_id)
            elif row is not None:
                former = self.fetcher.heard.get(game_id, row.state)
                self.fetcher.heard[game_id] = row.state
                if before is not None and row.state != former:
                    self._obey(row)
        # A place is a wish as well, once the platform knows them all.
        wanted = sorted(
            (one for one in self.fetcher.order if one in found), key=lambda one: found[one].position
        )
        if len(wanted) == len(self.fetcher.order) and all(one in self._rows for one in wanted):
            for place, game_id in enumerate(wanted):
                if self.fetcher.order[place] != game_id:
                    self.fetcher.put(game_id, place)
        self._rows = found
        return asked

    async def _asked(self, rows: Sequence[Download]) -> list[Download]:
        asked = []
        dropped = []
        for row in rows:
            if row.game_id in self.record.games:
                continue
            if row.id in self.record.dropped:
                # The platform was away when it was told; or these rows were read before.
                dropped.append(row.id)
                await self._forget(row.id)
            elif row.state == "queued":
                asked.append(row)
        if dropped != self.record.dropped:
            self.record.dropped = dropped
            self._write()
        return asked

    async def _obey_limit(self, rows: Sequence[Download]) -> None:
        is_old, self._is_look_old = self._is_look_old, False
        if not rows or is_old:
            return
        if not self.record.is_limit_told:
            await self._tell_limit()
        elif rows[0].limit_bytes_per_s != self.record.limit:
            self._limit(rows[0].limit_bytes_per_s, is_told=True)

    def _obey(self, row: Download) -> None:
        if row.state == "paused":
            self.pause(row.game_id)
        elif row.state == "queued":
            self.resume(row.game_id)

    async def _leave(self, game_id: str) -> None:
        """Take a game out of the queue, here and at the platform."""
        row_id = row.id if (row := self._rows.pop(game_id, None)) else self.fetcher.row(game_id)
        await self.fetcher.drop(game_id)
        if row_id is not None:
            self.record.dropped.append(row_id)
            self._write()
            await self._forget(row_id)

    async def _forget(self, row_id: str) -> None:
        with contextlib.suppress(SdkError):
            await self._api.call("DELETE", f"/v1/downloads/{row_id}")

    def _stage(self, game_id: str, kept: Kept) -> Stage:
        """Return how things stand in a folder, read without holding it."""
        state = State(Path(kept.folder), Disk())
        installed = state.installed()
        is_under_way = state.journal.exists()
        if installed is not None and installed.app == UUID(game_id).bytes:
            self.builds[game_id] = installed.build
            return "queued" if is_under_way else "installed"
        return "queued" if is_under_way else "absent"

    def _complete(self, game_id: str) -> None:
        kept = self.record.games.get(game_id)
        if kept is not None:
            self.record.games[game_id] = msgspec.structs.replace(kept, is_complete=True, is_paused=False)
            self._write()
            self._stage(game_id, kept)

    def _pause(self, game_id: str, *, is_paused: bool) -> None:
        kept = self.record.games.get(game_id)
        if kept is not None and kept.is_paused != is_paused:
            self.record.games[game_id] = msgspec.structs.replace(kept, is_paused=is_paused)
            self._write()

    def _write(self) -> None:
        # A full disk keeps nobody from playing or removing a game: the next change is kept with what was not.
        with contextlib.suppress(OSError):
            self.record.write(self._file)
