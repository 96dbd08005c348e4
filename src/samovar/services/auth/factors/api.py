"""REST: the second half of a sign-in, and proving once more who one is."""

from samovar.kit.identity import Caller
from samovar.kit.rest.app import Request
from samovar.kit.routes import RateLimit, post
from samovar.services.auth.client import Client
from samovar.services.auth.errors import (
    BadCredentials,
    ChallengeInvalid,
    HashingBusy,
    SecondFactorRequired,
    SecondFactorWrong,
    TooManyAttempts,
)
from samovar.services.auth.factors.use_cases import SecondStep
from samovar.services.auth.schemas import BODY_BYTES_MAX, AccessToken, MfaAnswer, SignedIn, StepUpAnswer


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
    return await second_step.complete(data, Client.of(request, device_token=data.device_token))


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
