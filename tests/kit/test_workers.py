"""Jobs run by the clock, in one process or in each, and again after whatever went wrong."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from types import ModuleType

import pytest

from samovar.embedded.postgres import PostgresServer
from samovar.kit import metrics, workers
from samovar.kit.database import Database
from samovar.kit.injection import MissingDependency
from samovar.kit.migrations import migrate
from samovar.kit.settings import Secret
from samovar.kit.workers import Job, Jobs, every, jobs_in
from tests.kit.eventing import eventually, running

SOON_S = 0.02
NEVER_S = 3_600.0


class Log:
    """What happened, in order."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    async def count(self) -> int:
        return len(self.lines)

    async def all(self) -> list[str]:
        return self.lines


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
async def other(database_url: str) -> AsyncIterator[Database]:
    """Return the same database as another process has it."""
    opened = await Database.open(Secret(database_url), service="test", pool_size_min=0, pool_size_max=3)
    yield opened
    await opened.close()


@pytest.fixture
def short_lease(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "LEASE_S", 1.0)
    monkeypatch.setattr(workers, "LEASE_PROLONG_EVERY_S", 0.1)


def jobs(job: Job, log: Log, database: Database | None, who: str = "one") -> Jobs:
    return Jobs("test", (job,), {"log": log, "who": who}, database)


@every(SOON_S)
async def work(log: Log, who: str) -> None:
    """Note who worked."""
    log.lines.append(who)


@every(NEVER_S)
async def rarely(log: Log, who: str) -> None:
    """Note who worked."""
    log.lines.append(who)


@every(SOON_S, alone=False)
async def everywhere(log: Log, who: str) -> None:
    """Note who worked."""
    log.lines.append(who)


@every(NEVER_S, alone=False)
async def rarely_everywhere(log: Log, who: str) -> None:
    """Note who worked."""
    log.lines.append(who)


@every(SOON_S)
async def endless(log: Log, who: str) -> None:
    """Begin and never end."""
    log.lines.append(f"{who} began")
    try:
        await asyncio.Event().wait()
    finally:
        log.lines.append(f"{who} ended")


async def test_a_job_runs_again_and_again(database: Database, log: Log) -> None:
    async with running(jobs(work, log, database).run()):
        await eventually(lambda: at_least(log, 3), True)
    assert await database.fetch_value("SELECT last_done_at IS NOT NULL FROM kit.jobs WHERE name = 'work'")


async def at_least(log: Log, number: int) -> bool:
    return len(log.lines) >= number


async def test_alone_means_one_run_over_all_processes(
    database: Database, other: Database, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "JITTER_MAX_S", 0.01)
    async with running(jobs(rarely, log, database).run(), jobs(rarely, log, other, "two").run()):
        await eventually(log.count, 1)
        due = "SELECT count(*) FROM kit.jobs WHERE holder IS NULL AND next_run_at > now() + interval '50 minutes'"
        await eventually(lambda: database.fetch_value(due), 1)
    assert len(log.lines) == 1


async def test_not_alone_means_every_process(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "JITTER_MAX_S", 0.01)
    async with running(
        jobs(rarely_everywhere, log, None).run(), jobs(rarely_everywhere, log, None, "two").run()
    ):
        await eventually(log.count, 2)
    assert sorted(log.lines) == ["one", "two"]


@pytest.mark.parametrize("alone", [True, False])
async def test_a_job_that_fails_runs_again_at_its_next_turn(
    database: Database, log: Log, *, alone: bool
) -> None:
    @every(SOON_S, alone=alone)
    async def stumble(log: Log) -> None:
        log.lines.append("tried")
        if len(log.lines) == 1:
            raise KeyError("of the test")

    failed = metrics.JOB_RUNS.labels("test", "stumble", "failed")
    before = next(iter(failed.collect())).samples[0].value
    async with running(jobs(stumble, log, database).run()):
        await eventually(lambda: at_least(log, 3), True)
    assert next(iter(failed.collect())).samples[0].value == before + 1


