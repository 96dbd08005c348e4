"""The rules of passkeys, as pure functions."""

import ipaddress
from datetime import timedelta
from typing import Literal
from urllib.parse import urlsplit

Purpose = Literal["registration", "sign_in", "second_factor", "step_up"]

# Time enough to fetch a phone, and the longest that browsers are asked to wait (WebAuthn, section 15.1).
CHALLENGE_LIVES_FOR = timedelta(minutes=5)
CHALLENGE_BYTES = 32
USER_HANDLE_BYTES = 32
PASSKEYS_PER_ACCOUNT_MAX = 20
# What signatures we take, the best first: EdDSA, ES256, and RS256 for Windows Hello (IANA, COSE algorithms).
ALGORITHMS = (-8, -7, -257)
TRANSPORTS = frozenset({"usb", "nfc", "ble", "smart-card", "hybrid", "internal"})


def page_origin(origin: str) -> str:
    """Return the origin of the pages that passkeys answer: the platform's own, and `localhost` in place of a loopback address.

    Browsers know no passkeys for IP addresses (WebAuthn, section 5.1.2), and both names lead to the same machine.
    """
    parts = urlsplit(origin)
    try:
        is_this_machine = ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return origin
    port = "" if parts.port is None else f":{parts.port}"
    return f"{parts.scheme}://localhost{port}" if is_this_machine else origin


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
