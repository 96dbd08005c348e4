"""A second database, for what is carried from one into another."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from samovar.embedded.postgres import PostgresServer
from samovar.kit.database import Database
from samovar.kit.migrations import migrate
from samovar.kit.settings import Secret
from samovar.services.catalog.app import service


@pytest.fixture
async def other_database(postgres: PostgresServer) -> AsyncIterator[Database]:
    """Return another empty database of catalog."""
    url = await postgres.create(f"catalog_{uuid4().hex[:12]}")
    await migrate(Secret(url), service.migrations)
    opened = await Database.open(Secret(url), service="catalog", pool_size_min=0, pool_size_max=2)
    yield opened
    await opened.close()
