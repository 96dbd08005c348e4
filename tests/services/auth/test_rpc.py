"""gRPC: which sessions are alive."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import msgspec
import pytest

from samovar.kit.errors import InvalidInput
from samovar.kit.rpc.client import Peers
from samovar.kit.settings import ServiceAddress
from samovar.services.auth.contract.v1_pb2 import BatchCheckSessionsRequest
from samovar.services.auth.contract.v1_pb2_grpc import AuthStub
from samovar.services.auth.rpc import SESSIONS_MAX
from tests.services.auth.conftest import Auth, new_email

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


@pytest.mark.parametrize("asked", [["no id"], [str(uuid4())] * (SESSIONS_MAX + 1)], ids=["text", "many"])
async def test_what_cannot_be_asked_is_refused(stub: "AuthAsyncStub", asked: list[str]) -> None:
    with pytest.raises(InvalidInput) as refused:
        await stub.BatchCheckSessions(BatchCheckSessionsRequest(session_ids=asked))
    assert refused.value.fields[0].field == "session_ids"
