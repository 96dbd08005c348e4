"""What can go wrong in auth.

    BadRequest
    ├── FormStale             400  auth.form_stale              a page's form that is old, or of another browser
    └── OAuthError            400  auth.oauth_refused           what OAuth calls by its own names: `invalid_grant`
    Unauthenticated
    ├── BadCredentials        401  auth.bad_credentials         no such login, or another password: nobody learns which
    ├── RefreshTokenInvalid   401  auth.refresh_token_invalid   forged, run out, or of a session that is over
    ├── RefreshTokenReused    401  auth.refresh_token_reused    used before: stolen, so the session is over now
    ├── PasswordVoid          401  auth.password_void           right, but somebody else knows it: set a new one by mail
    ├── ChallengeInvalid      401  auth.challenge_invalid       no sign-in waits for this second factor, or no longer
    ├── SecondFactorWrong     401  auth.second_factor_wrong     the code or the passkey is not right
    ├── ResetInvalid          401  auth.reset_invalid           no such permission to set a password, or no longer
    ├── SecondFactorRequired  401  auth.second_factor_required  the password alone does not do for this account
    └── PasskeyRefused        401  auth.passkey_refused         unknown, or its signature is not right for this request
    Forbidden
    ├── RoleToOneself         403  auth.role_to_oneself         nobody raises themselves
    └── AdminByAdmin          403  auth.admin_by_admin          only an administrator makes or unmakes one
    Conflict
    ├── LastHolder            409  auth.last_holder             nobody would be left who could give the role again
    ├── LaunchTicketUsed      409  auth.launch_ticket_used      redeemed before: copied, or asked about twice
    ├── TooManyGrants         409  auth.too_many_grants         the account has as many roles as one may have
    ├── TooManyApiKeys        409  auth.too_many_api_keys       the account has as many keys as one may have
    ├── LoginTaken            409  auth.login_taken             somebody has registered with it
    ├── LastWayIn             409  auth.last_way_in             without this nobody could sign in
    ├── NoSecondFactor        409  auth.no_second_factor        recovery codes stand in for a second factor, and there is none
    ├── TotpNotBegun          409  auth.totp_not_begun          no secret waits to be confirmed, or no longer
    ├── PasskeyKnown          409  auth.passkey_known           this passkey is registered already
    ├── TooManyPasskeys       409  auth.too_many_passkeys       one account has so many and no more
    └── TooManyClients        409  auth.too_many_clients        a developer has as many as one may have
    RateLimited
    ├── TooManyAttempts       429  auth.too_many_attempts       of signing in or registering
    └── HashingBusy           429  auth.busy                    more people sign in at once than this process can hash
    NotFound
    ├── AlertInvalid          404  auth.alert_invalid           no such letter, too old, or answered before
    ├── LaunchTicketInvalid   404  auth.launch_ticket_invalid   never one, too old, or for another game
    ├── GrantNotFound         404  auth.grant_not_found         for operators only
    └── AccountNotFound       404  auth.account_not_found       for operators only

A login or password that breaks a rule is an `InvalidInput` that names the field.
"""

from samovar.kit.errors import BadRequest, Conflict, Forbidden, NotFound, RateLimited, Unauthenticated


class FormStale(BadRequest):
    """The form is not one that was shown to this browser a short while ago."""

    code = "auth.form_stale"


class OAuthError(BadRequest):
    """An error that OAuth has a name for. Machines get it as `clients.refusals.as_oauth` writes it, people on a page.

    Args:
        error: The name: `invalid_grant` (RFC 6749, sections 4.1.2.1 and 5.2, and its successors).
        description: For the developer, in English and printable ASCII.
        status: The HTTP status.
        challenge: What `WWW-Authenticate` says.
    """

    code = "auth.oauth_refused"

    def __init__(
        self, error: str, description: str, *, status: int = 400, challenge: str | None = None
    ) -> None:
        super().__init__(description, error=error)
        self.error = error
        self.status = status
        self.challenge = challenge


