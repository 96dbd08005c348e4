"""gRPC: what other services ask of the graph of friends."""

from google.protobuf.timestamp_pb2 import Timestamp
from grpc.aio import ServicerContext

from samovar.kit.database import Database
from samovar.kit.rpc.fields import read_id, read_ids
from samovar.services.account.contract import v1_pb2
from samovar.services.account.contract.v1_pb2_grpc import FriendsServicer
from samovar.services.account.friends import repository
from samovar.services.account.friends.domain import Seen
from samovar.services.account.friends.repository import Tie

OTHERS_MAX = 500
FRIENDS_PER_PAGE_MAX = 500

_PENDING = {
    None: v1_pb2.Relation.PENDING_NONE,
    "incoming": v1_pb2.Relation.PENDING_INCOMING,
    "outgoing": v1_pb2.Relation.PENDING_OUTGOING,
}


class FriendsRpc(FriendsServicer):
    """Answers in batches, because a gRPC call is dear."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def BatchGetRelations(  # noqa: N802  the name in the .proto
        self,
        request: v1_pb2.BatchGetRelationsRequest,
        context: ServicerContext[v1_pb2.BatchGetRelationsRequest, v1_pb2.BatchGetRelationsResponse],  # noqa: ARG002  part of the signature
    ) -> v1_pb2.BatchGetRelationsResponse:
        """Return what the others are to an account."""
        found = await repository.relations_of(
            self._database,
            read_id("account_id", request.account_id),
            read_ids("other_ids", request.other_ids, most=OTHERS_MAX),
        )
        return v1_pb2.BatchGetRelationsResponse(
            relations={str(other_id): _relation(seen) for other_id, seen in found.items()}
        )

    async def ListFriends(  # noqa: N802  as above
        self,
        request: v1_pb2.ListFriendsRequest,
        context: ServicerContext[v1_pb2.ListFriendsRequest, v1_pb2.ListFriendsResponse],  # noqa: ARG002  as above
    ) -> v1_pb2.ListFriendsResponse:
        """Return a page of an account's friendships, in the order of the friends' ids."""
        after_id = read_id("after_account_id", request.after_account_id) if request.after_account_id else None
        ties = await repository.list_ties(
            self._database,
            read_id("account_id", request.account_id),
            after_id,
            min(request.limit or FRIENDS_PER_PAGE_MAX, FRIENDS_PER_PAGE_MAX),
        )
        return v1_pb2.ListFriendsResponse(friends=[_friendship(tie) for tie in ties])


def _relation(seen: Seen) -> v1_pb2.Relation:
    return v1_pb2.Relation(
        friend=seen.friends_since is not None,
        blocking=seen.blocking,
        blocked_by=seen.blocked_by,
        pending=_PENDING[seen.pending],
    )


def _friendship(tie: Tie) -> v1_pb2.Friendship:
    since = Timestamp()
    since.FromDatetime(tie.since)
    return v1_pb2.Friendship(account_id=str(tie.account_id), since=since, relation_version=tie.version)
