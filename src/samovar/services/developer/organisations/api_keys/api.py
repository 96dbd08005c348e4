"""REST: API keys of organisations."""

from uuid import UUID

from samovar.kit.errors import InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.pagination import LIMIT_DEFAULT, Limit, Page
from samovar.kit.rest.app import Request
from samovar.kit.rest.client import address_of
from samovar.kit.routes import RateLimit, StepUp, delete, get, post
from samovar.services.developer.errors import AuthAway, OrganisationNotFound
from samovar.services.developer.organisations.api_keys.errors import ApiKeyNotFound, TooManyApiKeys
from samovar.services.developer.organisations.api_keys.schemas import ApiKey, ApiKeyMade, NewApiKey
from samovar.services.developer.organisations.api_keys.use_cases import OrganisationKeys
from samovar.services.developer.rights import KEYS

BODY_BYTES_MAX = 4_096
FRESH = StepUp(max_age_s=600)
WRITES = RateLimit(30, per_s=3_600, by="account", where="cluster")


@post(
    "/v1/dev/organizations/{organisation_id:uuid}/api-keys",
    auth="player",
    permissions=(KEYS,),
    step_up=FRESH,
    rate_limit=WRITES,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, OrganisationNotFound, TooManyApiKeys, AuthAway),
)
async def make_organisation_key(
    organisation_id: UUID,
    data: NewApiKey,
    caller: Caller,
    request: Request,
    organisation_keys: OrganisationKeys,
) -> ApiKeyMade:
    """Make an API key that holds in this organisation alone, or in one game of it. The key is shown this once."""
    return await organisation_keys.make(caller, organisation_id, data, address_of(request))


@get(
    "/v1/dev/organizations/{organisation_id:uuid}/api-keys",
    auth="player",
    permissions=(KEYS,),
    raises=(InvalidInput, OrganisationNotFound, AuthAway),
)
async def list_organisation_keys(
    organisation_id: UUID,
    caller: Caller,
    organisation_keys: OrganisationKeys,
    cursor: str | None = None,
    limit: Limit = LIMIT_DEFAULT,
) -> Page[ApiKey]:
    """List the API keys that hold in this organisation alone, whoever made them, the latest first. For its owners."""
    return await organisation_keys.page(caller, organisation_id, cursor=cursor, limit=limit)


@delete(
    "/v1/dev/organizations/{organisation_id:uuid}/api-keys/{key_id:uuid}",
    auth="player",
    permissions=(KEYS,),
    step_up=FRESH,
    raises=(ApiKeyNotFound, OrganisationNotFound, AuthAway),
)
async def end_organisation_key(
    organisation_id: UUID,
    key_id: UUID,
    caller: Caller,
    request: Request,
    organisation_keys: OrganisationKeys,
) -> None:
    """End an API key of this organisation, whoever made it; it is refused everywhere within seconds."""
    await organisation_keys.end(caller, organisation_id, key_id, address_of(request))
