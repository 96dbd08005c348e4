"""Payment beside auth, which answers from a small real gRPC server of its contract."""

from collections.abc import AsyncIterator

import grpc.aio
import pytest

from samovar.embedded.nats import NatsServer
from samovar.embedded.postgres import PostgresServer
from samovar.services.auth.contract.v1_pb2_grpc import add_AuthServicer_to_server
from samovar.services.payment.app import service
from samovar.testing.hosting import running
from samovar.testing.issuer import Issuer
from tests.services.payment.conftest import SIGNING_SECRET
from tests.services.payment.orders.checkout.counter import AuthPeer, Counter


@pytest.fixture(scope="module")
async def counter(
    postgres: PostgresServer, redis_url: str, issuer: Issuer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Counter]:
    auth = AuthPeer()  # type: ignore[abstract]  # the rest is not asked here
    server = grpc.aio.server()
    add_AuthServicer_to_server(auth, server)
    address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    await server.start()
    # Of its own: two databases of one service that share a NATS take each other's events.
    async with (
        NatsServer(tmp_path_factory.mktemp("nats_of_orders")) as nats,
        running(
            service,
            postgres=postgres,
            redis_url=redis_url,
            nats_url=nats.url,
            issuer=issuer,
            peers={"auth": address},
            signing_secret=SIGNING_SECRET,
        ) as started,
    ):
        yield Counter(started, auth)
    await server.stop(None)
