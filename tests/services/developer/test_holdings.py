"""What developer holds of people: each table is known, and what was done for an organisation stays without a name."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from samovar.embedded.postgres import PostgresServer
from samovar.kit.database import Database
from samovar.kit.migrations import migrate
from samovar.kit.personal_data.declaration import Holding
from samovar.kit.settings import Secret
from samovar.services.developer.app import service
from samovar.services.developer.holdings import HOLDINGS


@pytest.fixture
async def own_database(postgres: PostgresServer) -> AsyncIterator[Database]:
    url = await postgres.create(f"developer_{uuid4().hex[:12]}")
    await migrate(Secret(url), service.migrations)
    opened = await Database.open(Secret(url), service="developer", pool_size_min=0, pool_size_max=2)
    yield opened
    await opened.close()


async def test_every_table_that_names_people_says_what_becomes_of_it(own_database: Database) -> None:
    holding = await Holding.read(own_database, HOLDINGS)
    assert {table.name for table in holding.tables} == {
        "organisations",
        "organisation_versions",
        "legal_claims",
        "submissions",
        "publishers",
    }
    # Trust goes with whoever trusted.
    assert [table.name for table in holding.tables if table.is_deleted] == ["publishers"]
