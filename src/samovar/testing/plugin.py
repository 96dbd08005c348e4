"""Fixtures over real servers. Each is started when the first test asks for it, on free ports, and stopped at the end."""

from collections.abc import AsyncIterator
from itertools import count
from typing import TYPE_CHECKING

import asyncpg
import pytest
from redis.asyncio import Redis

from samovar.embedded.nats import NatsServer
from samovar.embedded.postgres import PostgresServer
from samovar.embedded.redis import RedisServer
from samovar.embedded.simulator import SimulatorServer
from samovar.kit.settings import Secret
from samovar.testing.clock import FakeClock
from samovar.testing.issuer import ORIGIN, Issuer

if TYPE_CHECKING:
    from samovar.kit.database import Database
    from samovar.testing.messages import Messages
    from samovar.testing.money import SimulatedMoney
    from samovar.testing.platform import Platform

TEMPLATE = "template_of_tests"
TEST_REDIS_DATABASE = 1
_numbers = count(1)


@pytest.fixture
def clock() -> FakeClock:
    """Return a clock that stands still until the test moves it."""
    return FakeClock()


@pytest.fixture(scope="session")
async def postgres(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[PostgresServer]:
    """Start PostgreSQL; `await postgres.create(name)` makes a role and a database and returns the address."""
    async with PostgresServer(tmp_path_factory.mktemp("postgres"), fsync=False) as server:
        yield server


@pytest.fixture(scope="session")
async def redis_url(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """Start Redis and return its address."""
    async with RedisServer(tmp_path_factory.mktemp("redis")) as server:
        yield f"{server.url}/0"


@pytest.fixture(scope="session")
async def nats_url(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """Start NATS with JetStream and return its address."""
    async with NatsServer(tmp_path_factory.mktemp("nats")) as server:
        yield server.url


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    """Return a client on a database that is empty when the test begins and that nobody else uses."""
    async with Redis.from_url(redis_url, db=TEST_REDIS_DATABASE) as client:
        await client.flushdb()
        yield client


@pytest.fixture(scope="session")
async def database_template(postgres: PostgresServer) -> str:
    """Make the database that `database` copies: empty but for the kit's own tables. Return its address."""
    from samovar.kit.migrations import migrate  # noqa: PLC0415  Loaded at start, the plugin must not need the kit.

    url = await postgres.create(TEMPLATE)
    await migrate(Secret(url), None)
    return url


@pytest.fixture
async def database_url(postgres: PostgresServer, database_template: str) -> AsyncIterator[str]:
    """Make a database with the kit's own tables for one test, and return its address."""
    name = f"test_{next(_numbers)}"
    administrator = await asyncpg.connect(postgres.admin_url)
    await administrator.execute(f'CREATE DATABASE "{name}" OWNER "{TEMPLATE}" TEMPLATE "{TEMPLATE}"')
    # The last one is the database; the role is called the same.
    yield f"/{name}".join(database_template.rsplit(f"/{TEMPLATE}", 1))
    await administrator.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    await administrator.close()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator["Database"]:
    """Return an open database with the kit's own tables and nothing else."""
    from samovar.kit.database import Database  # noqa: PLC0415  As above.

    opened = await Database.open(Secret(database_url), service="test", pool_size_min=1, pool_size_max=6)
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
async def issuer() -> AsyncIterator[Issuer]:
    """Start an issuer of access tokens."""
    started = Issuer(ORIGIN)
    await started.start()
    yield started
    await started.stop()


@pytest.fixture(scope="session")
async def messages_simulator(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SimulatorServer]:
    """Start the simulator of the mail server and the phone gateway."""
    async with SimulatorServer(tmp_path_factory.mktemp("messages"), "messages", ("smtp",)) as server:
        yield server


@pytest.fixture
async def messages(messages_simulator: SimulatorServer) -> AsyncIterator["Messages"]:
    """Return what mails, text messages and calls go to; it behaves again when the test is over."""
    from samovar.testing.messages import Messages  # noqa: PLC0415  As above.

    simulated = Messages.of(messages_simulator)
    yield simulated
    await simulated.behave()


@pytest.fixture(scope="session")
async def money_simulator(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SimulatorServer]:
    """Start the simulator of payment providers, cash registers and bank."""
    async with SimulatorServer(tmp_path_factory.mktemp("money"), "money") as server:
        yield server


@pytest.fixture
async def money(money_simulator: SimulatorServer) -> AsyncIterator["SimulatedMoney"]:
    """Return the simulated providers, cash registers and bank; receipts and payouts are done at once, and all behaves again after."""
    from samovar.testing.money import SimulatedMoney  # noqa: PLC0415  As above.

    simulated = SimulatedMoney.of(money_simulator)
    await simulated.behave()
    yield simulated
    await simulated.behave()


@pytest.fixture(scope="session")
async def platform(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator["Platform"]:
    """Start the whole platform, Envoy and all services included."""
    from samovar.testing.platform import platform_up  # noqa: PLC0415  As above.

    async with platform_up(tmp_path_factory.mktemp("platform")) as started:
        yield started
