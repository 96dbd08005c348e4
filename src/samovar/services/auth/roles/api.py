"""REST: roles, as staff see and change them."""

from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from samovar.kit.errors import InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.pagination import LIMIT_DEFAULT, Limit, Page
from samovar.kit.routes import RateLimit, delete, get, post
from samovar.services.auth.errors import (
    AccountNotFound,
    AdminByAdmin,
    GrantNotFound,
    LastHolder,
    RoleToOneself,
    TooManyGrants,
)
from samovar.services.auth.roles.schemas import Reason, Role, RoleGranted, RoleOrder, RoleShown
from samovar.services.auth.roles.use_cases import RoleGrants
from samovar.services.auth.schemas import BODY_BYTES_MAX, FRESH

_CHANGES = RateLimit(60, by="account")


@get("/v1/admin/roles", auth="staff", permissions=("auth.role.read",))
async def list_roles(role_grants: RoleGrants) -> Page[RoleShown]:
    """List all roles and what each of them opens."""
    return Page(role_grants.show_roles(), None)


@get("/v1/admin/roles/grants", auth="staff", permissions=("auth.role.read",))
async def list_role_grants(
    role_grants: RoleGrants,
    account_id: UUID | None = None,
    role: Role | None = None,
    organisation_id: UUID | None = None,
    state: Annotated[Literal["live", "all"], Meta(description="`all`: also those that have ended.")] = "live",
    limit: Limit = LIMIT_DEFAULT,
    cursor: str | None = None,
) -> Page[RoleGranted]:
    """List who has which role, who gave it and why, the latest first."""
    return await role_grants.page(
        account_id=account_id,
        role=role,
        organisation_id=organisation_id,
        include_ended=state == "all",
        limit=limit,
        cursor=cursor,
    )


@post(
    "/v1/admin/roles/grants",
    auth="staff",
    permissions=("auth.role.grant",),
    step_up=FRESH,
    rate_limit=_CHANGES,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, RoleToOneself, AdminByAdmin, AccountNotFound, TooManyGrants),
)
async def grant_role(data: RoleOrder, caller: Caller, role_grants: RoleGrants) -> RoleGranted:
    """Give an account a role; older access tokens of the account are refused from then on.

    Nobody gives a role to themselves, and only an administrator makes administrators. The same role twice is given once; another
    `expires_at` moves its end.
    """
    return await role_grants.give(caller, data)


@delete(
    "/v1/admin/roles/grants/{grant_id:uuid}",
    auth="staff",
    permissions=("auth.role.revoke",),
    step_up=FRESH,
    rate_limit=_CHANGES,
    raises=(GrantNotFound, AdminByAdmin, LastHolder),
)
async def revoke_role(grant_id: UUID, reason: Reason, caller: Caller, role_grants: RoleGrants) -> None:
    """Take a role; older access tokens of the account are refused from then on.

    The last administrator stays, and so does the last owner of an organisation.
    """
    await role_grants.take(caller, grant_id, reason=reason)
