"""Download, run as in production, beside small real servers of what it asks."""

import os
from collections.abc import AsyncIterator

import pytest

from samovar.embedded.nats import NatsServer
from samovar.embedded.postgres import PostgresServer
from samovar.kit.rpc.server import Rpc, RpcServer
from samovar.kit.settings import Secret
from samovar.services.catalog.contract.v1_pb2_grpc import add_AppsServicer_to_server
from samovar.services.download.app import service
from samovar.services.library.contract.v1_pb2_grpc import add_LicencesServicer_to_server
from samovar.testing.hosting import running
from samovar.testing.issuer import Issuer
from tests.services.developer.bureau import Anybody
from tests.services.download.depot import AppsPeer, Depot, LicencesPeer


@pytest.fixture(scope="module")
async def depot(
    postgres: PostgresServer, redis_url: str, issuer: Issuer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Depot]:
    secret = os.urandom(16).hex()
    # The rest of these contracts is not asked here.
    apps, licences = AppsPeer(), LicencesPeer()  # type: ignore[abstract]
    server = RpcServer(secret=Secret(secret), verifier=Anybody())
    server.host("catalog", Rpc(add_AppsServicer_to_server, lambda: apps), {})
    server.host("library", Rpc(add_LicencesServicer_to_server, lambda: licences), {})
    address = f"127.0.0.1:{await server.start('127.0.0.1:0')}"
    store = tmp_path_factory.mktemp("store")
    async with (
        NatsServer(tmp_path_factory.mktemp("nats_of_download")) as nats,
        running(
            service,
            postgres=postgres,
            redis_url=redis_url,
            nats_url=nats.url,
            issuer=issuer,
            rpc_secret=secret,
            peers={"catalog": address, "library": address},
            secret="a secret of the depot, for tests alone",
            builds_store=str(store),
            app_bytes_max="20000000",
            settle_builds="false",
        ) as download,
    ):
        yield Depot(download, apps, licences, tmp_path_factory.mktemp("folders"), store)
    await server.drain(1.0)
