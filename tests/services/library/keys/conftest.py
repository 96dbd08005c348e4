"""Library and a catalog beside it."""

import os
from collections.abc import AsyncIterator

import pytest

from samovar.embedded.nats import NatsServer
from samovar.embedded.postgres import PostgresServer
from samovar.kit.rpc.server import Rpc, RpcServer
from samovar.kit.settings import Secret
from samovar.services.catalog.contract.v1_pb2_grpc import add_PackagesServicer_to_server
from samovar.services.library.app import service
from samovar.testing.hosting import running
from samovar.testing.issuer import Issuer
from tests.services.library.keys.shop import Anybody, Catalog, Shop


@pytest.fixture(scope="module")
async def shop(
    postgres: PostgresServer, redis_url: str, issuer: Issuer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Shop]:
    secret = os.urandom(16).hex()
    catalog = Catalog()
    server = RpcServer(secret=Secret(secret), verifier=Anybody())
    server.host("catalog", Rpc(add_PackagesServicer_to_server, lambda: catalog), {})
    address = f"127.0.0.1:{await server.start('127.0.0.1:0')}"
    async with (
        NatsServer(tmp_path_factory.mktemp("nats_of_keys")) as nats,
        running(
            service,
            postgres=postgres,
            redis_url=redis_url,
            nats_url=nats.url,
            issuer=issuer,
            rpc_secret=secret,
            peers={"catalog": address},
            key_secret="a secret of keys, for tests alone",
        ) as library,
    ):
        yield Shop(library, catalog)
    await server.drain(1.0)
