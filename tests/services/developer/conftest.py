"""Developer, run as in production, beside small real servers of what it asks."""

import json
import os
from collections.abc import AsyncIterator

import pytest

from samovar.embedded.nats import NatsServer
from samovar.embedded.postgres import PostgresServer
from samovar.kit.rpc.server import Rpc, RpcServer
from samovar.kit.settings import Secret
from samovar.services.account.contract.v1_pb2_grpc import add_ProfilesServicer_to_server
from samovar.services.auth.contract.v1_pb2_grpc import (
    add_ApiKeysServicer_to_server,
    add_RolesServicer_to_server,
)
from samovar.services.catalog.contract.v1_pb2_grpc import (
    add_AppsServicer_to_server,
    add_AttentionServicer_to_server,
    add_EditingServicer_to_server,
    add_PackagesServicer_to_server,
)
from samovar.services.developer.app import service
from samovar.services.library.contract.v1_pb2_grpc import add_PlayTimeServicer_to_server
from samovar.testing.hosting import running
from samovar.testing.issuer import Issuer
from tests.services.developer.bureau import (
    Anybody,
    Bureau,
    EditingPeer,
    KeysPeer,
    ProfilesPeer,
    RolesPeer,
    ShelfPeer,
)
from tests.services.developer.counters import NumbersPeer
from tests.services.developer.forge import Forge


@pytest.fixture(scope="module")
async def bureau(
    postgres: PostgresServer, redis_url: str, issuer: Issuer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Bureau]:
    secret = os.urandom(16).hex()
    # The rest of these contracts is not asked here.
    shelf = ShelfPeer()  # type: ignore[abstract]
    roles, keys, profiles, editing = RolesPeer(), KeysPeer(), ProfilesPeer(), EditingPeer()  # type: ignore[abstract]
    numbers = NumbersPeer()  # type: ignore[abstract]
    server = RpcServer(secret=Secret(secret), verifier=Anybody())
    server.host("auth", Rpc(add_RolesServicer_to_server, lambda: roles), {})
    server.host("auth", Rpc(add_ApiKeysServicer_to_server, lambda: keys), {})
    server.host("account", Rpc(add_ProfilesServicer_to_server, lambda: profiles), {})
    server.host("catalog", Rpc(add_EditingServicer_to_server, lambda: editing), {})
    server.host("catalog", Rpc(add_AttentionServicer_to_server, lambda: numbers), {})
    server.host("library", Rpc(add_PlayTimeServicer_to_server, lambda: numbers), {})
    for add in (add_AppsServicer_to_server, add_PackagesServicer_to_server):
        server.host("catalog", Rpc(add, lambda: shelf), {})
    address = f"127.0.0.1:{await server.start('127.0.0.1:0')}"
    async with (
        NatsServer(tmp_path_factory.mktemp("nats_of_developer")) as nats,
        Forge() as forge,
        running(
            service,
            postgres=postgres,
            redis_url=redis_url,
            nats_url=nats.url,
            issuer=issuer,
            rpc_secret=secret,
            peers=dict.fromkeys(("auth", "account", "catalog", "library"), address),
            pipeline_issuers=json.dumps([forge.url]),
        ) as developer,
    ):
        yield Bureau(developer, roles, keys, profiles, editing, shelf, numbers, forge)
    await server.drain(1.0)
