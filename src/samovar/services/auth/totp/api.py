"""REST: connecting and disconnecting an authenticator app."""

from samovar.kit.errors import NotFound
from samovar.kit.identity import Caller, StepUpRequired
from samovar.kit.rest.app import Request
from samovar.kit.routes import RateLimit, delete, post
from samovar.services.auth.client import Client
from samovar.services.auth.errors import (
    BadCredentials,
    HashingBusy,
    SecondFactorWrong,
    TooManyAttempts,
    TotpNotBegun,
)
from samovar.services.auth.schemas import BODY_BYTES_MAX, FRESH, RecoveryCodes
from samovar.services.auth.totp.schemas import TotpConfirmation, TotpRequest, TotpSecret
from samovar.services.auth.totp.use_cases import Totp


@post(
    "/v1/auth/totp",
    auth="player",
    rate_limit=RateLimit(10, by="account"),
    body_bytes_max=BODY_BYTES_MAX,
    raises=(BadCredentials, StepUpRequired, TooManyAttempts, HashingBusy),
)
async def begin_totp(data: TotpRequest, caller: Caller, request: Request, totp: Totp) -> TotpSecret:
    """Begin to connect an authenticator app: any that knows TOTP (RFC 6238).

    An account with a password and without a second factor gives the password; the others prove themselves at
    `POST /v1/auth/step-up`. Until `POST /v1/auth/totp/confirm` nothing changes; an app that is connected goes on working.
    """
    return await totp.begin(caller, data.password, Client.of(request))


@post(
    "/v1/auth/totp/confirm",
    auth="player",
    status=200,
    rate_limit=RateLimit(30, by="account"),
    body_bytes_max=BODY_BYTES_MAX,
    raises=(TotpNotBegun, SecondFactorWrong, TooManyAttempts),
)
async def confirm_totp(data: TotpConfirmation, caller: Caller, request: Request, totp: Totp) -> RecoveryCodes:
    """Confirm the app by the code that it shows. With the first second factor come ten recovery codes.

    From now on every sign-in asks for a code, and so does every device that was trusted. Other sessions go on.
    """
    return await totp.confirm(caller, data.code, Client.of(request))


@delete("/v1/auth/totp", auth="player", step_up=FRESH, raises=(NotFound,))
async def remove_totp(caller: Caller, request: Request, totp: Totp) -> None:
    """Disconnect the authenticator app. The second factor must have been given lately."""
    await totp.remove(caller, Client.of(request))
