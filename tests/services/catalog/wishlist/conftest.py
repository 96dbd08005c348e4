"""Catalog with a NATS of its own, and people whose age is known."""

from collections.abc import AsyncIterator

import pytest

from samovar.embedded.nats import NatsServer
from samovar.embedded.postgres import PostgresServer
from samovar.services.catalog.app import service
from samovar.testing.hosting import running
from samovar.testing.issuer import Issuer
from tests.services.catalog.wishlist.people import Store


@pytest.fixture(scope="module")
async def store(
    postgres: PostgresServer, redis_url: str, issuer: Issuer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Store]:
    async with (
        NatsServer(tmp_path_factory.mktemp("nats_of_wishlists")) as nats,
        running(
            service,
            postgres=postgres,
            redis_url=redis_url,
            nats_url=nats.url,
            issuer=issuer,
            media_store=str(tmp_path_factory.mktemp("media")),
        ) as started,
    ):
        yield Store(started)
