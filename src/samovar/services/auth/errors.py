"""What can go wrong in auth.

    Unauthenticated
    ├── BadCredentials        401  auth.bad_credentials         no such login, or another password: nobody learns which
    ├── RefreshTokenInvalid   401  auth.refresh_token_invalid   forged, run out, or of a session that is over
    └── RefreshTokenReused    401  auth.refresh_token_reused    used before: stolen, so the session is over now
    Conflict
    └── LoginTaken            409  auth.login_taken             somebody has registered with it
    RateLimited
    ├── TooManyAttempts       429  auth.too_many_attempts       of signing in or registering
    └── HashingBusy           429  auth.busy                    more people sign in at once than this process can hash
    NotFound
    └── AccountNotFound       404  auth.account_not_found       for operators only

A login or password that breaks a rule is an `InvalidInput` that names the field.
"""

from samovar.kit.errors import Conflict, NotFound, RateLimited, Unauthenticated


class BadCredentials(Unauthenticated):
    """There is no such login, or the password is another one; which of both, nobody learns."""

    code = "auth.bad_credentials"


class RefreshTokenInvalid(Unauthenticated):
    """The refresh token is forged, has run out, or its session is over."""

    code = "auth.refresh_token_invalid"


class RefreshTokenReused(Unauthenticated):
    """The refresh token was used before: someone else has it, so its session was ended."""

    code = "auth.refresh_token_reused"


class LoginTaken(Conflict):
    """Somebody has registered with this login."""

    code = "auth.login_taken"


class TooManyAttempts(RateLimited):
    """Too many attempts to sign in or to register."""

    code = "auth.too_many_attempts"


class HashingBusy(RateLimited):
    """More passwords wait to be checked than this process can check in time."""

    code = "auth.busy"


class AccountNotFound(NotFound):
    """No account has this login."""

    code = "auth.account_not_found"
