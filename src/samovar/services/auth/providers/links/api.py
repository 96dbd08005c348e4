"""REST: the links of one's account."""

from samovar.kit.errors import InvalidInput
from samovar.kit.i18n import language_of
from samovar.kit.identity import Caller
from samovar.kit.pagination import Page
from samovar.kit.rest.app import Request
from samovar.kit.routes import RateLimit, delete, get, post
from samovar.services.auth.client import Client
from samovar.services.auth.errors import LastWayIn
from samovar.services.auth.providers.errors import (
    AlreadyLinked,
    LinkTaken,
    LinkUnknown,
    NotFirstFactor,
    ProviderAnswerInvalid,
    ProviderUnknown,
    SignedDataStale,
)
from samovar.services.auth.providers.links.use_cases import Links
from samovar.services.auth.providers.schemas import LinkAsked, Linked, LinkSeen, LinkStarted, ProviderPath
from samovar.services.auth.schemas import BODY_BYTES_MAX, FRESH


@get("/v1/auth/links", auth="player")
async def list_links(caller: Caller, request: Request, links: Links) -> Page[LinkSeen]:
    """List the providers that are linked to the caller's account."""
    language = language_of(request.headers.get("accept-language"))
    return Page(await links.seen(caller, language), next_cursor=None)


@post(
    "/v1/auth/links/{name:str}",
    auth="player",
    step_up=FRESH,
    rate_limit=RateLimit(30, by="account"),
    body_bytes_max=BODY_BYTES_MAX,
    raises=(
        ProviderUnknown,
        InvalidInput,
        NotFirstFactor,
        AlreadyLinked,
        ProviderAnswerInvalid,
        SignedDataStale,
        LinkTaken,
    ),
)
async def begin_link(
    name: ProviderPath, data: LinkAsked, caller: Caller, request: Request, links: Links
) -> LinkStarted | Linked:
    """Link a provider to the caller's account.

    Open `start_url` in the person's browser; what it comes back with is exchanged at `POST /v1/auth/providers/exchange` with the
    caller's own token. With `init_data` or `widget` the link is there at once.
    """
    return await links.begin(caller, name, data, Client.of(request))


@delete(
    "/v1/auth/links/{name:str}",
    auth="player",
    step_up=FRESH,
    rate_limit=RateLimit(30, by="account"),
    raises=(LinkUnknown, LastWayIn),
)
async def remove_link(name: ProviderPath, caller: Caller, request: Request, links: Links) -> None:
    """Take a link away, unless it is the last way into the account."""
    await links.remove(caller, name, Client.of(request))
