"""The shapes of second factors as they travel."""

from datetime import datetime

import msgspec


class Factors(msgspec.Struct, frozen=True, kw_only=True):
    """By what the caller's account can be entered.

    Attributes:
        second_factors: What is asked for after the password, in this order: `passkey`, `totp`, `recovery`.
        totp_added_at: Since when an authenticator app is connected; null: none is.
        passkeys: How many there are.
        recovery_codes_left: How many recovery codes still work.
        are_few_codes_left: So few that a new set should be made.
    """

    has_password: bool
    second_factors: tuple[str, ...]
    totp_added_at: datetime | None
    passkeys: int
    recovery_codes_left: int
    are_few_codes_left: bool
