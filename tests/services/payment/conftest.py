"""Payment, run as in production: real servers and a database of its own."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from samovar.embedded.nats import NatsServer
from samovar.embedded.postgres import PostgresServer
from samovar.kit.database import Database
from samovar.kit.migrations import migrate
from samovar.kit.settings import Secret
from samovar.services.payment.app import service
from samovar.testing.hosting import Running, running
from samovar.testing.issuer import Issuer
from tests.services.payment.market import Market, trading

SIGNING_SECRET = "a secret of the tests, longer than it must be"


@pytest.fixture(scope="module")
async def payment(
    postgres: PostgresServer, redis_url: str, nats_url: str, issuer: Issuer
) -> AsyncIterator[Running]:
    """Return payment with no other service there."""
    async with running(
        service,
        postgres=postgres,
        redis_url=redis_url,
        nats_url=nats_url,
        issuer=issuer,
        signing_secret=SIGNING_SECRET,
    ) as started:
        yield started


@pytest.fixture(scope="module")
async def market(
    postgres: PostgresServer, redis_url: str, issuer: Issuer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Market]:
    """Return payment among small peers, with a NATS of its own."""
    async with (
        NatsServer(tmp_path_factory.mktemp("nats_of_market")) as nats,
        trading(
            nats, postgres=postgres, redis_url=redis_url, issuer=issuer, signing_secret=SIGNING_SECRET
        ) as traded,
    ):
        yield traded


@pytest.fixture
async def own_database(postgres: PostgresServer) -> AsyncIterator[Database]:
    """Return an empty database of payment, for use cases that a test runs at a time of its own."""
    url = await postgres.create(f"payment_{uuid4().hex[:12]}")
    await migrate(Secret(url), service.migrations)
    opened = await Database.open(Secret(url), service="payment", pool_size_min=0, pool_size_max=16)
    yield opened
    await opened.close()
