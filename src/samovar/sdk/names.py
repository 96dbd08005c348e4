"""Names that a client makes: of sessions, of updates."""

import secrets
import time
from uuid import UUID

_VERSION, _VARIANT = 0x7 << 76, 0b10 << 62


def new_id() -> UUID:
    """Return a new UUID of version 7 (RFC 9562), so that rows sort by the time of their making."""
    unix_ms = time.time_ns() // 1_000_000
    return UUID(int=unix_ms << 80 | _VERSION | secrets.randbits(12) << 64 | _VARIANT | secrets.randbits(62))
