"""REST: the second half of a sign-in, and proving once more who one is."""

from samovar.kit.identity import Caller
from samovar.kit.rest.app import Request
from samovar.kit.routes import RateLimit, get, post
from samovar.services.auth.client import Client
from samovar.services.auth.errors import (
    BadCredentials,
    ChallengeInvalid,
    HashingBusy,
    SecondFactorRequired,
    SecondFactorWrong,
    TooManyAttempts,
)
from samovar.services.auth.factors.schemas import Factors
from samovar.services.auth.factors.use_cases import SecondStep
from samovar.services.auth.schemas import (
    BODY_BYTES_MAX,
    AccessToken,
    MfaAnswer,
    PasskeyRequest,
    SignedIn,
    StepUpAnswer,
    WaitingSignIn,
)


@post(
    "/v1/auth/mfa",
    auth="public",
    status=200,
    rate_limit=RateLimit(60),
    body_bytes_max=BODY_BYTES_MAX,
    raises=(ChallengeInvalid, SecondFactorWrong, TooManyAttempts),
)
async def answer_challenge(data: MfaAnswer, request: Request, second_step: SecondStep) -> SignedIn:
    """Give the second factor that a sign-in waits for.

    `mfa_token` comes from the answer to the first step. Five wrong answers end the attempt. With `trust_device` this device is not
    asked for the second factor for 30 days; what is dangerous asks for it all the same.
    """
    client = Client.of(request, device_token=data.device_token, device_name_given=data.device_name)
    return await second_step.complete(data, client)


@post(
    "/v1/auth/mfa/passkey-options",
    auth="public",
    status=200,
    rate_limit=RateLimit(60),
    body_bytes_max=BODY_BYTES_MAX,
    raises=(ChallengeInvalid,),
)
async def ask_passkey(data: WaitingSignIn, second_step: SecondStep) -> PasskeyRequest:
    """Ask once more what a passkey is to sign for a sign-in that waits.

    The first answer to the sign-in holds it already, as `passkey_options`; it works once, for five minutes.
    """
    return await second_step.ask_passkey(data.mfa_token)


@post(
    "/v1/auth/step-up",
    auth="player",
    status=200,
    rate_limit=RateLimit(30, by="account"),
    body_bytes_max=BODY_BYTES_MAX,
    raises=(BadCredentials, SecondFactorRequired, SecondFactorWrong, TooManyAttempts, HashingBusy),
)
async def step_up(
    data: StepUpAnswer, caller: Caller, request: Request, second_step: SecondStep
) -> AccessToken:
    """Prove once more who you are, after an answer `auth.step_up_required`.

    Returns an access token of the same session with a new `auth_time` and, after a second factor, `acr` `aal2`. An account that has a
    second factor must use it; the others use the password.
    """
    return await second_step.step_up(caller, data, Client.of(request))


@post("/v1/auth/step-up/passkey-options", auth="player", status=200, rate_limit=RateLimit(30, by="account"))
async def ask_passkey_again(caller: Caller, second_step: SecondStep) -> PasskeyRequest:
    """Ask what a passkey is to sign for `POST /v1/auth/step-up`; it works once, for five minutes, in this session."""
    return await second_step.ask_passkey_again(caller)


@get("/v1/auth/factors", auth="player")
async def show_factors(caller: Caller, second_step: SecondStep) -> Factors:
    """Tell by what the account can be entered, and how many recovery codes are left."""
    return await second_step.factors(caller)
