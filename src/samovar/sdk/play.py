"""Play time: told each minute while the platform answers, kept and told later where it does not, and never told twice.

While the game runs, one run is open. The platform counts what it hears of by its own clock; the rest is told as a whole, as an
offline session under a name of its own. Whatever kills the launcher, the next one finds the run and tells it to its last minute.

What the player does in the game, as the game says it, is another matter: the last word counts, only while the session lasts, and nothing of it is
kept on disk, since what was done an hour ago nobody wants to read.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID, uuid5

import msgspec

from samovar.sdk.api import Api
from samovar.sdk.clock import Clock
from samovar.sdk.errors import Offline, Refused
from samovar.sdk.state import Outbox, Run, Runs, State

BEAT_EVERY_S = 60
# Limits of the platform on what one device tells of later.
AT_ONCE_MAX = 100
RUN_S_MAX = 24 * 3_600
TOLD_EVERY_S = 5.0
_NOT_FOUND, _CONFLICT, _INVALID = 404, 409, 422
_GONE = {_NOT_FOUND, _CONFLICT}

Word = Literal["online", "offline", "not_owned", "not_out", "in_use", "too_many"]


class _Session(msgspec.Struct, frozen=True):
    session_id: str
    end_reason: str | None = None


class PlayTime:
    """The play time of one game on one device.

    Args:
        api: The platform.
        state: Where runs are kept.
        game_id: The game.
        device_id: This machine, as the platform knows it: letters, digits, `.`, `_`, `-`, at most 64.
        clock: The time.
        new_id: Makes names.
    """

    def __init__(
        self,
        api: Api,
        state: State,
        *,
        game_id: UUID,
        device_id: str,
        clock: Clock,
        new_id: Callable[[], UUID],
    ) -> None:
        self._api = api
        self._runs = Runs(state)
        self._outbox = Outbox(state)
        self._path = f"/v1/library/{game_id}/play-sessions"
        self._device_id = device_id
        self._clock = clock
        self._new_id = new_id
        self._run: Run | None = None
        self._measured_from = 0.0

    @property
    def session_id(self) -> str | None:
        """The session that runs now, as the platform names it; none while it does not know of it."""
        return self._run.server_id if self._run else None

    async def start(self) -> Word:
        """Begin a run; one that another launcher left open is over. Say what the platform says to it.

        Raises:
            SignInNeeded: The platform does not know the player; the run is kept all the same.
        """
        for left in self._runs.all():
            if not left.is_over:
                self._runs.put(msgspec.structs.replace(left, is_over=True))
        self._open()
        return await self._announce()

    async def beat(self) -> Word:
        """Tell that the game still runs; call it each `BEAT_EVERY_S` seconds.

        Raises:
            SignInNeeded: As above.
        """
        run = self._seen()
        if run.server_id is None:
            return await self._announce()
        try:
            await self._api.call("POST", f"{self._path}/{run.server_id}/heartbeat", json={"seq": run.seq + 1})
        except Offline:
            return "offline"
        except Refused as refused:
            if refused.status not in _GONE:
                raise
            # It went silent, or its licence ended: what the platform has not counted is told as a whole, the rest is a new session.
            self._runs.replace(run, self._untold(run))
            self._open()
            return await self._announce()
        self._keep(msgspec.structs.replace(run, seq=run.seq + 1, acked_at=run.seen_at))
        return "online"

    async def stop(self) -> None:
        """End the run; what cannot be told is kept.

        Raises:
            SignInNeeded: As above.
        """
        self._runs.put(msgspec.structs.replace(self._seen(), is_over=True))
        self._run = None
        await self.tell()

    async def tell(self) -> int:
        """Tell of all runs that are over; return how many are left to be told when the platform answers again.

        Raises:
            SignInNeeded: As above.
        """
        try:
            for run in self._runs.all():
                if run.is_over and not run.is_offline:
                    await self._end(run)
            await self._tell_offline()
        except Offline:
            pass
        return sum(run.is_over for run in self._runs.all())

    def _open(self) -> None:
        now = self._clock.now().timestamp()
        self._measured_from = self._clock.monotonic()
        self._keep(Run(name=str(self._new_id()), started_at=now, seen_at=now))

    def _seen(self) -> Run:
        """Return the run that is open, seen now. A clock that was set meanwhile, and a machine that slept, add nothing."""
        if self._run is None:
            raise RuntimeError("no run is open")
        seen_at = self._run.started_at + self._clock.monotonic() - self._measured_from
        self._keep(msgspec.structs.replace(self._run, seen_at=seen_at))
        return self._run

    def _keep(self, run: Run) -> None:
        self._run = run
        self._runs.put(run)

    async def _announce(self) -> Word:
        """Begin the open run on the platform; what ran before that is told as a whole."""
        run = self._run
        if run is None:
            raise RuntimeError("no run is open")
        body = {"device_id": self._device_id, "client_session_id": run.name}
        try:
            begun = (await self._api.call("POST", self._path, json=body)).read(_Session)
        except Offline:
            return "offline"
        except Refused as refused:
            return _word_of(refused)
        if begun.end_reason is not None:
            # The platform had begun it before its answer was lost, and it went silent since.
            self._runs.replace(run, self._untold(run))
            self._open()
            return await self._announce()
        untold = self._untold(run)
        self._keep(msgspec.structs.replace(run, server_id=begun.session_id, acked_at=run.seen_at))
        if untold:
            self._runs.put(untold)
            await self.tell()
        return "online"

    def _untold(self, run: Run) -> Run | None:
        """Return what the platform has not counted of a run, as one that is to be told."""
        begun_at = run.started_at if run.acked_at is None else run.acked_at
        if int(run.seen_at) <= int(begun_at):
            return None
        return Run(
            name=str(self._new_id()), started_at=begun_at, seen_at=run.seen_at, is_offline=True, is_over=True
        )

    async def _end(self, run: Run) -> None:
        """End a run on the platform, which counts it; what it did not hear of remains."""
        if run.server_id is None:
            self._runs.replace(run, self._untold(run))
            return
        try:
            ended = (await self._api.call("POST", f"{self._path}/{run.server_id}/end")).read(_Session)
            is_counted = ended.end_reason == "ended"
        except Refused as refused:
            if refused.status not in _GONE:
                raise
            is_counted = False
        self._runs.replace(run, None if is_counted else self._untold(run))

    async def _tell_offline(self) -> None:
        while waiting := [run for run in self._runs.all() if run.is_over and run.is_offline]:
            told, pieces = _batch(waiting)
            if not pieces:
                self._runs.drop([run.name for run in told])
                continue
            body = {"device_id": self._device_id, "sessions": [piece for _, piece in pieces]}
            try:
                await self._api.call("POST", f"{self._path}/offline", json=body)
            except Refused as refused:
                self._give_up(refused, [name for name, _ in pieces])
                continue
            self._runs.drop([run.name for run in told])

    def _give_up(self, refused: Refused, names: Sequence[str]) -> None:
        """Drop the runs that the platform does not believe, or all where it names none; the others are told again."""
        blamed: dict[str, str] = {}
        for fault in refused.problem.get("errors") or []:
            place = str(fault.get("field", "")).partition("[")[2].partition("]")[0]
            if place.isdecimal() and int(place) < len(names):
                blamed[names[int(place)]] = str(fault.get("code"))
        for name in blamed or dict.fromkeys(names, refused.code):
            self._outbox.refuse(f"run {name}", blamed.get(name, refused.code))
            self._runs.drop([name])


class Doing(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A phrase of the game's with what it wants to be filled in, or a text."""

    phrase: str | None = None
    text: str | None = None
    parameters: dict[str, str] = {}