async def test_the_last_error_of_a_job_can_be_seen(database: Database, log: Log) -> None:
    @every(NEVER_S)
    async def fail() -> None:
        raise KeyError("of the test")

    async with running(jobs(fail, log, database).run()):
        error = "SELECT last_error FROM kit.jobs WHERE name = 'fail'"
        await eventually(lambda: database.fetch_value(error), "KeyError: 'of the test'")


@pytest.mark.usefixtures("short_lease")
async def test_a_run_longer_than_the_lease_keeps_its_turn(
    database: Database, other: Database, log: Log
) -> None:
    async with running(jobs(endless, log, database).run(), jobs(endless, log, other, "two").run()):
        await eventually(log.count, 1)
        first = await database.fetch_value("SELECT leased_until FROM kit.jobs")
        beyond = "SELECT leased_until > $1::timestamptz + interval '1.5 seconds' FROM kit.jobs"
        await eventually(lambda: database.fetch_value(beyond, first), True)
        assert len(log.lines) == 1


@pytest.mark.usefixtures("short_lease")
async def test_the_turn_of_a_process_that_died_goes_to_another(
    database: Database, other: Database, log: Log
) -> None:
    async with database.transaction() as tx:
        await tx.execute(
            """
            INSERT INTO kit.jobs (name, next_run_at, holder, leased_until)
            VALUES ('work', now(), gen_random_uuid(), now() + interval '0.5 seconds')
            """
        )
    async with running(jobs(work, log, other, "two").run()):
        await eventually(lambda: at_least(log, 1), True)


@pytest.mark.usefixtures("short_lease")
async def test_a_run_whose_lease_was_taken_is_stopped(database: Database, log: Log) -> None:
    async with running(jobs(endless, log, database).run()):
        await eventually(log.all, ["one began"])
        async with database.transaction() as tx:
            await tx.execute(
                "UPDATE kit.jobs SET holder = gen_random_uuid(), leased_until = now() + interval '1 hour'"
            )
        await eventually(log.all, ["one began", "one ended"])


@pytest.mark.usefixtures("short_lease")
async def test_a_run_that_cannot_keep_its_lease_is_stopped_before_another_may_begin(
    log: Log, tmp_path: Path
) -> None:
    async with PostgresServer(tmp_path / "postgres", fsync=False) as server:
        url = Secret(await server.create("test"))
        await migrate(url, None)
        database = await Database.open(url, service="test", pool_size_min=0, pool_size_max=2)
        async with running(jobs(endless, log, database).run()):
            await eventually(log.all, ["one began"])
            server.kill()
            await server.wait()
            await eventually(log.all, ["one began", "one ended"])
            await server.start()
            # The lease runs out by itself and the job goes on.
            await eventually(lambda: at_least(log, 3), True)
        await database.close()


async def test_stopping_gives_the_turn_back_at_once(database: Database, other: Database, log: Log) -> None:
    async with running(jobs(endless, log, database).run()):
        await eventually(log.all, ["one began"])
    assert await other.fetch_value("SELECT holder IS NULL FROM kit.jobs")
    async with running(jobs(endless, log, other, "two").run()):
        await eventually(log.all, ["one began", "one ended", "two began"])


async def test_a_job_that_needs_what_nobody_provides_is_refused_at_start(database: Database) -> None:
    with pytest.raises(MissingDependency, match="work asks for 'log'"):
        Jobs("test", (work,), {}, database)


def test_a_job_that_runs_alone_needs_a_database(log: Log) -> None:
    with pytest.raises(ValueError, match="work runs alone, which needs a database"):
        jobs(work, log, None)


def test_two_jobs_of_one_name_are_refused(log: Log) -> None:
    with pytest.raises(ValueError, match="same name"):
        Jobs("test", (everywhere, everywhere), {"log": log, "who": "one"}, None)


@pytest.mark.parametrize("seconds", [0, -1])
def test_an_interval_is_more_than_nothing(seconds: float) -> None:
    with pytest.raises(ValueError, match="more than 0"):
        every(seconds)


def test_the_jobs_of_a_module_are_found_in_their_order() -> None:
    module = ModuleType("jobs")
    module.__dict__.update({"work": work, "helper": len, "everywhere": everywhere})
    assert jobs_in(module) == (work, everywhere)
    assert (work.name, work.alone, work.where, everywhere.alone) == ("work", True, "inline", False)
