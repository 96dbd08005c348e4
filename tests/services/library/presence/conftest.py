"""Library beside a small real server of what it asks account."""

import os
from collections.abc import AsyncIterator

import pytest

from samovar.embedded.nats import NatsServer
from samovar.embedded.postgres import PostgresServer
from samovar.kit.rpc.server import Rpc, RpcServer
from samovar.kit.settings import Secret
from samovar.services.account.contract.v1_pb2_grpc import (
    add_FriendsServicer_to_server,
    add_PrivacyServicer_to_server,
)
from samovar.services.library.app import service
from samovar.testing.hosting import Running, running
from samovar.testing.issuer import Issuer
from tests.services.developer.bureau import Anybody
from tests.services.library.presence.circle import Circle, FriendsPeer, PrivacyPeer

Peopled = tuple[Running, FriendsPeer, PrivacyPeer]


@pytest.fixture(scope="module")
async def peopled(
    postgres: PostgresServer, redis_url: str, issuer: Issuer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Peopled]:
    secret = os.urandom(16).hex()
    # The rest of these contracts is not asked here.
    friends, privacy = FriendsPeer(), PrivacyPeer()  # type: ignore[abstract]
    server = RpcServer(secret=Secret(secret), verifier=Anybody())
    server.host("account", Rpc(add_FriendsServicer_to_server, lambda: friends), {})
    server.host("account", Rpc(add_PrivacyServicer_to_server, lambda: privacy), {})
    address = f"127.0.0.1:{await server.start('127.0.0.1:0')}"
    async with (
        NatsServer(tmp_path_factory.mktemp("nats_of_presence")) as nats,
        running(
            service,
            postgres=postgres,
            redis_url=redis_url,
            nats_url=nats.url,
            issuer=issuer,
            rpc_secret=secret,
            peers={"account": address},
            key_secret="a secret of keys, for tests alone",
        ) as started,
    ):
        yield started, friends, privacy
    await server.drain(1.0)


@pytest.fixture
async def circle(peopled: Peopled) -> Circle:
    library, friends, privacy = peopled
    friends.friends, privacy.private, privacy.is_away = [], set(), False
    made = Circle(library, friends, privacy)
    await made.studio.found(made.studio.organisation_id)
    assert (await made.word()).status == 200
    return made
