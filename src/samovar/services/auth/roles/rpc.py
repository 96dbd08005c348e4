"""gRPC: who may do what in an organisation, as the service that owns organisations asks, and in which ones, as every process may."""

from datetime import datetime

import msgspec
from grpc.aio import ServicerContext

from samovar.kit.errors import FieldError, InvalidInput, Unauthenticated
from samovar.kit.identity import LEVELS, Caller, Level, current_caller
from samovar.kit.identity.v1_pb2 import ListPlacesRequest, ListPlacesResponse
from samovar.kit.identity.v1_pb2_grpc import PlacesServicer
from samovar.kit.pagination import LIMIT_DEFAULT, LIMIT_MAX
from samovar.kit.rpc.fields import read_id
from samovar.services.auth.contract import v1_pb2
from samovar.services.auth.contract.v1_pb2_grpc import RolesServicer
from samovar.services.auth.roles.domain import DEVELOPER, Wanted
from samovar.services.auth.roles.schemas import REASON_LENGTH_MAX, RoleGranted
from samovar.services.auth.roles.use_cases import Members, RoleGrants


class RolesRpc(RolesServicer):
    """Changes members for the person whose token the calling service passes on."""

    def __init__(self, members: Members, role_grants: RoleGrants) -> None:
        self._members = members
        self._role_grants = role_grants

    async def GrantRole(  # noqa: N802  the name in the .proto
        self,
        request: v1_pb2.GrantRoleRequest,
        context: ServicerContext[v1_pb2.GrantRoleRequest, v1_pb2.GrantRoleResponse],  # noqa: ARG002  part of the signature
    ) -> v1_pb2.GrantRoleResponse:
        """Make somebody a member of an organisation."""
        wanted = Wanted(
            role=DEVELOPER,
            organisation_id=read_id("organisation_id", request.organisation_id),
            level=_level(request.level),
            game_id=read_id("game_id", request.game_id) if request.HasField("game_id") else None,
            expires_at=_moment(request.expires_at) if request.HasField("expires_at") else None,
        )
        grant_id = await self._members.give(
            _caller(), read_id("account_id", request.account_id), wanted, reason=_reason(request.reason)
        )
        return v1_pb2.GrantRoleResponse(grant_id=str(grant_id))

    async def RevokeRole(  # noqa: N802  as above
        self,
        request: v1_pb2.RevokeRoleRequest,
        context: ServicerContext[v1_pb2.RevokeRoleRequest, v1_pb2.RevokeRoleResponse],  # noqa: ARG002  as above
    ) -> v1_pb2.RevokeRoleResponse:
        """Take a level from a member, or all that they have in an organisation."""
        place = Wanted(
            role=DEVELOPER,
            organisation_id=read_id("organisation_id", request.organisation_id),
            level=_level(request.level) if request.HasField("level") else None,
            game_id=read_id("game_id", request.game_id) if request.HasField("game_id") else None,
        )
        await self._members.take(
            _caller(), read_id("account_id", request.account_id), place, reason=_reason(request.reason)
        )
        return v1_pb2.RevokeRoleResponse()

    async def ListGrants(  # noqa: N802  as above
        self,
        request: v1_pb2.ListGrantsRequest,
        context: ServicerContext[v1_pb2.ListGrantsRequest, v1_pb2.ListGrantsResponse],  # noqa: ARG002  as above
    ) -> v1_pb2.ListGrantsResponse:
        """Return who may do what: of one account, of one organisation, or of one account in one organisation."""
        account_id = read_id("account_id", request.account_id) if request.HasField("account_id") else None
        organisation_id = (
            read_id("organisation_id", request.organisation_id)
            if request.HasField("organisation_id")
            else None
        )
        await self._members.refuse_reader(_caller(), account_id, organisation_id)
        limit = request.limit or LIMIT_DEFAULT
        if not 0 < limit <= LIMIT_MAX:
            raise InvalidInput(
                fields=[FieldError("limit", "too_large", f"at most {LIMIT_MAX}", limit=str(LIMIT_MAX))]
            )
        page = await self._role_grants.page(
            account_id=account_id,
            role=DEVELOPER,
            organisation_id=organisation_id,
            limit=limit,
            cursor=request.cursor or None,
        )
        return v1_pb2.ListGrantsResponse(
            grants=[_shown(one) for one in page.items if one.organisation_id],
            next_cursor=page.next_cursor or "",
        )


class PlacesRpc(PlacesServicer):
    """Tells every process all places that a token stands for."""

    def __init__(self, members: Members) -> None:
        self._members = members

    async def ListPlaces(  # noqa: N802  as above
        self,
        request: ListPlacesRequest,  # noqa: ARG002  as above
        context: ServicerContext[ListPlacesRequest, ListPlacesResponse],  # noqa: ARG002  as above
    ) -> ListPlacesResponse:
        """Return the places of whoever's token comes with the call."""
        return ListPlacesResponse(grants=await self._members.places_of(_caller()))


def _caller() -> Caller:
    caller = current_caller.get()
    if caller is None:
        raise Unauthenticated("the calling service passes on nobody's token")
    return caller


def _level(text: str) -> Level:
    for level in LEVELS:
        if level == text:
            return level
    raise InvalidInput(fields=[FieldError("level", "invalid", f"one of {LEVELS}")])


def _reason(text: str) -> str:
    if not text.strip() or len(text) > REASON_LENGTH_MAX or "\0" in text:
        raise InvalidInput(
            fields=[
                FieldError(
                    "reason", "invalid", f"1 to {REASON_LENGTH_MAX} characters", str(REASON_LENGTH_MAX)
                )
            ]
        )
    return text


def _moment(text: str) -> datetime:
    try:
        return msgspec.convert(text, datetime)
    except msgspec.ValidationError:
        raise InvalidInput(fields=[FieldError("expires_at", "invalid", "no moment (RFC 3339)")]) from None


def _shown(one: RoleGranted) -> v1_pb2.Grant:
    return v1_pb2.Grant(
        id=str(one.id),
        account_id=str(one.account_id),
        organisation_id=str(one.organisation_id),
        level=one.level or "",
        game_id=str(one.game_id) if one.game_id else None,
        granted_at=one.granted_at.isoformat(),
        expires_at=one.expires_at.isoformat() if one.expires_at else None,
    )
