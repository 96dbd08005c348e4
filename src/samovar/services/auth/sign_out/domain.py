"""The rules of signing out: what clients are told, when they are told again, which addresses may be called."""

import ipaddress
from datetime import datetime, timedelta
from typing import Any

LOGOUT_TOKEN_TYPE = "logout+jwt"  # noqa: S105  a media type
LOGOUT_TOKEN_LIVES_S = 120
EVENT = "http://schemas.openid.net/event/backchannel-logout"
TOLD_WITHIN = timedelta(hours=24)
PAUSES_S = (5, 15, 60, 300, 900, 3_600)


def logout_claims(
    *, issuer: str, client_id: str, subject: str, session_id: str, token_id: str, now: datetime
) -> dict[str, Any]:
    """Return what a logout token says (OpenID Connect Back-Channel Logout 1.0, section 2.4). It never has a `nonce`."""
    issued_at = int(now.timestamp())
    return {
        "iss": issuer,
        "aud": client_id,
        "sub": subject,
        "sid": session_id,
        "iat": issued_at,
        "exp": issued_at + LOGOUT_TOKEN_LIVES_S,
        "jti": token_id,
        "events": {EVENT: {}},
    }


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts."""
    return timedelta(seconds=PAUSES_S[min(attempts, len(PAUSES_S)) - 1])


def is_public(address: str) -> bool:
    """Return whether a network address is one of the open internet: whoever registers an address must not reach into our networks."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        # These carry an IPv4 address inside, under which it is reached.
        inside = parsed.ipv4_mapped or parsed.sixtofour or (parsed.teredo and parsed.teredo[1])
        if inside is not None:
            return is_public(str(inside))
        if parsed in ipaddress.ip_network("64:ff9b::/96"):
            return is_public(str(ipaddress.IPv4Address(int(parsed) & 0xFFFF_FFFF)))
    return parsed.is_global and not parsed.is_multicast
