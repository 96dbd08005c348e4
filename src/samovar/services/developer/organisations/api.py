"""REST: organisations, as their people see them, and all of them for staff."""

from uuid import UUID

from samovar.kit.errors import InvalidInput, PreconditionFailed
from samovar.kit.identity import Caller
from samovar.kit.pagination import LIMIT_DEFAULT, Limit, Page
from samovar.kit.rest.etags import IfMatch
from samovar.kit.routes import RateLimit, get, patch, post
from samovar.services.developer.errors import AuthAway, OrganisationNotFound, TooManyOrganisations
from samovar.services.developer.organisations.schemas import (
    NewOrganisation,
    Organisation,
    OrganisationPatch,
    OrganisationVersion,
    OwnOrganisation,
    Standing,
)
from samovar.services.developer.organisations.use_cases import Organisations
from samovar.services.developer.rights import CHECK, EDIT, READ

BODY_BYTES_MAX = 8_192


@post(
    "/v1/dev/organizations",
    auth="player",
    rate_limit=RateLimit(10, per_s=3_600, by="account", where="cluster"),
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, TooManyOrganisations, AuthAway),
)
async def found_organisation(
    data: NewOrganisation, caller: Caller, organisations: Organisations
) -> Organisation:
    """Found an organisation and own it. Get a new access token before you go on: the role is in the next one."""
    return await organisations.found(caller, data)


@get("/v1/dev/organizations", auth="player", raises=(AuthAway,))
async def list_own_organisations(caller: Caller, organisations: Organisations) -> list[OwnOrganisation]:
    """List the organisations that the caller is in, and what they may do there."""
    return await organisations.list_own(caller)


@get(
    "/v1/dev/organizations/{organisation_id:uuid}",
    auth="player",
    permissions=(READ,),
    etag=True,
    raises=(OrganisationNotFound,),
)
async def show_organisation(
    organisation_id: UUID, caller: Caller, organisations: Organisations
) -> Organisation:
    """Show an organisation."""
    return await organisations.show(caller, organisation_id)


@patch(
    "/v1/dev/organizations/{organisation_id:uuid}",
    auth="player",
    permissions=(EDIT,),
    etag=True,
    rate_limit=RateLimit(60, per_s=3_600, by="account"),
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, OrganisationNotFound, PreconditionFailed),
)
async def change_organisation(
    organisation_id: UUID,
    data: OrganisationPatch,
    caller: Caller,
    organisations: Organisations,
    if_match: IfMatch = None,
) -> Organisation:
    """Change what an organisation is called. For its owners."""
    return await organisations.change(caller, organisation_id, data, if_match=if_match)


@get(
    "/v1/dev/organizations/{organisation_id:uuid}/history",
    auth="player",
    permissions=(READ,),
    raises=(InvalidInput, OrganisationNotFound),
)
async def show_organisation_history(
    organisation_id: UUID,
    caller: Caller,
    organisations: Organisations,
    cursor: str | None = None,
    limit: Limit = LIMIT_DEFAULT,
) -> Page[OrganisationVersion]:
    """Show what an organisation was called before, and who changed it, the newest first."""
    return await organisations.history(caller, organisation_id, cursor=cursor, limit=limit)


@get("/v1/admin/organizations", auth="staff", permissions=(CHECK,), raises=(InvalidInput,))
async def list_organisations(
    organisations: Organisations,
    standing: Standing | None = None,
    cursor: str | None = None,
    limit: Limit = LIMIT_DEFAULT,
) -> Page[Organisation]:
    """List organisations, the newest first."""
    return await organisations.list_all(standing=standing, cursor=cursor, limit=limit)
