"""All places of a caller whose token has no room for them, as a process asks a real issuer for them."""

import os
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from samovar.kit.errors import Unavailable
from samovar.kit.identity import Permissions, RoleGrant, current_caller
from samovar.kit.identity.places import Places
from samovar.kit.identity.revocations import Revocations
from samovar.kit.identity.v1_pb2 import ListPlacesResponse
from samovar.kit.identity.v1_pb2_grpc import PlacesServicer, add_PlacesServicer_to_server
from samovar.kit.rest.gatekeeper import Gatekeeper
from samovar.kit.routes import Policy
from samovar.kit.rpc.client import Peers
from samovar.kit.rpc.server import Rpc, RpcServer
from samovar.kit.settings import PlatformSettings, Secret, ServiceAddress
from samovar.testing.clock import FakeClock
from tests.kit.identity.forge import Forge

NEEDED = "developer.build.upload"
UPLOAD, SELF = Policy(auth="player", permissions=(NEEDED,)), Policy(auth="player")
UNAVAILABLE = 14


class Answers(PlacesServicer):
    """The issuer, as far as it is asked of places.

    Attributes:
        grants: What it says, of whoever's token comes.
        asked: The tokens that came.
        away: It refuses every call.
    """

    def __init__(self) -> None:
        self.grants: list[str] = []
        self.asked: list[str] = []
        self.away = False

    async def ListPlaces(self, request: Any, context: Any) -> ListPlacesResponse:  # noqa: ARG002, N802  the .proto's
        """Return the places."""
        if self.away:
            await context.abort(UNAVAILABLE, "away")
        caller = current_caller.get()
        assert caller
        self.asked.append(caller.token.reveal())
        return ListPlacesResponse(grants=self.grants)


class Door:
    """A process that lets people in, and the issuer beside it."""

    def __init__(self, issuer: Forge, answers: Answers, gatekeeper: Gatekeeper) -> None:
        self.issuer = issuer
        self.answers = answers
        self.gatekeeper = gatekeeper

    def token(self, **changes: Any) -> str:
        """Return the token of a developer of more places than it has room for."""
        grant = str(RoleGrant("viewer", uuid4()))
        claims = {"roles": ["player", "developer"], "grants": [grant], "grants_more": True}
        return self.issuer.token(**{**claims, **changes})


@pytest.fixture
async def door(issuer: Forge, redis: Redis, clock: FakeClock) -> AsyncIterator[Door]:
    answers, secret = Answers(), Secret(os.urandom(16).hex())
    verifier = issuer.verifier(Revocations(redis, clock))
    server = RpcServer(secret=secret, verifier=verifier)
    server.host("auth", Rpc(add_PlacesServicer_to_server, lambda: answers), {})
    address = f"127.0.0.1:{await server.start('127.0.0.1:0')}"
    nowhere = Secret("none://")
    platform = PlatformSettings(
        redis_url=nowhere,
        nats_url=nowhere,
        rpc_secret=secret,
        addresses={"auth": ServiceAddress(rest="", rpc=address)},
    )
    peers = Peers(platform)
    gatekeeper = Gatekeeper(
        verifier, Permissions({NEEDED: ("developer",)}), clock, places=Places(peers, clock)
    )
    yield Door(issuer, answers, gatekeeper)
    await peers.close()
    await server.drain(1.0)


async def test_all_places_are_there_where_a_permission_is_asked_for(door: Door) -> None:
    everywhere = [RoleGrant("editor", uuid4()) for _ in range(20)]
    door.answers.grants = [str(grant) for grant in everywhere]
    token = door.token()
    caller = await door.gatekeeper.admit(f"Bearer {token}", UPLOAD, asks_caller=True)
    assert caller
    assert (caller.grants, caller.grants_more) == (tuple(everywhere), False)
    # Asked with the caller's own token, and once for it.
    await door.gatekeeper.admit(f"Bearer {token}", UPLOAD, asks_caller=True)
    assert door.answers.asked == [token]
    await door.gatekeeper.admit(f"Bearer {door.token()}", UPLOAD, asks_caller=True)
    assert len(door.answers.asked) == 2


async def test_what_asks_for_no_permission_or_has_room_is_not_asked_about(door: Door) -> None:
    caller = await door.gatekeeper.admit(f"Bearer {door.token()}", SELF, asks_caller=True)
    assert caller
    assert caller.grants_more
    await door.gatekeeper.admit(f"Bearer {door.token(grants_more=None)}", UPLOAD, asks_caller=True)
    assert door.answers.asked == []


async def test_without_the_issuer_nobody_is_refused_as_if_they_had_no_place(door: Door) -> None:
    door.answers.away = True
    with pytest.raises(Unavailable):
        await door.gatekeeper.admit(f"Bearer {door.token()}", UPLOAD, asks_caller=True)
    door.answers.away = False
    assert await door.gatekeeper.admit(f"Bearer {door.token()}", UPLOAD, asks_caller=True)
