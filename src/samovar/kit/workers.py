"""Jobs: what a service does by the clock.

    @every(60)
    async def expire_quotes(quotes: Quotes) -> None: ...

A job gets what `build()` returns, by parameter name. One that raises is logged and runs again at its next turn. A job that never
returns is a long loop: it is started again when it fails.

`alone` (the default) means one run over all processes of the service: the turn is a row in the service's database, leased
by whoever runs and prolonged while it runs. A process that dies loses the lease after `LEASE_S`; a process that can no
longer prolong it stops the run before another one begins.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import ModuleType
from typing import Any, Literal
from uuid import UUID

import msgspec
import structlog

from samovar.kit import metrics, tracing
from samovar.kit.database import Database
from samovar.kit.errors import SamovarError
from samovar.kit.ids import IdSource, new_id
from samovar.kit.injection import bind
from samovar.kit.tasks import stop, stoppable

LEASE_S = 30.0
LEASE_PROLONG_EVERY_S = 10.0
# How far processes started together drift apart: a share of the interval, and at most so many seconds.
JITTER_SHARE = 0.1
JITTER_MAX_S = 5.0
ERROR_LENGTH_MAX = 1_000

_ANNOUNCE = "INSERT INTO kit.jobs (name, next_run_at) VALUES ($1, now()) ON CONFLICT DO NOTHING"
_CLAIM = """
    UPDATE kit.jobs
    SET holder = $2, leased_until = now() + make_interval(secs => $3), next_run_at = now() + make_interval(secs => $4)
    WHERE name = $1 AND next_run_at <= now() AND (leased_until IS NULL OR leased_until < now())
"""
_WAIT = """
    SELECT extract(epoch FROM greatest(next_run_at, leased_until) - now())::float8 FROM kit.jobs WHERE name = $1
"""
_PROLONG = """
    UPDATE kit.jobs SET leased_until = now() + make_interval(secs => $3) WHERE name = $1 AND holder = $2
"""
_FINISH = """
    UPDATE kit.jobs
    SET holder = NULL, leased_until = NULL, last_error = $3,
        last_done_at = CASE WHEN $3::text IS NULL THEN now() ELSE last_done_at END
    WHERE name = $1 AND holder = $2
"""

Where = Literal["inline", "worker"]
Step = Callable[[], Awaitable[object]]
log = structlog.get_logger(__name__)


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """A function and when it runs; see `every`."""

    name: str
    seconds: float
    alone: bool
    where: Where
    function: Callable[..., Any]


def every(
    seconds: float, *, alone: bool = True, where: Where = "inline"
) -> Callable[[Callable[..., Any]], Job]:
    """Declare a job.

    Args:
        seconds: From the start of one run to the start of the next; a run that takes longer delays the next one.
        alone: One run over all processes; false runs in each of them.
        where: `worker` for what is heavy on the processor: it runs under `samovar work`, never in the serving loop.
    """
    if seconds <= 0:
        raise ValueError("a job's interval is more than 0 seconds")

    def declare(function: Callable[..., Any]) -> Job:
        return Job(name=function.__name__, seconds=seconds, alone=alone, where=where, function=function)

    return declare


def jobs_in(module: ModuleType) -> tuple[Job, ...]:
    """Return the jobs that `module` declares, in the order they are written."""
    return tuple(value for value in vars(module).values() if isinstance(value, Job))


async def repeat(step: Step, *, name: str, service: str, every_s: float) -> None:
    """Run `step` again and again until cancelled; an error is logged and the next turn tries again."""
    while True:
        try:
            await step()
        except SamovarError as error:
            log.warning("a periodic task failed", service=service, task=name, error=str(error))
        except Exception:
            log.exception("a periodic task failed", service=service, task=name)
        await asyncio.sleep(_with_jitter(every_s))


class Jobs:
    """Runs a service's jobs until cancelled.

    Args:
        service: Whose jobs.
        jobs: Those that run in this process.
        provides: What they may ask for by name.
        database: Where the turns of `alone` jobs are kept; a service without one has none of these.

    Raises:
        MissingDependency: A job asks for a name that nobody provides.
    """

    def __init__(
        self,
        service: str,
        jobs: Sequence[Job],
        provides: Mapping[str, object],
        database: Database | None,
        *,
        new_id: IdSource = new_id,
    ) -> None:
        self._service = service
        self._database = database
        self._new_id = new_id
        if len({job.name for job in jobs}) < len(jobs):
            raise ValueError(f"{service}: two jobs have the same name")
        self._bound = [(job, bind(job.function, provides)) for job in jobs]
        for job in jobs:
            if job.alone and database is None:
                raise ValueError(f"{service}: {job.name} runs alone, which needs a database")

    async def run(self) -> None:
        """Run all jobs until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for job, function in self._bound:
                turn = _Turn(self._database, job, self._new_id()) if job.alone and self._database else None
                tasks.create_task(stoppable(self._run_job(job, function, turn)))

    async def _run_job(self, job: Job, function: Step, turn: "_Turn | None") -> None:
        await asyncio.sleep(_with_jitter(0, job.seconds))
        while True:
            started = time.monotonic()
            wait_s = job.seconds
            try:
                if turn is None or await turn.claim():
                    await self._run_once(job, function, turn)
                if turn is not None:
                    wait_s = await turn.wait_s()
                else:
                    wait_s = max(0.0, job.seconds - (time.monotonic() - started))
            except SamovarError as error:
                log.warning("a job lost its turn", service=self._service, job=job.name, error=str(error))
            except Exception:
                log.exception("a job lost its turn", service=self._service, job=job.name)
            await asyncio.sleep(_with_jitter(min(wait_s, job.seconds), job.seconds))

    async def _run_once(self, job: Job, function: Step, turn: "_Turn | None") -> None:
        labels = (self._service, job.name)
        started = time.perf_counter()
        failure: str | None = "stopped with its process"
        try:
            with tracing.extracted({}), tracing.span(f"job {job.name}", service=self._service):
                await (function() if turn is None else turn.hold(function()))
        except Exception as error:
            failure = f"{type(error).__name__}: {error}"[:ERROR_LENGTH_MAX]
            log.exception("a job failed", service=self._service, job=job.name)
        else:
            failure = None
            metrics.JOB_LAST_DONE.labels(*labels).set_to_current_time()
        finally:
            metrics.JOB_SECONDS.labels(*labels).observe(time.perf_counter() - started)
            metrics.JOB_RUNS.labels(*labels, "failed" if failure else "done").inc()
            if turn is not None:
                await turn.finish(failure)


