"""Work in threads: so much at once and no more, whoever gives up meanwhile."""

import asyncio
import threading

import pytest

from samovar.kit.errors import RateLimited
from samovar.kit.tasks.threads import Threads


class Busy(RateLimited):
    """Too much waits."""

    code = "tests.busy"


async def test_what_a_thread_returns_or_raises_comes_back() -> None:
    with Threads("tests", threads=1, queue_max=0, busy=Busy) as threads:
        assert await threads.work(divmod, 7, 2) == (3, 1)
        with pytest.raises(ZeroDivisionError):
            await threads.work(divmod, 7, 0)
        assert await threads.work(divmod, 7, 2) == (3, 1)


async def test_a_caller_who_gives_up_frees_no_thread() -> None:
    go, begun = threading.Event(), threading.Event()

    def wait() -> bool:
        begun.set()
        return go.wait(10)

    with Threads("tests", threads=1, queue_max=1, busy=Busy) as threads:
        first = asyncio.create_task(threads.work(wait))
        assert await asyncio.to_thread(begun.wait, 10)
        second = asyncio.create_task(threads.work(wait))
        await asyncio.sleep(0)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        with pytest.raises(Busy) as refused:
            await threads.work(wait)
        assert refused.value.retry_after_s == pytest.approx(2.0)
        go.set()
        assert await second
        assert await threads.work(divmod, 7, 2) == (3, 1)
