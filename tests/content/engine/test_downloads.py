"""A queue runs the first ones, stops who is paused, moved back or taken out, and never shows less than it has shown."""

import asyncio

import pytest

from samovar.content.engine.downloads import Download, Queue, Steady
from samovar.content.engine.installing import Progress, Tell
from samovar.content.install.errors import NoSpace


class Game:
    """A download that goes on until it is let go."""

    def __init__(self) -> None:
        self.started = 0
        self.stopped = 0
        self.go = asyncio.Event()
        self.error: Exception | None = None

    async def __call__(self, tell: Tell) -> None:
        self.started += 1
        tell(Progress(self.started, 10, 0))
        try:
            await self.go.wait()
        except asyncio.CancelledError:
            self.stopped += 1
            raise
        if self.error:
            raise self.error


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


def statuses(queue: Queue) -> dict[str, str]:
    return {one.name: one.status for one in queue.downloads}


def games(queue: Queue, *names: str) -> dict[str, Game]:
    made = {name: Game() for name in names}
    for name, game in made.items():
        queue.add(name, game)
    return made


async def test_the_first_ones_run_and_the_next_follow() -> None:
    queue = Queue(active=2)
    made = games(queue, "a", "b", "c")
    await settle()
    assert statuses(queue) == {"a": "running", "b": "running", "c": "queued"}
    made["a"].go.set()
    await settle()
    assert statuses(queue) == {"a": "done", "b": "running", "c": "running"}
    for game in made.values():
        game.go.set()
    await queue.wait()
    assert {*statuses(queue).values()} == {"done"}


async def test_who_is_paused_is_stopped_and_goes_on_when_resumed() -> None:
    queue = Queue()
    made = games(queue, "a", "b")
    await settle()
    queue.pause("a")
    await settle()
    assert statuses(queue) == {"a": "paused", "b": "running"}
    assert made["a"].stopped == 1
    queue.resume("a")
    await settle()
    assert statuses(queue) == {"a": "running", "b": "queued"}
    assert made["a"].started == 2
    await queue.close()
    assert statuses(queue) == {"a": "paused", "b": "paused"}


async def test_who_is_moved_to_the_front_runs_after_the_other_has_stopped() -> None:
    queue = Queue()
    made = games(queue, "a", "b", "c")
    await settle()
    queue.move("c", 0)
    await settle()
    assert statuses(queue) == {"c": "running", "a": "queued", "b": "queued"}
    assert (made["a"].stopped, made["b"].started) == (1, 0)
    await queue.close()


async def test_who_fails_says_why_and_may_be_tried_again() -> None:
    told: list[tuple[str, str]] = []
    queue = Queue(changed=lambda one: told.append((one.name, one.status)))
    game = games(queue, "a")["a"]
    game.error = NoSpace(5)
    game.go.set()
    await queue.wait()
    assert isinstance(queue.downloads[0].error, NoSpace)
    game.error = None
    queue.resume("a")
    await queue.wait()
    assert [status for _, status in told] == ["running", "failed", "queued", "running", "done"]


async def test_who_is_taken_out_is_stopped_before_that_returns() -> None:
    queue = Queue()
    made = games(queue, "a", "b")
    await settle()
    await queue.remove("a")
    assert made["a"].stopped == 1
    await settle()
    assert statuses(queue) == {"b": "running"}
    with pytest.raises(LookupError):
        queue.pause("a")
    with pytest.raises(ValueError, match="already"):
        queue.add("b", made["b"])
    await queue.close()


def test_progress_never_goes_back() -> None:
    seen: list[Progress] = []
    steady = Steady(seen.append)
    for done, total in ((1, 10), (5, 10), (0, 4), (6, 12)):
        steady(Progress(done, total, done))
    assert [(one.done, one.total) for one in seen] == [(1, 10), (5, 10), (5, 10), (6, 12)]
    assert Download("a", Game()).progress.done == 0
