"""The shapes of alerts and holds as they travel."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from samovar.services.auth.schemas import TOKEN_LENGTH_MAX, Confidential

AlertToken = Annotated[str, Meta(max_length=TOKEN_LENGTH_MAX, description="From the link in the letter.")]


class NotMe(Confidential, frozen=True, forbid_unknown_fields=True):
    """«Это был не я»."""

    token: AlertToken


class Secured(Confidential, frozen=True, kw_only=True):
    """The account is safe again.

    Attributes:
        password_reset_token: Set a new password with it: `POST /v1/auth/password/reset`.
        held_until: Until then nothing of value leaves the account.
    """

    password_reset_token: str
    held_until: datetime


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the account is held.

    Attributes:
        held_until: Until when; none when it is not held.
        reason: `not_me`.
    """

    held_until: datetime | None = None
    reason: str | None = None
