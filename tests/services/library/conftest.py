"""Library, run as in production: real servers and a database of its own. No other service is there."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from samovar.embedded.postgres import PostgresServer
from samovar.kit.database import Database
from samovar.kit.migrations import migrate
from samovar.kit.settings import Secret
from samovar.services.library.app import service
from samovar.testing.hosting import Running, running
from samovar.testing.issuer import Issuer


@pytest.fixture(scope="module")
async def library(
    postgres: PostgresServer, redis_url: str, nats_url: str, issuer: Issuer
) -> AsyncIterator[Running]:
    async with running(
        service,
        postgres=postgres,
        redis_url=redis_url,
        nats_url=nats_url,
        issuer=issuer,
        key_secret="a secret of keys, for tests alone",
    ) as started:
        yield started


@pytest.fixture
async def own_database(postgres: PostgresServer) -> AsyncIterator[Database]:
    """Return an empty database of library, for use cases that a test runs at a time of its own."""
    url = await postgres.create(f"library_{uuid4().hex[:12]}")
    await migrate(Secret(url), service.migrations)
    opened = await Database.open(Secret(url), service="library", pool_size_min=0, pool_size_max=8)
    yield opened
    await opened.close()