class LeaseLost(SamovarError):
    """Another process may have begun the run."""

    code = "job.lease_lost"


class _Turn:
    """The turn of one `alone` job, as this process sees it."""

    def __init__(self, database: Database, job: Job, holder: UUID) -> None:
        self._database = database
        self._job = job
        self._holder = holder
        self._announced = False

    async def claim(self) -> bool:
        """Take the turn if it is due and free."""
        async with self._database.transaction() as tx:
            if not self._announced:
                await tx.execute(_ANNOUNCE, self._job.name)
            taken = await tx.execute(_CLAIM, self._job.name, self._holder, LEASE_S, self._job.seconds)
        self._announced = True
        return taken > 0

    async def wait_s(self) -> float:
        """Return the seconds until the turn may be free."""
        return max(0.0, await self._database.fetch_value(_WAIT, self._job.name) or 0.0)

    async def hold(self, running: Awaitable[object]) -> None:
        """Await the run and keep the lease meanwhile.

        Raises:
            LeaseLost: It could not be kept; the run was cancelled.
        """
        task = asyncio.ensure_future(running)
        held_until = time.monotonic() + LEASE_S - LEASE_PROLONG_EVERY_S
        try:
            while not (await asyncio.wait([task], timeout=LEASE_PROLONG_EVERY_S))[0]:
                if await self._prolong():
                    held_until = time.monotonic() + LEASE_S - LEASE_PROLONG_EVERY_S
                elif time.monotonic() >= held_until:
                    raise LeaseLost(f"{self._job.name}: the lease could not be prolonged")
        finally:
            await stop(task)
        await task

    async def finish(self, failure: str | None) -> None:
        """Give the turn back."""
        async with self._database.transaction() as tx:
            await tx.execute(_FINISH, self._job.name, self._holder, failure)

    async def _prolong(self) -> bool:
        try:
            async with self._database.transaction() as tx:
                if await tx.execute(_PROLONG, self._job.name, self._holder, LEASE_S):
                    return True
        except SamovarError as error:
            log.warning("a job's lease could not be prolonged", job=self._job.name, error=str(error))
            return False
        raise LeaseLost(f"{self._job.name}: another process has the lease")


def _with_jitter(wait_s: float, interval_s: float | None = None) -> float:
    """Return a little more than `wait_s`, so that processes started together do not stay together."""
    spread_s = min(JITTER_MAX_S, JITTER_SHARE * (wait_s if interval_s is None else interval_s))
    return wait_s + random.uniform(0, spread_s)  # noqa: S311  no secret