class PresenceTeller:
    """Tells what the player of one game does.

    Args:
        api: The platform.
        state: Where it is noted what the platform did not take.
        play: The session in which it is told.
        game_id: The game.
    """

    def __init__(self, api: Api, state: State, play: PlayTime, *, game_id: UUID) -> None:
        self._api = api
        self._outbox = Outbox(state)
        self._play = play
        self._path = f"/v1/library/{game_id}/play-sessions"
        self._wanted: Doing | None = None
        self._told: tuple[str, Doing | None] | None = None
        self._woken = asyncio.Event()

    def show(self, doing: Doing | None) -> None:
        """Say what the player does; none: nothing any more."""
        self._wanted = doing
        self._woken.set()

    def wake(self) -> None:
        """Look whether the platform has heard it in the session that runs now."""
        self._woken.set()

    async def send(self) -> bool:
        """Tell the platform, unless it knows; return whether it does now.

        Raises:
            SignInNeeded: The platform does not know the player.
        """
        session_id, doing = self._play.session_id, self._wanted
        if session_id is None:
            return doing is None
        known = self._told[1] if self._told and self._told[0] == session_id else None
        if known == doing:
            return True
        path = f"{self._path}/{session_id}/presence"
        try:
            if doing is None:
                await self._api.call("DELETE", path)
            else:
                await self._api.call("PUT", path, json=doing)
        except Offline:
            return False
        except Refused as refused:
            if refused.status in _GONE:
                # The next heartbeat begins another session.
                return False
            self._outbox.refuse("presence", _blamed(refused))
        self._told = (session_id, doing)
        return True

    async def tell(self, every_s: float = TOLD_EVERY_S) -> None:
        """Tell the platform whenever there is something new, until it is called off.

        Raises:
            SignInNeeded: As above.
        """
        while True:
            await self._woken.wait()
            self._woken.clear()
            await self.send()
            await asyncio.sleep(every_s)


def _batch(waiting: Sequence[Run]) -> tuple[list[Run], list[tuple[str, dict[str, Any]]]]:
    """Return the first runs whose pieces go together, and these."""
    told, pieces = [waiting[0]], _pieces(waiting[0])[-AT_ONCE_MAX:]
    for run in waiting[1:]:
        if len(pieces) + len(_pieces(run)) > AT_ONCE_MAX:
            break
        told.append(run)
        pieces += _pieces(run)
    return told, pieces


def _pieces(run: Run) -> list[tuple[str, dict[str, Any]]]:
    """Return a run as sessions of at most a day, each with the name of the run; less than a second is none."""
    begins = range(int(run.started_at), int(run.seen_at), RUN_S_MAX)
    return [
        (
            run.name,
            {
                "client_session_id": run.name
                if begin == begins[0]
                else str(uuid5(UUID(run.name), str(begin))),
                "started_at": datetime.fromtimestamp(begin, UTC).isoformat(),
                "ended_at": datetime.fromtimestamp(min(begin + RUN_S_MAX, int(run.seen_at)), UTC).isoformat(),
            },
        )
        for begin in begins
    ]


def _word_of(refused: Refused) -> Word:
    words: dict[str, Word] = {
        "library.game_not_found": "not_owned",
        "library.not_out": "not_out",
        "library.shared_game_in_use": "in_use",
        "library.too_many_play_sessions": "too_many",
    }
    if refused.code not in words:
        raise refused
    return words[refused.code]


def _blamed(refused: Refused) -> str:
    """Return the code of the first field that the platform blames, which says more than that one is wrong."""
    for fault in refused.problem.get("errors") or []:
        return f"{fault.get('field')}: {fault.get('code')}"
    return refused.code
