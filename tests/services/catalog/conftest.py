"""Catalog, run as in production: real servers and a database of its own."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from samovar.embedded.postgres import PostgresServer
from samovar.kit.database import Database
from samovar.kit.migrations import migrate
from samovar.kit.settings import Secret
from samovar.services.catalog.app import service
from samovar.testing.hosting import Running, running
from samovar.testing.issuer import Issuer


@pytest.fixture(scope="module")
async def catalog(
    postgres: PostgresServer,
    redis_url: str,
    nats_url: str,
    issuer: Issuer,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Running]:
    async with running(
        service,
        postgres=postgres,
        redis_url=redis_url,
        nats_url=nats_url,
        issuer=issuer,
        media_store=str(tmp_path_factory.mktemp("media")),
    ) as started:
        yield started


@pytest.fixture
async def own_database(postgres: PostgresServer) -> AsyncIterator[Database]:
    """Return an empty database of catalog, for use cases that a test runs at a time of its own."""
    url = await postgres.create(f"catalog_{uuid4().hex[:12]}")
    await migrate(Secret(url), service.migrations)
    opened = await Database.open(Secret(url), service="catalog", pool_size_min=0, pool_size_max=2)
    yield opened
    await opened.close()


@pytest.fixture
async def catalog_database(catalog: Running, postgres: PostgresServer) -> AsyncIterator[Database]:
    """Return the database of the running catalog, as catalog itself opens it: what a test writes through it may be told to others."""
    name = await catalog.database.fetch_value("SELECT current_database()")
    url = Secret(postgres.url_for(name))
    opened = await Database.open(url, service="catalog", pool_size_min=0, pool_size_max=2)
    yield opened
    await opened.close()
