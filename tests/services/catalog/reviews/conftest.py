"""Catalog beside library and account, which answer from small real gRPC servers of their contracts."""

from collections.abc import AsyncIterator

import grpc.aio
import pytest

from samovar.embedded.nats import NatsServer
from samovar.embedded.postgres import PostgresServer
from samovar.services.account.contract.v1_pb2_grpc import add_ProfilesServicer_to_server
from samovar.services.catalog.app import service
from samovar.services.library.contract.v1_pb2_grpc import add_LicencesServicer_to_server
from samovar.testing.hosting import running
from samovar.testing.issuer import Issuer
from tests.services.catalog.reviews.shop import AccountPeer, LibraryPeer, Shop


@pytest.fixture(scope="module")
async def shop(
    postgres: PostgresServer,
    redis_url: str,
    issuer: Issuer,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Shop]:
    library, account = LibraryPeer(), AccountPeer()  # type: ignore[abstract]  # the rest is not asked here
    server = grpc.aio.server()
    add_LicencesServicer_to_server(library, server)
    add_ProfilesServicer_to_server(account, server)
    address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    await server.start()
    # Of its own: two databases of one service that share a NATS take each other's events.
    async with (
        NatsServer(tmp_path_factory.mktemp("nats_of_reviews")) as nats,
        running(
            service,
            postgres=postgres,
            redis_url=redis_url,
            nats_url=nats.url,
            issuer=issuer,
            media_store=str(tmp_path_factory.mktemp("media")),
            peers={"library": address, "account": address},
        ) as started,
    ):
        yield Shop(started, library, account)
    await server.stop(None)
