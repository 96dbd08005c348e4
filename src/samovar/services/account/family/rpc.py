"""gRPC: what other services ask of families."""

from datetime import datetime

from google.protobuf.timestamp_pb2 import Timestamp
from grpc.aio import ServicerContext

from samovar.kit.rpc.fields import read_id, read_ids
from samovar.services.account.contract import v1_pb2
from samovar.services.account.contract.v1_pb2_grpc import FamiliesServicer
from samovar.services.account.family.limits.domain import Allowance, LimitedChild
from samovar.services.account.family.limits.use_cases import Limits
from samovar.services.account.family.use_cases import Families

ACCOUNTS_MAX = 500

_ROLES = {"adult": v1_pb2.FamilyMember.ROLE_ADULT, "child": v1_pb2.FamilyMember.ROLE_CHILD}
_CHATS = {
    "nobody": v1_pb2.ChildLimits.CHAT_NOBODY,
    "friends": v1_pb2.ChildLimits.CHAT_FRIENDS,
    "everyone": v1_pb2.ChildLimits.CHAT_EVERYONE,
}
_PURCHASES = {
    "never": v1_pb2.ChildLimits.PURCHASES_NEVER,
    "approval": v1_pb2.ChildLimits.PURCHASES_APPROVAL,
    "free": v1_pb2.ChildLimits.PURCHASES_FREE,
}


class FamiliesRpc(FamiliesServicer):
    """Answers in batches where there is more than one to ask about."""

    def __init__(self, families: Families, child_limits: Limits) -> None:
        self._families = families
        self._limits = child_limits

    async def GetFamily(  # noqa: N802  the name in the .proto
        self,
        request: v1_pb2.GetFamilyRequest,
        context: ServicerContext[v1_pb2.GetFamilyRequest, v1_pb2.GetFamilyResponse],  # noqa: ARG002  part of the signature
    ) -> v1_pb2.GetFamilyResponse:
        """Return the family of an account."""
        family = await self._families.find(read_id("account_id", request.account_id))
        if family is None:
            return v1_pb2.GetFamilyResponse()
        return v1_pb2.GetFamilyResponse(
            family_id=str(family.id),
            family_version=family.version,
            members=[
                v1_pb2.FamilyMember(
                    account_id=str(member.account_id),
                    role=_ROLES[member.role],
                    joined_at=_timestamp(member.joined_at),
                )
                for member in family.members
            ],
        )

    async def BatchGetLimits(  # noqa: N802  as above
        self,
        request: v1_pb2.BatchGetLimitsRequest,
        context: ServicerContext[v1_pb2.BatchGetLimitsRequest, v1_pb2.BatchGetLimitsResponse],  # noqa: ARG002  as above
    ) -> v1_pb2.BatchGetLimitsResponse:
        """Return what those of the accounts may do that are children of a family."""
        children = await self._limits.list_for(
            read_ids("account_ids", request.account_ids, most=ACCOUNTS_MAX)
        )
        return v1_pb2.BatchGetLimitsResponse(
            limits={str(child.account_id): _limits(child, today) for child, today in children}
        )


def _limits(child: LimitedChild, today: Allowance) -> v1_pb2.ChildLimits:
    limits = child.limits
    return v1_pb2.ChildLimits(
        family_id=str(child.family_id),
        age_max=limits.age_max,
        may_open_store=limits.may_open_store,
        chat=_CHATS[limits.chat],
        purchases=_PURCHASES[limits.purchases],
        today=v1_pb2.PlayToday(
            day=today.day.isoformat(),
            minutes=today.minutes,
            opens_at=_timestamp(today.opens_at) if today.opens_at else None,
            closes_at=_timestamp(today.closes_at) if today.closes_at else None,
        ),
    )


def _timestamp(moment: datetime) -> Timestamp:
    timestamp = Timestamp()
    timestamp.FromDatetime(moment)
    return timestamp
