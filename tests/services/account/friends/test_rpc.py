"""What other services ask of the graph of friends."""

from uuid import UUID, uuid4

import grpc
import pytest

from samovar.kit.errors import InvalidInput
from samovar.services.account.contract.v1_pb2 import BatchGetRelationsRequest, ListFriendsRequest, Relation
from samovar.services.account.contract.v1_pb2_grpc import FriendsStub
from samovar.testing.hosting import Running
from tests.services.account.conftest import person
from tests.services.account.friends.test_api import ask, befriend

SOMEBODY = str(UUID(int=7))


async def test_relations_come_in_a_batch_as_the_one_who_asks_sees_them(account: Running) -> None:
    anna = await person(account)
    friend, asked, asking, blocked, blocker = [await person(account) for _ in range(5)]
    stranger = uuid4()
    await befriend(account, anna, friend)
    await ask(account, anna, asked)
    await ask(account, asking, anna)
    await account.request("PUT", f"/v1/blocks/{blocked}", account_id=anna)
    await account.request("PUT", f"/v1/blocks/{anna}", account_id=blocker)
    others = [friend, asked, asking, blocked, blocker, stranger]
    async with account.channel() as channel:
        answer = await FriendsStub(channel).BatchGetRelations(
            BatchGetRelationsRequest(account_id=str(anna), other_ids=[str(other) for other in others])
        )
    assert [answer.relations[str(other)] for other in others] == [
        Relation(friend=True),
        Relation(pending=Relation.PENDING_OUTGOING),
        Relation(pending=Relation.PENDING_INCOMING),
        Relation(blocking=True),
        Relation(blocked_by=True),
        Relation(),
    ]


async def test_friends_come_by_pages_with_the_versions_of_their_pairs(account: Running) -> None:
    anna = await person(account)
    friends = sorted([await person(account) for _ in range(3)])
    for friend in friends:
        await befriend(account, anna, friend)
    async with account.channel() as channel:
        stub = FriendsStub(channel)
        first = await stub.ListFriends(ListFriendsRequest(account_id=str(anna), limit=2))
        after = first.friends[-1].account_id
        rest = await stub.ListFriends(ListFriendsRequest(account_id=str(anna), after_account_id=after))
    listed = [*first.friends, *rest.friends]
    assert [tie.account_id for tie in listed] == [str(friend) for friend in friends]
    assert {tie.relation_version for tie in listed} == {2}
    assert all(tie.since.seconds for tie in listed)


@pytest.mark.parametrize(
    ("account_id", "others"),
    [("17", []), ("", []), (SOMEBODY, ["17"]), (SOMEBODY, [str(UUID(int=one)) for one in range(501)])],
)
async def test_nonsense_is_refused(account: Running, account_id: str, others: list[str]) -> None:
    async with account.channel() as channel:
        with pytest.raises(InvalidInput):
            await FriendsStub(channel).BatchGetRelations(
                BatchGetRelationsRequest(account_id=account_id, other_ids=others)
            )


async def test_a_caller_without_the_secret_is_refused(account: Running) -> None:
    async with grpc.aio.insecure_channel(account.host.rpc_address) as channel:
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await FriendsStub(channel).ListFriends(ListFriendsRequest())
    assert refused.value.code() is grpc.StatusCode.UNAUTHENTICATED
