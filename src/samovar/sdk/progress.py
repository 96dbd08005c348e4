"""Achievements and stats: kept on disk first, sent in their order, and counted once however often they are sent."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote
from uuid import UUID

import msgspec

from samovar.sdk.api import Api
from samovar.sdk.clock import Clock
from samovar.sdk.errors import Offline, Refused
from samovar.sdk.state import Outbox, Outgoing, State

WAITING_MAX = 2_000
_ACHIEVEMENT, _STAT, _RATE = "achievement", "stat", "rate"


class ProgressFull(Exception):
    """More waits to be sent than any game needs."""


class Progress:
    """Achievements and stats of one game on one device.

    What a game tells stays in the outbox until the platform has taken it or has said why not. An achievement never goes back, and of
    a stat the last value counts, so of each one call waits; an average rate is sent as often as it was told, under names of its own.

    Args:
        api: The platform.
        state: Where calls wait.
        game_id: The game.
        clock: The time.
        new_id: Makes names.
    """

    def __init__(
        self, api: Api, state: State, *, game_id: UUID, clock: Clock, new_id: Callable[[], UUID]
    ) -> None:
        self._api = api
        self._state = state
        self._outbox = Outbox(state)
        self._path = f"/v1/library/{game_id}"
        self._clock = clock
        self._new_id = new_id
        self._turn = asyncio.Lock()

    def achieve(self, key: str, progress: int | None = None) -> None:
        """Keep that the player has an achievement, or is on the way to it; `send` tells it.

        Args:
            key: The achievement's.
            progress: How far they are; none: they have it.

        Raises:
            ProgressFull: Too much waits.
        """
        name = f"{_ACHIEVEMENT}:{key}"
        if self._state.note(f"told:{key}", bool):
            return
        waiting = self._waiting().get(name)
        before = msgspec.json.decode(waiting.body) if waiting else None
        if before is not None:
            has_more = "progress" not in before or (progress is not None and progress <= before["progress"])
            if has_more:
                return
        body: dict[str, Any] = {"at": self._clock.now().isoformat()}
        if progress is not None:
            body["progress"] = progress
        self._add(name, _ACHIEVEMENT, body)

    def set_stats(self, values: Mapping[str, float]) -> None:
        """Keep new values of stats.

        Raises:
            ProgressFull: Too much waits.
        """
        with self._state.together():
            for key, value in values.items():
                self._add(f"{_STAT}:{key}", _STAT, {"key": key, "value": value})

    def add_rate(self, key: str, count: float, length_s: float, *, update_id: UUID | None = None) -> None:
        """Keep how much there was in how many seconds, for a stat that is an average rate.

        Args:
            key: The stat's.
            count: How much there was.
            length_s: In how long.
            update_id: The game's own name for it, under which it counts once.

        Raises:
            ProgressFull: Too much waits.
        """
        name = str(update_id or self._new_id())
        body = {"stats": [{"key": key, "count": count, "length_s": length_s}], "update_id": name}
        self._add(f"{_RATE}:{name}", _RATE, body)

    async def send(self) -> int:
        """Tell the platform what waits, in its order; return how many calls are left for when it answers again.

        Raises:
            SignInNeeded: The platform does not know the player.
        """
        async with self._turn:
            try:
                for call in self._outbox.all():
                    try:
                        await self._send(call)
                    except Refused as refused:
                        self._outbox.refuse(call.name, refused.code)
                    self._outbox.done(call)
            except Offline:
                pass
            return len(self._outbox.all())

    async def achievements(self) -> list[dict[str, Any]]:
        """Return all achievements of the game as the player has them, what waits to be sent included.

        Raises:
            Offline: The platform does not answer.
            Refused: The game is not the player's.
            SignInNeeded: The platform does not know the player.
        """
        await self.send()
        items = (await self._api.call("GET", f"{self._path}/achievements")).read(dict[str, Any])["items"]
        return list(items)

    async def stats(self) -> dict[str, float]:
        """Return the stats of the game as the player has them.

        Raises:
            Offline: The platform does not answer.
            Refused: The game is not the player's.
            SignInNeeded: The platform does not know the player.
        """
        await self.send()
        items = (await self._api.call("GET", f"{self._path}/stats")).read(dict[str, Any])["items"]
        return {str(item["key"]): float(item["value"]) for item in items}

    def refused(self) -> list[tuple[str, str]]:
        """Return what the platform did not take, by name, and why: `achievement:first` of a game that defines none such, say."""
        return self._outbox.refused()

    async def _send(self, call: Outgoing) -> None:
        body = msgspec.json.decode(call.body)
        if call.kind == _ACHIEVEMENT:
            key = quote(call.name.partition(":")[2], safe="")
            await self._api.call("PUT", f"{self._path}/achievements/{key}", json=body)
            if "progress" not in body:
                # Games tell it again each time they start.
                self._state.put_note(f"told:{call.name.partition(':')[2]}", True)
        elif call.kind == _STAT:
            await self._api.call("PATCH", f"{self._path}/stats", json={"stats": [body]})
        else:
            await self._api.call("PATCH", f"{self._path}/stats", json=body)

    def _waiting(self) -> dict[str, Outgoing]:
        return {call.name: call for call in self._outbox.all()}

    def _add(self, name: str, kind: str, body: dict[str, Any]) -> None:
        waiting = self._waiting()
        if name not in waiting and len(waiting) >= WAITING_MAX:
            raise ProgressFull(name)
        self._outbox.add(name, kind, msgspec.json.encode(body))
