"""REST: members of organisations."""

from uuid import UUID

from samovar.kit.errors import InvalidInput
from samovar.kit.identity import Caller, Level
from samovar.kit.pagination import LIMIT_DEFAULT, Limit, Page
from samovar.kit.routes import RateLimit, StepUp, delete, get, post
from samovar.services.developer.errors import (
    AuthAway,
    LastOwner,
    MemberNotFound,
    OrganisationNotFound,
    RoleToOneself,
    TooManyRoles,
)
from samovar.services.developer.organisations.members.schemas import Member, NewMember
from samovar.services.developer.organisations.members.use_cases import Members
from samovar.services.developer.rights import EDIT, READ

BODY_BYTES_MAX = 4_096
FRESH = StepUp(max_age_s=600)
WRITES = RateLimit(60, per_s=3_600, by="account", where="cluster")


@get(
    "/v1/dev/organizations/{organisation_id:uuid}/members",
    auth="player",
    permissions=(READ,),
    raises=(InvalidInput, OrganisationNotFound, AuthAway),
)
async def list_members(
    organisation_id: UUID,
    caller: Caller,
    members: Members,
    cursor: str | None = None,
    limit: Limit = LIMIT_DEFAULT,
) -> Page[Member]:
    """List who may do what in an organisation, the latest first."""
    return await members.page(caller, organisation_id, cursor=cursor, limit=limit)


@post(
    "/v1/dev/organizations/{organisation_id:uuid}/members",
    auth="player",
    permissions=(EDIT,),
    step_up=FRESH,
    status=204,
    idempotent=True,
    rate_limit=WRITES,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, OrganisationNotFound, MemberNotFound, RoleToOneself, TooManyRoles, AuthAway),
)
async def add_member(organisation_id: UUID, data: NewMember, caller: Caller, members: Members) -> None:
    """Make somebody a member, or give a member another level besides. It is in their next access token."""
    await members.add(caller, organisation_id, data)


@delete(
    "/v1/dev/organizations/{organisation_id:uuid}/members/{account_id:uuid}",
    auth="player",
    permissions=(READ,),
    step_up=FRESH,
    rate_limit=WRITES,
    raises=(InvalidInput, OrganisationNotFound, MemberNotFound, LastOwner, AuthAway),
)
async def remove_member(
    organisation_id: UUID,
    account_id: UUID,
    caller: Caller,
    members: Members,
    level: Level | None = None,
    game_id: UUID | None = None,
) -> None:
    """Take a level from a member, or all that they have in the organisation. Everybody may leave."""
    await members.remove(caller, organisation_id, account_id, level=level, game_id=game_id)
