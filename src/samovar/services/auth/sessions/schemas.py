"""The shapes of sessions as they travel."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec


class SessionDevice(msgspec.Struct, frozen=True):
    """The device of a session."""

    id: UUID
    name: str


class SessionSeen(msgspec.Struct, frozen=True, kw_only=True):
    """One session of the caller.

    Attributes:
        kind: `sign_in` on a device, `api_key` of a server, `grant` that was given to another program.
        is_current: It is the one that asks.
        label: What the caller called an API key.
        client_id: The program that holds a grant.
        address: Where it was last used from.
    """

    id: UUID
    kind: Literal["sign_in", "api_key", "grant"]
    is_current: bool
    device: SessionDevice | None
    label: str | None
    client_id: str | None
    amr: tuple[str, ...]
    acr: str
    address: str | None
    started_at: datetime
    last_used_at: datetime
    expires_at: datetime
