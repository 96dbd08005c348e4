"""One actor at a time, and a seed that decides who, where it dies, and what it hears.

An actor is a task with gates in it: before a transaction, before its commit, after it, around each call outside. It runs alone from
gate to gate. At each gate the seed says who goes on, and whether this one dies here: before the commit its transaction is rolled
back, after it nobody hears the answer. What a statement waits for in PostgreSQL is a lock of an actor that stands at a gate inside
its transaction: then that one is let go on.

Each actor draws from a chance of its own, and time moves only when the scheduler moves it: the same seed is the same run.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from samovar.kit.errors import SamovarError

START = datetime(2026, 11, 27, 12, tzinfo=UTC)
CRASHES = 0.015
PAUSES_IN_TRANSACTIONS = 0.15
SKEW_S = 2.0
BLOCKED_AFTER_S = 0.04


class Crash(BaseException):
    """The process of an actor dies here."""


class Actor:
    """Something that goes on by itself: a request, a delivery, a turn of a job.

    Attributes:
        resumed: Set while it stands at a gate.
        skew: How far the clock of its process is off.
    """

    def __init__(self, name: str, chance: Random) -> None:
        self.name = name
        self.chance = chance
        self.gate = ""
        self.resumed: asyncio.Future[None] | None = None
        self.task: asyncio.Task[None] | None = None
        self.skew = timedelta(seconds=chance.uniform(-SKEW_S, SKEW_S))

    @property
    def is_running(self) -> bool:
        """Whether it is between two gates."""
        return self.resumed is None and self.task is not None and not self.task.done()


class Scheduler:
    """Runs the actors of one seed.

    Args:
        seed: Decides everything.
        blocked: Counts the statements that wait for a lock.

    Attributes:
        is_calm: No more faults: everything is let run to its end.
        trace: What happened, in order.
        failures: What no actor may die of.
    """

    def __init__(self, seed: int, blocked: Callable[[], Awaitable[int]]) -> None:
        self.seed = seed
        self.chance = Random(seed)
        self.at = START
        self.is_calm = False
        self.trace: list[str] = []
        self.failures: list[str] = []
        self._blocked = blocked
        self._actors: list[Actor] = []
        self._spawned = 0
        self._moved = asyncio.Event()

    @property
    def busy(self) -> int:
        """How many actors have not ended."""
        return len(self._actors)

    def tell(self, what: str) -> None:
        """Write what happened."""
        self.trace.append(what)

    async def spawn(self, name: str, act: Callable[[], Awaitable[object]]) -> Actor:
        """Let a new actor begin; it stands at its first gate then."""
        self._spawned += 1
        actor = Actor(f"{name}#{self._spawned}", Random(f"{self.seed}:{self._spawned}"))
        self._actors.append(actor)
        actor.task = asyncio.create_task(self._live(actor, act))
        actor.task.add_done_callback(lambda _: self._moved.set())
        await self._settle()
        return actor

    async def gate(self, name: str) -> None:
        """Stand here until it is this actor's turn; its process may die instead.

        Raises:
            Crash: It does.
        """
        actor = _acting.get()
        if actor is None:
            return
        if not self.is_calm and name != "start" and actor.chance.random() < CRASHES:
            self.tell(f"{actor.name} dies at {name}")
            raise Crash(name)
        if name == "commit" and (self.is_calm or actor.chance.random() > PAUSES_IN_TRANSACTIONS):
            return
        if self.is_calm and name != "start":
            return
        if actor.resumed is not None:
            raise RuntimeError(f"{actor.name} is in two places: {actor.gate} and {name}")
        actor.gate = name
        actor.resumed = asyncio.get_running_loop().create_future()
        self._moved.set()
        await actor.resumed

    def roll(self, share: float) -> bool:
        """Whether a fault of this probability happens to the actor that runs."""
        actor = _acting.get()
        return actor is not None and not self.is_calm and actor.chance.random() < share

    async def step(self) -> bool:
        """Let one actor go on to its next gate; false when none waits."""
        waiting = [actor for actor in self._actors if actor.resumed is not None]
        if not waiting:
            return False
        actor = self.chance.choice(waiting)
        resumed, actor.resumed = actor.resumed, None
        if resumed is not None:
            resumed.set_result(None)
        self.tell(f"{actor.name} {actor.gate}")
        await self._settle()
        return True

    async def end(self) -> None:
        """Kill whatever is left."""
        for actor in self._actors:
            if actor.task is not None:
                actor.task.cancel()
        await asyncio.gather(*(actor.task for actor in self._actors if actor.task), return_exceptions=True)

    async def _settle(self) -> None:
        """Wait until everybody stands at a gate, has ended, or waits for a lock of one that stands."""
        while running := [actor for actor in self._actors if actor.is_running]:
            self._moved.clear()
            try:
                async with asyncio.timeout(BLOCKED_AFTER_S):
                    await self._moved.wait()
            except TimeoutError:
                if len(running) < len(self._actors) and await self._blocked() >= len(running):
                    break
        self._actors = [actor for actor in self._actors if actor.task and not actor.task.done()]

    async def _live(self, actor: Actor, act: Callable[[], Awaitable[object]]) -> None:
        _acting.set(actor)
        try:
            await self.gate("start")
            await act()
        except Crash:
            pass
        except SamovarError as error:
            self.tell(f"{actor.name} is refused: {error.code}")
        except Exception as error:  # noqa: BLE001  it is what the run is for
            self.failures.append(f"{actor.name}: {type(error).__name__}: {error}")


_acting: ContextVar[Actor | None] = ContextVar("acting", default=None)


class VirtualClock:
    """Time as the actor's process sees it."""

    def __init__(self) -> None:
        self.scheduler: Scheduler | None = None

    def now(self) -> datetime:
        """Return the time, as far off as the clock of this process is."""
        at = self.scheduler.at if self.scheduler else START
        actor = _acting.get()
        return at + actor.skew if actor and self.scheduler and not self.scheduler.is_calm else at

    def monotonic(self) -> float:
        """Return seconds since the start."""
        return (self.scheduler.at - START).total_seconds() if self.scheduler else 0.0


class Ids:
    """Ids out of the seed, not out of the air."""

    def __init__(self) -> None:
        self.scheduler: Scheduler | None = None

    def __call__(self) -> UUID:
        actor = _acting.get()
        chance = actor.chance if actor else self.scheduler.chance if self.scheduler else Random(0)
        return UUID(int=chance.getrandbits(128), version=4)
