"""The shapes of setting passwords as they travel."""

from typing import Annotated

from msgspec import Meta

from samovar.services.auth.domain import LOGIN_LENGTH_MAX
from samovar.services.auth.schemas import CODE_LENGTH_MAX, TOKEN_LENGTH_MAX, Confidential, Password


class PasswordChange(Confidential, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Another password for the caller.

    Attributes:
        current_password: Not for an account that has none.
        keep_sessions: Leave the other sessions signed in; otherwise they end.
    """

    current_password: Password | None = None
    new_password: Password
    keep_sessions: bool = False


class Forgotten(Confidential, frozen=True, forbid_unknown_fields=True):
    """Whose password was forgotten."""

    login: Annotated[
        str,
        Meta(min_length=1, max_length=LOGIN_LENGTH_MAX, description="An e-mail address or a phone number."),
    ]


class ResetState(Confidential, frozen=True):
    """What the page for a new password carries with it."""

    token: str


class ResetForm(Confidential, frozen=True):
    """What comes back from the page for a new password."""

    form: str = ""
    new_password: Password = ""


class ForgottenForm(Confidential, frozen=True):
    """What comes back from the page for a forgotten password."""

    form: str = ""
    login: Annotated[str, Meta(max_length=LOGIN_LENGTH_MAX)] = ""


class ForgottenState(Confidential, frozen=True):
    """The page for a forgotten password carries nothing with it."""


class PasswordSet(Confidential, frozen=True):
    """A new password is set.

    Attributes:
        device_token: Send it with the sign-in that follows: whatever strangers try, this device gets in.
    """

    device_token: str


class PasswordReset(Confidential, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new password, from somebody who shows what was sent: the token of a mail, or login and code of a text message."""

    token: Annotated[str, Meta(max_length=TOKEN_LENGTH_MAX)] | None = None
    login: Annotated[str, Meta(max_length=LOGIN_LENGTH_MAX)] | None = None
    code: Annotated[str, Meta(max_length=CODE_LENGTH_MAX)] | None = None
    new_password: Password
