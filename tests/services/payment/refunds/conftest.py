"""Payment for tests of refunds: a shop on a database of its own, and the whole service beside small servers of others."""

from collections.abc import AsyncIterator

import grpc.aio
import pytest

from samovar.embedded.nats import NatsServer
from samovar.embedded.postgres import PostgresServer
from samovar.kit.database import Database
from samovar.kit.rpc.client import Peers
from samovar.services.auth.contract.v1_pb2_grpc import add_AuthServicer_to_server
from samovar.services.catalog.contract.v1_pb2_grpc import add_AppsServicer_to_server
from samovar.services.library.contract.v1_pb2_grpc import (
    add_LicencesServicer_to_server,
    add_PlayTimeServicer_to_server,
)
from samovar.services.payment.app import service
from samovar.testing.hosting import running
from samovar.testing.issuer import Issuer
from tests.services.payment.conftest import SIGNING_SECRET
from tests.services.payment.refunds.peers import AuthPeer, CatalogPeer, LibraryPeer, PlayPeer
from tests.services.payment.refunds.shop import Desk, Shop


@pytest.fixture
async def shop(own_database: Database) -> Shop:
    """Return a shop with a database of its own."""
    return Shop(own_database)


@pytest.fixture(scope="module")
async def desk(
    postgres: PostgresServer, redis_url: str, issuer: Issuer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Desk]:
    """Return payment beside those whom refunds ask."""
    library, catalog, auth = LibraryPeer(), CatalogPeer(), AuthPeer()  # type: ignore[abstract]  # the rest is not asked here
    server = grpc.aio.server()
    play = PlayPeer()  # type: ignore[abstract]
    add_LicencesServicer_to_server(library, server)
    add_PlayTimeServicer_to_server(play, server)
    add_AppsServicer_to_server(catalog, server)
    add_AuthServicer_to_server(auth, server)
    address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    await server.start()
    # Of its own: two databases of one service that share a NATS take each other's events.
    async with (
        NatsServer(tmp_path_factory.mktemp("nats_of_refunds")) as nats,
        running(
            service,
            postgres=postgres,
            redis_url=redis_url,
            nats_url=nats.url,
            issuer=issuer,
            signing_secret=SIGNING_SECRET,
            peers={"library": address, "catalog": address, "auth": address},
        ) as started,
    ):
        yield Desk(started, library=library, play=play, catalog=catalog, auth=auth)
    await server.stop(None)


@pytest.fixture
async def peers(desk: Desk) -> AsyncIterator[Peers]:
    """Return channels to those whom payment asks."""
    opened = Peers(desk.payment._platform)
    yield opened
    await opened.close()
