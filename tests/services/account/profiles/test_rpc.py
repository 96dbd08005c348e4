"""What other services ask of people's profiles."""

from datetime import date
from uuid import uuid4

import grpc
import pytest

from samovar.kit.errors import InvalidInput
from samovar.services.account.contract.v1_pb2 import BatchGetAgeLevelsRequest, BatchGetProfilesRequest
from samovar.services.account.contract.v1_pb2_grpc import ProfilesStub
from samovar.testing.hosting import Running
from tests.services.account.conftest import person


async def test_profiles_come_in_a_batch_and_strangers_are_left_out(account: Running) -> None:
    account_id = await person(account, display_name="Рысь")
    async with account.channel() as channel:
        answer = await ProfilesStub(channel).BatchGetProfiles(
            BatchGetProfilesRequest(account_ids=[str(account_id), str(uuid4())])
        )
    assert list(answer.profiles) == [str(account_id)]
    profile = answer.profiles[str(account_id)]
    assert (profile.display_name, profile.HasField("name"), profile.version) == ("Рысь", False, 1)
    assert profile.avatar_url.startswith("/v1/avatars/d")


async def test_age_levels_come_in_a_batch(account: Running) -> None:
    grown, unknown = await person(account, birth_date=date(1990, 5, 1)), await person(account)
    async with account.channel() as channel:
        answer = await ProfilesStub(channel).BatchGetAgeLevels(
            BatchGetAgeLevelsRequest(account_ids=[str(grown), str(unknown)])
        )
    assert (answer.levels[str(grown)].level, answer.levels[str(grown)].source) == (18, "self")
    assert (answer.levels[str(unknown)].level, answer.levels[str(unknown)].HasField("source")) == (0, False)


@pytest.mark.parametrize("ids", [["17"], [str(uuid4()) for _ in range(501)]])
async def test_nonsense_is_refused(account: Running, ids: list[str]) -> None:
    async with account.channel() as channel:
        with pytest.raises(InvalidInput):
            await ProfilesStub(channel).BatchGetProfiles(BatchGetProfilesRequest(account_ids=ids))


async def test_a_caller_without_the_secret_is_refused(account: Running) -> None:
    async with grpc.aio.insecure_channel(account.host.rpc_address) as channel:
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await ProfilesStub(channel).BatchGetProfiles(BatchGetProfilesRequest())
    assert refused.value.code() is grpc.StatusCode.UNAUTHENTICATED
