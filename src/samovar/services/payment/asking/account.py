"""Asks account who exists, who is whose friend, and how old somebody is known to be."""

from collections.abc import Collection
from uuid import UUID

from samovar.kit.errors import DeadlineExceeded, Unavailable
from samovar.kit.rpc.client import Peers
from samovar.services.account.contract.v1_pb2 import (
    BatchGetAgeLevelsRequest,
    BatchGetProfilesRequest,
    BatchGetRelationsRequest,
)
from samovar.services.account.contract.v1_pb2_grpc import FriendsStub, ProfilesStub
from samovar.services.payment.asking.errors import AccountAway

TIMEOUT_S = 1.5


class People:
    """Asks account. Every method raises `AccountAway` when it does not answer in time.

    Args:
        unknown_age_level: The age level of those whose age is not known.
    """

    def __init__(self, peers: Peers, *, unknown_age_level: int) -> None:
        channel = peers.channel("account")
        self._friends = FriendsStub(channel)
        self._profiles = ProfilesStub(channel)
        self._unknown_age_level = unknown_age_level

    async def friends_among(self, account_id: UUID, others: Collection[UUID]) -> frozenset[UUID]:
        """Return which of these are friends of an account, neither blocking the other; at most 500.

        A stranger and somebody who blocks are left out alike: nobody may learn that they are blocked.
        """
        request = BatchGetRelationsRequest(
            account_id=str(account_id), other_ids=[str(other) for other in others]
        )
        try:
            answer = await self._friends.BatchGetRelations(request, timeout=TIMEOUT_S)
        except (Unavailable, DeadlineExceeded) as error:
            raise AccountAway(f"account: {error}", retry_after_s=error.retry_after_s or 1.0) from error
        return frozenset(
            UUID(other)
            for other, relation in answer.relations.items()
            if relation.friend and not relation.blocking and not relation.blocked_by
        )

    async def exists(self, account_id: UUID) -> bool:
        """Return whether there is such an account."""
        request = BatchGetProfilesRequest(account_ids=[str(account_id)])
        try:
            answer = await self._profiles.BatchGetProfiles(request, timeout=TIMEOUT_S)
        except (Unavailable, DeadlineExceeded) as error:
            raise AccountAway(f"account: {error}", retry_after_s=error.retry_after_s or 1.0) from error
        return str(account_id) in answer.profiles

    async def age_level(self, account_id: UUID) -> int:
        """Return the highest age mark that is for somebody."""
        request = BatchGetAgeLevelsRequest(account_ids=[str(account_id)])
        try:
            answer = await self._profiles.BatchGetAgeLevels(request, timeout=TIMEOUT_S)
        except (Unavailable, DeadlineExceeded) as error:
            raise AccountAway(f"account: {error}", retry_after_s=error.retry_after_s or 1.0) from error
        found = answer.levels.get(str(account_id))
        return found.level if found and found.HasField("source") else self._unknown_age_level
