"""Payment beside auth and account, which answer from a small real gRPC server of their contracts."""

from collections.abc import AsyncIterator

import pytest

from samovar.embedded.nats import NatsServer
from samovar.embedded.postgres import PostgresServer
from samovar.testing.issuer import Issuer
from tests.services.payment.orders.checkout.counter import Counter, opened


@pytest.fixture(scope="module")
async def counter(
    postgres: PostgresServer, redis_url: str, issuer: Issuer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Counter]:
    async with (
        NatsServer(tmp_path_factory.mktemp("nats_of_orders")) as nats,
        opened(nats, postgres=postgres, redis_url=redis_url, issuer=issuer) as started,
    ):
        yield started
