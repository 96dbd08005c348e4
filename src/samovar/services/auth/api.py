"""REST: registering, signing in and out, refreshing, who am I, public keys."""

from samovar.kit.errors import InvalidInput
from samovar.kit.identity import Caller, Permissions
from samovar.kit.rest.app import Request
from samovar.kit.routes import Cache, RateLimit, get, post
from samovar.services.auth.errors import (
    BadCredentials,
    HashingBusy,
    LoginTaken,
    RefreshTokenInvalid,
    RefreshTokenReused,
    TooManyAttempts,
)
from samovar.services.auth.schemas import (
    Credentials,
    Me,
    PublicKeys,
    RefreshRequest,
    Registration,
    SignedIn,
    Tokens,
)
from samovar.services.auth.tokens.signing import Signer
from samovar.services.auth.use_cases import Sessions, SignIn

BODY_BYTES_MAX = 16_384


@post(
    "/v1/auth/register",
    auth="public",
    rate_limit=RateLimit(60),
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, LoginTaken, TooManyAttempts, HashingBusy),
)
async def register(data: Registration, request: Request, sign_in: SignIn) -> SignedIn:
    """Make an account and sign it in.

    Exactly one of `email` and `phone` is given. Nobody has to wait for a confirmation; until there is one, the login is
    only what the person said.
    """
    return await sign_in.register(data, address=_client_address(request))


@post(
    "/v1/auth/login",
    auth="public",
    status=200,
    rate_limit=RateLimit(60),
    body_bytes_max=BODY_BYTES_MAX,
    raises=(BadCredentials, TooManyAttempts, HashingBusy),
)
async def log_in(data: Credentials, request: Request, sign_in: SignIn) -> SignedIn:
    """Sign in with an e-mail address or a phone number and the password.

    The answer never tells whether the login exists. Send the `device_token` of an earlier sign-in on the same device, and
    other people's failed attempts cannot keep you out.
    """
    return await sign_in.log_in(data, address=_client_address(request))


@post(
    "/v1/auth/refresh",
    auth="public",
    status=200,
    rate_limit=RateLimit(300),
    # Sent twice within seconds, it gets the same answer.
    idempotent=True,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(RefreshTokenInvalid, RefreshTokenReused),
)
async def refresh(data: RefreshRequest, sessions: Sessions) -> Tokens:
    """Exchange a refresh token for the next pair.

    Each refresh token works once. Parallel calls within 10 seconds get the same new pair; a later use of an old token means
    that somebody stole it, and ends the session.
    """
    return await sessions.refresh(data.refresh_token)


@post("/v1/auth/logout", auth="player", status=204)
async def log_out(caller: Caller, sessions: Sessions) -> None:
    """End the session; its tokens are refused everywhere within seconds."""
    await sessions.log_out(caller)


@get("/v1/auth/me", auth="player")
async def show_me(caller: Caller, permissions: Permissions) -> Me:
    """Tell who the caller is and what they may do."""
    return Me(
        account_id=caller.account_id,
        roles=caller.roles,
        permissions=permissions.of(caller),
        amr=caller.amr,
        acr=caller.acr,
    )


@get("/.well-known/jwks.json", auth="public", cache=Cache(ttl_s=60, stale_s=600))
async def show_public_keys(signer: Signer) -> PublicKeys:
    """Show the public keys of access tokens (RFC 7517), the next one included."""
    return signer.public_keys


def _client_address(request: Request) -> str:
    """Return the address that the gateway saw: it appends that to whatever the client sent."""
    forwarded = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    return forwarded or (request.client.host if request.client else "")
