"""gRPC: all places that a token stands for, also those for which it has no room."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from samovar.kit.identity import GRANTS_PER_TOKEN_MAX
from samovar.kit.identity.v1_pb2 import ListPlacesRequest
from samovar.kit.identity.v1_pb2_grpc import PlacesStub
from samovar.services.auth.contract.v1_pb2 import ExchangeApiKeyRequest, ListGrantsRequest
from samovar.services.auth.contract.v1_pb2_grpc import ApiKeysStub, RolesStub
from samovar.services.auth.roles.domain import Wanted
from tests.services.auth.conftest import Auth, new_address
from tests.services.auth.holders import calling, channel, somebody

if TYPE_CHECKING:
    import grpc.aio

MANY = GRANTS_PER_TOKEN_MAX + 4


@pytest.fixture
async def opened(auth: Auth) -> AsyncIterator["grpc.aio.Channel"]:
    async with channel(auth) as ours:
        yield ours


async def test_a_person_has_all_places_and_a_narrowed_key_its_own(
    auth: Auth, opened: "grpc.aio.Channel"
) -> None:
    wanted = [Wanted(role="developer", organisation_id=uuid4(), level="owner") for _ in range(MANY)]
    person = await somebody(auth, *wanted)
    claims = {str(one.claim) for one in wanted}
    places = PlacesStub(opened)
    with calling(person):
        assert set((await places.ListPlaces(ListPlacesRequest())).grants) == claims
        # The roster is shown to a member of any of them.
        for one in wanted:
            asked = ListGrantsRequest(organisation_id=str(one.organisation_id))
            assert len((await RolesStub(opened).ListGrants(asked)).grants) == 1

    last = wanted[-1]
    order = {
        "name": "сервер",
        "scope": "auth.ticket.redeem",
        "organisation_id": str(last.organisation_id),
    }
    made = await person.ask("POST", "/v1/auth/api-keys", order)
    assert made.status == 201, made.body
    exchanged = await ApiKeysStub(opened).ExchangeApiKey(
        ExchangeApiKeyRequest(key=made.body["key"], address=new_address())
    )
    key = type(person)(auth, person.email, person.id, exchanged.access_token, "")
    with calling(key):
        assert list((await places.ListPlaces(ListPlacesRequest())).grants) == [str(last.claim)]
