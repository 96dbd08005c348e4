"""The rules of passkeys, as pure functions."""

from datetime import timedelta
from typing import Literal

Purpose = Literal["registration", "sign_in", "second_factor", "step_up"]

# Time enough to fetch a phone, and the longest that browsers are asked to wait (WebAuthn, section 15.1).
CHALLENGE_LIVES_FOR = timedelta(minutes=5)
CHALLENGE_BYTES = 32
USER_HANDLE_BYTES = 32
PASSKEYS_PER_ACCOUNT_MAX = 20
# What signatures we take, the best first: EdDSA, ES256, and RS256 for Windows Hello (IANA, COSE algorithms).
ALGORITHMS = (-8, -7, -257)
TRANSPORTS = frozenset({"usb", "nfc", "ble", "smart-card", "hybrid", "internal"})


def was_cloned(*, kept: int, shown: int) -> bool:
    """Return whether a counter shows that there are two of this passkey (WebAuthn, section 6.1.1).

    One that does not count shows 0 for ever.
    """
    return (kept > 0 or shown > 0) and shown <= kept


def amr_of(*, is_backup_eligible: bool) -> tuple[str, ...]:
    """Return what a passkey proves (RFC 8176): that a key was there, and that its holder was verified: two factors in one.

    A key that can be copied to other devices is kept by software.
    """
    return ("swk" if is_backup_eligible else "hwk", "user", "mfa")
