"""What account knows of people, over gRPC."""

from uuid import UUID

import msgspec

from samovar.kit.rpc.client import Peers
from samovar.services.account.contract.v1_pb2 import BatchGetAgeLevelsRequest, BatchGetProfilesRequest
from samovar.services.account.contract.v1_pb2_grpc import ProfilesStub


class KnownProfile(msgspec.Struct, frozen=True):
    """A profile, as far as a client may know it.

    Attributes:
        picture: The path of the picture that the person chose. One that is drawn for them is drawn from the account's id and the same
            for all developers, who are to know one player by different names: it stays out.
    """

    display_name: str
    name: str | None
    picture: str | None


class KnownAge(msgspec.Struct, frozen=True):
    """An age level and who says so."""

    level: int
    source: str | None


class People:
    """Asks account."""

    def __init__(self, peers: Peers) -> None:
        self._profiles = ProfilesStub(peers.channel("account"))

    async def profile(self, account_id: UUID) -> KnownProfile | None:
        """Return what others see of an account.

        Raises:
            Unavailable: Account is away.
        """
        answer = await self._profiles.BatchGetProfiles(BatchGetProfilesRequest(account_ids=[str(account_id)]))
        found = answer.profiles.get(str(account_id))
        if found is None:
            return None
        return KnownProfile(
            found.display_name,
            name=found.name if found.HasField("name") else None,
            picture=found.avatar_url if found.is_avatar_chosen else None,
        )

    async def age(self, account_id: UUID) -> KnownAge:
        """Return how old an account is known to be.

        Raises:
            Unavailable: Account is away.
        """
        answer = await self._profiles.BatchGetAgeLevels(
            BatchGetAgeLevelsRequest(account_ids=[str(account_id)])
        )
        found = answer.levels.get(str(account_id))
        if found is None:
            return KnownAge(0, None)
        return KnownAge(found.level, found.source if found.HasField("source") else None)
