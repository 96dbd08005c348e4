"""gRPC: what other services ask of people's profiles."""

from collections.abc import Iterable
from uuid import UUID

from grpc.aio import ServicerContext

from samovar.kit.errors import FieldError, InvalidInput
from samovar.services.account.contract import v1_pb2
from samovar.services.account.contract.v1_pb2_grpc import ProfilesServicer
from samovar.services.account.profiles.use_cases import Profiles

ACCOUNTS_MAX = 500


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
        cards = [
            (known.card(), known.version)
            for known in await self._profiles.list_known(_ids(request.account_ids))
        ]
        return v1_pb2.BatchGetProfilesResponse(
            profiles={
                str(card.account_id): v1_pb2.Profile(
                    display_name=card.display_name,
                    name=card.name,
                    avatar_url=card.avatar_url,
                    version=version,
                )
                for card, version in cards
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
                for known in await self._profiles.list_known(_ids(request.account_ids))
            }
        )


def _ids(texts: Iterable[str]) -> list[UUID]:
    texts = list(texts)
    if len(texts) > ACCOUNTS_MAX:
        raise InvalidInput(
            fields=[FieldError("account_ids", "too_long", f"at most {ACCOUNTS_MAX}", limit=str(ACCOUNTS_MAX))]
        )
    try:
        return [UUID(text) for text in texts]
    except ValueError:
        raise InvalidInput(fields=[FieldError("account_ids", "invalid", "an id is not a UUID")]) from None
