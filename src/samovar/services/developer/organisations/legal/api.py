"""REST: what organisations are in law, for their people and for staff."""

from uuid import UUID

from samovar.kit.errors import InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.pagination import LIMIT_DEFAULT, Limit, Page
from samovar.kit.routes import RateLimit, StepUp, get, post, put
from samovar.services.developer.errors import OrganisationNotFound
from samovar.services.developer.organisations.legal.errors import ClaimNotFound, InnTaken
from samovar.services.developer.organisations.legal.schemas import Decision, Legal, LegalClaim, LegalDetails
from samovar.services.developer.organisations.legal.use_cases import LegalClaims
from samovar.services.developer.rights import CHECK, EDIT, READ

BODY_BYTES_MAX = 8_192
FRESH = StepUp(max_age_s=600)


@get(
    "/v1/dev/organizations/{organisation_id:uuid}/legal",
    auth="player",
    permissions=(READ,),
    raises=(OrganisationNotFound,),
)
async def show_legal(organisation_id: UUID, caller: Caller, legal_claims: LegalClaims) -> Legal:
    """Show what an organisation is in law, and what became of what was said last. For owners, finance people and staff."""
    return await legal_claims.show(caller, organisation_id)


@put(
    "/v1/dev/organizations/{organisation_id:uuid}/legal",
    auth="player",
    permissions=(EDIT,),
    step_up=FRESH,
    status=202,
    rate_limit=RateLimit(20, per_s=86_400, by="account", where="cluster"),
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, OrganisationNotFound, InnTaken),
)
async def claim_legal(
    organisation_id: UUID, data: LegalDetails, caller: Caller, legal_claims: LegalClaims
) -> Legal:
    """Say what an organisation is in law; a register, or a member of staff, confirms or refuses it. What held before holds until then."""
    return await legal_claims.claim(caller, organisation_id, data)


@get("/v1/admin/legal-claims", auth="staff", permissions=(CHECK,), raises=(InvalidInput,))
async def list_legal_claims(
    legal_claims: LegalClaims, cursor: str | None = None, limit: Limit = LIMIT_DEFAULT
) -> Page[LegalClaim]:
    """List what organisations say and nobody has decided, the oldest first."""
    return await legal_claims.list_open(cursor=cursor, limit=limit)


@post(
    "/v1/admin/organizations/{organisation_id:uuid}/legal/confirm",
    auth="staff",
    permissions=(CHECK,),
    step_up=FRESH,
    status=200,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, ClaimNotFound, InnTaken),
)
async def confirm_legal(
    organisation_id: UUID, data: Decision, caller: Caller, legal_claims: LegalClaims
) -> Legal:
    """Confirm what an organisation says that it is."""
    return await legal_claims.confirm(caller, organisation_id, data.reason)


@post(
    "/v1/admin/organizations/{organisation_id:uuid}/legal/refuse",
    auth="staff",
    permissions=(CHECK,),
    step_up=FRESH,
    status=200,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, ClaimNotFound),
)
async def refuse_legal(
    organisation_id: UUID, data: Decision, caller: Caller, legal_claims: LegalClaims
) -> Legal:
    """Refuse what an organisation says that it is; it reads why."""
    return await legal_claims.refuse(caller, organisation_id, data.reason)
