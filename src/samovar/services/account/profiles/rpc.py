"""gRPC: what other services ask of people's profiles."""

from grpc.aio import ServicerContext

from samovar.services.account.batches import account_ids
from samovar.services.account.contract import v1_pb2
from samovar.services.account.contract.v1_pb2_grpc import ProfilesServicer
from samovar.services.account.profiles.use_cases import Profiles


class ProfilesRpc(ProfilesServicer):
    """Answers in batches, because a gRPC call is dear."""

    def __init__(self, profiles: Profiles) -> None:
        self._profiles = profiles

    async def BatchGetProfiles(  # noqa: N802  the name in the .proto
        self,
        request: v1_pb2.BatchGetProfilesRequest,
        context: ServicerContext[v1_pb2.BatchGetProfilesRequest, v1_pb2.BatchGetProfilesResponse],  # noqa: ARG002  part of the signature
    ) -> v1_pb2.BatchGetProfilesResponse:
        """Return what everybody may see of each known account."""
        found = await self._profiles.list_known(account_ids(request.account_ids))
        cards = [(known.card(), known) for known in found]
        return v1_pb2.BatchGetProfilesResponse(
            profiles={
                str(card.account_id): v1_pb2.Profile(
                    display_name=card.display_name,
                    name=card.name,
                    avatar_url=card.avatar_url,
                    version=known.version,
                    is_avatar_chosen=known.avatar is not None,
                )
                for card, known in cards
            }
        )

    async def BatchGetAgeLevels(  # noqa: N802  as above
        self,
        request: v1_pb2.BatchGetAgeLevelsRequest,
        context: ServicerContext[v1_pb2.BatchGetAgeLevelsRequest, v1_pb2.BatchGetAgeLevelsResponse],  # noqa: ARG002  as above
    ) -> v1_pb2.BatchGetAgeLevelsResponse:
        """Return the age level of each known account."""
        return v1_pb2.BatchGetAgeLevelsResponse(
            levels={
                str(known.id): v1_pb2.AgeLevel(level=known.age_level, source=known.age_source)
                for known in await self._profiles.list_known(account_ids(request.account_ids))
            }
        )
