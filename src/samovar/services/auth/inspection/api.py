"""REST as OAuth defines it: tokens asked about and given back, and what a person lets a client know."""

from samovar.kit.rest.answers import Answer
from samovar.kit.rest.app import Request
from samovar.kit.routes import RateLimit, get, post
from samovar.services.auth.clients.refusals import NO_STORE, as_oauth
from samovar.services.auth.clients.registry import Presented
from samovar.services.auth.errors import OAuthError
from samovar.services.auth.inspection.schemas import Introspection, TokenInQuestion, UserInfo
from samovar.services.auth.inspection.use_cases import Inspection
from samovar.services.auth.schemas import BODY_BYTES_MAX

_BEARER = "bearer "


@post(
    "/oauth2/introspect",
    auth="public",
    body="form",
    status=200,
    rate_limit=RateLimit(1_200),
    body_bytes_max=BODY_BYTES_MAX,
    raises=(OAuthError,),
    refusal=as_oauth,
)
async def introspect_token(data: TokenInQuestion, request: Request, inspection: Inspection) -> Introspection:
    """Tell a game's server about a token of its own game (RFC 7662).

    The server proves itself by the client's secret, or by a token of the grant type `client_credentials`. Tokens of other clients are
    not active.
    """
    bearer = bearer_of(request)
    presented = Presented.in_request(request, data.client_id, data.client_secret)
    return await inspection.introspect(data, presented, bearer)


@post(
    "/oauth2/revoke",
    auth="public",
    body="form",
    status=200,
    rate_limit=RateLimit(300),
    body_bytes_max=BODY_BYTES_MAX,
    raises=(OAuthError,),
    refusal=as_oauth,
)
async def revoke_token(data: TokenInQuestion, request: Request, inspection: Inspection) -> Answer:
    """End what a token is of (RFC 7009): the access token and the refresh token of one grant end together."""
    await inspection.revoke(data, Presented.in_request(request, data.client_id, data.client_secret))
    return Answer(headers=NO_STORE)


@get(
    "/oauth2/userinfo",
    auth="public",
    rate_limit=RateLimit(600),
    raises=(OAuthError,),
    refusal=as_oauth,
)
async def show_user_info(request: Request, inspection: Inspection) -> UserInfo:
    """Show what the person lets the client know (OpenID Connect Core, section 5.3)."""
    return await inspection.tell(bearer_of(request))


@post(
    "/oauth2/userinfo",
    auth="public",
    status=200,
    rate_limit=RateLimit(600),
    body_bytes_max=BODY_BYTES_MAX,
    raises=(OAuthError,),
    refusal=as_oauth,
)
async def post_user_info(request: Request, inspection: Inspection) -> UserInfo:
    """Show what the person lets the client know; the token is in the header here, too."""
    return await inspection.tell(bearer_of(request))


def bearer_of(request: Request) -> str | None:
    """Return the token of `Authorization: Bearer`."""
    authorization = request.headers.get("authorization", "")
    if authorization[: len(_BEARER)].lower() != _BEARER:
        return None
    return authorization[len(_BEARER) :].strip()
