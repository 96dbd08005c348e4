"""REST: changing, forgetting and resetting passwords."""

from samovar.kit.errors import InvalidInput
from samovar.kit.identity import Caller, StepUpRequired
from samovar.kit.rest.app import Request
from samovar.kit.routes import RateLimit, post
from samovar.services.auth.client import Client
from samovar.services.auth.errors import BadCredentials, HashingBusy, ResetInvalid, TooManyAttempts
from samovar.services.auth.passwords.schemas import Forgotten, PasswordChange, PasswordReset
from samovar.services.auth.passwords.use_cases import PasswordSetting
from samovar.services.auth.schemas import BODY_BYTES_MAX


@post(
    "/v1/auth/password/change",
    auth="player",
    status=204,
    rate_limit=RateLimit(30, by="account"),
    body_bytes_max=BODY_BYTES_MAX,
    raises=(BadCredentials, StepUpRequired, InvalidInput, TooManyAttempts, HashingBusy),
)
async def change_password(
    data: PasswordChange, caller: Caller, request: Request, password_setting: PasswordSetting
) -> None:
    """Change the password.

    The present one is asked for once more; an account that has none needs a fresh proof. All other sign-ins end, unless
    `keep_sessions` is set.
    """
    await password_setting.change(
        caller,
        Client.of(request),
        current=data.current_password,
        new=data.new_password,
        keep_sessions=data.keep_sessions,
    )


@post(
    "/v1/auth/password/forgot",
    auth="public",
    status=202,
    rate_limit=RateLimit(30),
    body_bytes_max=BODY_BYTES_MAX,
    raises=(TooManyAttempts,),
)
async def forget_password(data: Forgotten, request: Request, password_setting: PasswordSetting) -> None:
    """Ask for a letter with which a new password can be set.

    The answer is the same whether the login exists or not. To an address goes a link that works for half an hour, to a number a
    code that works for ten minutes.
    """
    await password_setting.forget(data.login, Client.of(request))


@post(
    "/v1/auth/password/reset",
    auth="public",
    status=204,
    rate_limit=RateLimit(30),
    body_bytes_max=BODY_BYTES_MAX,
    raises=(ResetInvalid, InvalidInput, TooManyAttempts, HashingBusy),
)
async def reset_password(data: PasswordReset, request: Request, password_setting: PasswordSetting) -> None:
    """Set a new password: with `token` from a mail, or with `login` and `code` from a text message.

    Everything that was signed in ends, API keys too. Sign in with the new password next; the second factor is asked for as ever.
    """
    await password_setting.reset(
        Client.of(request), token=data.token, login=data.login, code=data.code, new=data.new_password
    )
