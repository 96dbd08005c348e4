"""gRPC: which sessions are alive, which accounts are held."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import msgspec
import pytest

from samovar.kit.errors import InvalidInput
from samovar.kit.rpc.client import Peers
from samovar.kit.settings import ServiceAddress
from samovar.services.auth.contract.v1_pb2 import BatchCheckSessionsRequest, BatchGetHoldsRequest
from samovar.services.auth.contract.v1_pb2_grpc import AuthStub
from samovar.services.auth.rpc import IDS_MAX
from tests.services.auth.conftest import Auth, Installation, new_email
from tests.services.auth.test_alerts import NEW_DEVICE, deny, token_in
from tests.services.auth.test_password_setting import letter_to

if TYPE_CHECKING:
    from samovar.services.auth.contract.v1_pb2_grpc import AuthAsyncStub


@pytest.fixture
async def stub(auth: Auth) -> AsyncIterator["AuthAsyncStub"]:
    """Return auth as another service sees it."""
    addresses = {"auth": ServiceAddress(auth.host.rest_address, auth.host.rpc_address)}
    peers = Peers(msgspec.structs.replace(auth.platform, addresses=addresses))
    yield AuthStub(peers.channel("auth"))
    await peers.close()


async def test_sessions_that_are_over_are_left_out(auth: Auth, stub: "AuthAsyncStub") -> None:
    email = new_email()
    ended, alive = (await auth.register(email=email)).body, (await auth.log_in(email)).body
    await auth.ask("POST", "/v1/auth/logout", token=ended["access_token"])
    account_id = UUID(alive["account_id"])
    rows = await auth.database.fetch("SELECT id FROM sessions WHERE account_id = $1", account_id, into=_Row)
    asked = [str(row.id) for row in rows] + [str(uuid4())]
    answer = await stub.BatchCheckSessions(BatchCheckSessionsRequest(session_ids=asked))
    assert list(answer.live.values()) == [alive["account_id"]]


class _Row(msgspec.Struct, frozen=True):
    id: UUID


@pytest.mark.parametrize("asked", [["no id"], [str(uuid4())] * (IDS_MAX + 1)], ids=["text", "many"])
async def test_what_cannot_be_asked_is_refused(stub: "AuthAsyncStub", asked: list[str]) -> None:
    with pytest.raises(InvalidInput) as refused:
        await stub.BatchCheckSessions(BatchCheckSessionsRequest(session_ids=asked))
    assert refused.value.fields[0].field == "session_ids"


async def test_other_services_ask_who_is_held(
    auth: Auth, installation: Installation, stub: "AuthAsyncStub"
) -> None:
    email = new_email()
    held, free = (await auth.register(email=email)).body, (await auth.register()).body
    await auth.log_in(email)
    letter = await letter_to(installation.messages, email, NEW_DEVICE)
    done = await deny(auth, token_in(letter))
    request = BatchGetHoldsRequest(account_ids=[held["account_id"], free["account_id"]])
    answer = await stub.BatchGetHolds(request)
    assert list(answer.held_until) == [held["account_id"]]
    assert done.body["held_until"][:19] == answer.held_until[held["account_id"]][:19]
    hold = await auth.ask("GET", "/v1/auth/hold", token=free["access_token"])
    assert hold.body == {"held_until": None, "reason": None}
