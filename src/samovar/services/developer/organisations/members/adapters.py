"""Asks account how members are called."""

from collections.abc import Collection
from uuid import UUID

import msgspec
import structlog

from samovar.kit.errors import DeadlineExceeded, Unavailable
from samovar.kit.rpc.client import Peers
from samovar.services.account.contract.v1_pb2 import BatchGetProfilesRequest
from samovar.services.account.contract.v1_pb2_grpc import ProfilesStub

TIMEOUT_S = 1.0

log = structlog.get_logger(__name__)


class Face(msgspec.Struct, frozen=True):
    """What everybody may see of somebody."""

    display_name: str
    avatar_url: str


class Faces:
    """Asks account."""

    def __init__(self, peers: Peers) -> None:
        self._profiles = ProfilesStub(peers.channel("account"))

    async def of(self, account_ids: Collection[UUID]) -> dict[UUID, Face]:
        """Return how these people are called; nobody while account is away, for a list of members is good without names, too."""
        asked = BatchGetProfilesRequest(account_ids=[str(one) for one in account_ids])
        try:
            answer = await self._profiles.BatchGetProfiles(asked, timeout=TIMEOUT_S)
        except (Unavailable, DeadlineExceeded) as error:
            log.warning("members are shown without names", error=str(error))
            return {}
        return {UUID(key): Face(one.display_name, one.avatar_url) for key, one in answer.profiles.items()}