class BadCredentials(Unauthenticated):
    """There is no such login, or the password is another one; which of both, nobody learns."""

    code = "auth.bad_credentials"


class RefreshTokenInvalid(Unauthenticated):
    """The refresh token is forged, has run out, or its session is over."""

    code = "auth.refresh_token_invalid"


class RefreshTokenReused(Unauthenticated):
    """The refresh token was used before: someone else has it, so its session was ended."""

    code = "auth.refresh_token_reused"


class PasswordVoid(Unauthenticated):
    """The password is right, but somebody else knows it too: it opens nothing until a new one was set by mail."""

    code = "auth.password_void"


class ChallengeInvalid(Unauthenticated):
    """No sign-in waits for this second factor: it was met before, has run out, or was answered wrongly too often."""

    code = "auth.challenge_invalid"


class SecondFactorWrong(Unauthenticated):
    """The code or the passkey is not right, or was used before."""

    code = "auth.second_factor_wrong"


class ResetInvalid(Unauthenticated):
    """Nobody may set a password with this: it is not ours, has run out, was used, or the code is another one."""

    code = "auth.reset_invalid"


class SecondFactorRequired(Unauthenticated):
    """The account has a second factor, so the password alone proves too little."""

    code = "auth.second_factor_required"


class PasskeyRefused(Unauthenticated):
    """The passkey is unknown, or what it signed is not what was asked for, here and now."""

    code = "auth.passkey_refused"


class LastWayIn(Conflict):
    """Without this credential nobody could sign in to the account."""

    code = "auth.last_way_in"


class NoSecondFactor(Conflict):
    """Recovery codes stand in for a second factor, and the account has none."""

    code = "auth.no_second_factor"


class TotpNotBegun(Conflict):
    """No secret of an authenticator app waits to be confirmed in this session: none was shown, or too long ago."""

    code = "auth.totp_not_begun"


class PasskeyKnown(Conflict):
    """This passkey is registered already."""

    code = "auth.passkey_known"


class TooManyPasskeys(Conflict):
    """The account has as many passkeys as one may have."""

    code = "auth.too_many_passkeys"


class LoginTaken(Conflict):
    """Somebody has registered with this login."""

    code = "auth.login_taken"


class TooManyClients(Conflict):
    """The developer has as many clients as one may have."""

    code = "auth.too_many_clients"


class TooManyAttempts(RateLimited):
    """Too many attempts to sign in or to register."""

    code = "auth.too_many_attempts"


class HashingBusy(RateLimited):
    """More passwords wait to be checked than this process can check in time."""

    code = "auth.busy"


class AlertInvalid(NotFound):
    """There is no such letter, it is too old, or was answered before."""

    code = "auth.alert_invalid"


class RoleToOneself(Forbidden):
    """Nobody gives a role to themselves: a second person has to agree."""

    code = "auth.role_to_oneself"


class AdminByAdmin(Forbidden):
    """Only an administrator makes somebody an administrator, or ends it."""

    code = "auth.admin_by_admin"


class LastHolder(Conflict):
    """The last administrator stays, and so does the last owner of an organisation."""

    code = "auth.last_holder"


class TooManyGrants(Conflict):
    """The account has as many roles as one may have."""

    code = "auth.too_many_grants"


class TooManyApiKeys(Conflict):
    """The account has as many API keys as one may have."""

    code = "auth.too_many_api_keys"


class LaunchTicketUsed(Conflict):
    """The launch ticket was redeemed before: somebody has copied it, or the server asks twice."""

    code = "auth.launch_ticket_used"


class LaunchTicketInvalid(NotFound):
    """It was never a launch ticket, is too old, is for another game, or the player's session is over."""

    code = "auth.launch_ticket_invalid"


class GrantNotFound(NotFound):
    """There is no such grant of a role, or it has ended."""

    code = "auth.grant_not_found"


class AccountNotFound(NotFound):
    """There is no such account."""

    code = "auth.account_not_found"
