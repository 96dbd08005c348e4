"""REST: registering, and signing in with a password."""

from samovar.kit.errors import InvalidInput
from samovar.kit.rest.app import Request
from samovar.kit.routes import RateLimit, post
from samovar.services.auth.client import Client
from samovar.services.auth.errors import (
    BadCredentials,
    HashingBusy,
    LoginTaken,
    PasswordVoid,
    TooManyAttempts,
)
from samovar.services.auth.providers.errors import NotFirstFactor
from samovar.services.auth.schemas import (
    BODY_BYTES_MAX,
    Credentials,
    MfaRequired,
    Registration,
    SignedIn,
)
from samovar.services.auth.sign_in.use_cases import SignIn


@post(
    "/v1/auth/register",
    auth="public",
    rate_limit=RateLimit(60),
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, NotFirstFactor, LoginTaken, TooManyAttempts, HashingBusy),
)
async def register(data: Registration, request: Request, sign_in: SignIn) -> SignedIn:
    """Make an account and sign it in.

    Exactly one of `email` and `phone` is given. Nobody has to wait for a confirmation; until there is one, the login is
    only what the person said.
    """
    return await sign_in.register(data, Client.of(request, device_name_given=data.device_name))


@post(
    "/v1/auth/login",
    auth="public",
    status=200,
    rate_limit=RateLimit(60),
    body_bytes_max=BODY_BYTES_MAX,
    raises=(NotFirstFactor, BadCredentials, PasswordVoid, TooManyAttempts, HashingBusy),
)
async def log_in(data: Credentials, request: Request, sign_in: SignIn) -> SignedIn | MfaRequired:
    """Sign in with an e-mail address or a phone number and the password.

    The answer never tells whether the login exists. Send the `device_token` of an earlier sign-in on the same device, and
    other people's failed attempts cannot keep you out. An account with a second factor gets `mfa_required` instead of tokens, unless
    this device is trusted; go on with `POST /v1/auth/mfa`.
    """
    client = Client.of(request, device_token=data.device_token, device_name_given=data.device_name)
    return await sign_in.log_in(data, client)
