"""REST as OAuth defines it: tokens for codes, refresh tokens and credentials."""

from samovar.kit.rest.answers import Answer
from samovar.kit.rest.app import Request
from samovar.kit.routes import RateLimit, post
from samovar.services.auth.client import Client
from samovar.services.auth.clients.refusals import NO_STORE, as_oauth
from samovar.services.auth.clients.registry import Presented
from samovar.services.auth.errors import OAuthError
from samovar.services.auth.grants.schemas import TokenRequest
from samovar.services.auth.grants.use_cases import TokenEndpoint
from samovar.services.auth.schemas import BODY_BYTES_MAX


@post(
    "/oauth2/token",
    auth="public",
    body="form",
    status=200,
    rate_limit=RateLimit(600),
    body_bytes_max=BODY_BYTES_MAX,
    raises=(OAuthError,),
    refusal=as_oauth,
)
async def give_tokens(data: TokenRequest, request: Request, token_endpoint: TokenEndpoint) -> Answer:
    """Exchange a code, a refresh token or the client's own credentials for tokens (RFC 6749, section 3.2).

    A confidential client proves itself by `Authorization: Basic` or by `client_id` and `client_secret`; a public one sends
    `client_id`. Errors are `{"error": …, "error_description": …}`. Access tokens of third parties are opaque and open the userinfo
    endpoint alone. Refresh tokens rotate: each works once, parallel calls within 10 seconds get the same answer.
    """
    presented = Presented.in_request(request, data.client_id, data.client_secret)
    answer = await token_endpoint.redeem(data, presented, Client.of(request))
    return Answer(answer, headers=NO_STORE)
