"""Tasks end when they are told to, also those that missed it the first time."""

import asyncio
import contextlib

import pytest

from samovar.kit.tasks import stop, stoppable


async def stubborn() -> None:
    """Miss one cancellation, as `asyncio.wait_for` may before Python 3.12."""
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.Event().wait()
    await asyncio.Event().wait()


async def test_a_task_that_swallowed_its_cancellation_is_cancelled_again() -> None:
    part = asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    async with asyncio.timeout(10):
        await stop(part)
    assert part.cancelled()


async def test_a_group_ends_although_a_child_missed_its_cancellation() -> None:
    async def group() -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(stoppable(stubborn()))
            tasks.create_task(stoppable(asyncio.sleep(600)))

    running = asyncio.create_task(group())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    async with asyncio.timeout(10):
        await stop(running)
    assert running.cancelled()


async def test_what_comes_of_the_work_comes_through() -> None:
    async def work() -> str:
        return "done"

    async def fail() -> None:
        raise ValueError("of the work")

    assert await stoppable(work()) == "done"
    with pytest.raises(ValueError, match="of the work"):
        await stoppable(fail())
