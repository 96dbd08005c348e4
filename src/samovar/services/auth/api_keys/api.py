"""REST: one's API keys."""

from uuid import UUID

from samovar.kit.errors import InvalidInput, NotFound
from samovar.kit.identity import Caller
from samovar.kit.pagination import LIMIT_DEFAULT, Limit, Page
from samovar.kit.rest.app import Request
from samovar.kit.rest.client import address_of
from samovar.kit.routes import RateLimit, delete, get, post
from samovar.services.auth.api_keys.schemas import ApiKeyMade, ApiKeyOrder, ApiKeySeen
from samovar.services.auth.api_keys.use_cases import ApiKeys
from samovar.services.auth.errors import TooManyApiKeys
from samovar.services.auth.schemas import BODY_BYTES_MAX, FRESH


@post(
    "/v1/auth/api-keys",
    auth="player",
    step_up=FRESH,
    rate_limit=RateLimit(30, by="account"),
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, TooManyApiKeys),
)
async def make_api_key(data: ApiKeyOrder, caller: Caller, request: Request, api_keys: ApiKeys) -> ApiKeyMade:
    """Make an API key for a server. The key is shown this once.

    It may do what its scope names, as long as its owner may; never what asks for a fresh proof of who calls. It ends with the session
    in which it was made when that was stolen, with a change of password after a theft, and with the roles that it was made for.
    """
    return await api_keys.make(caller, data, address_of(request))


@get("/v1/auth/api-keys", auth="player")
async def list_api_keys(
    caller: Caller, api_keys: ApiKeys, limit: Limit = LIMIT_DEFAULT, cursor: str | None = None
) -> Page[ApiKeySeen]:
    """List the caller's API keys, the latest first."""
    return await api_keys.page(caller, limit=limit, cursor=cursor)


@delete("/v1/auth/api-keys/{key_id:uuid}", auth="player", raises=(NotFound,))
async def end_api_key(key_id: UUID, caller: Caller, request: Request, api_keys: ApiKeys) -> None:
    """End an API key; it is refused everywhere within seconds."""
    await api_keys.end(caller, key_id, address_of(request))
