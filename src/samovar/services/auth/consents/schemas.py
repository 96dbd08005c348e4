"""The shapes of consents to clients as they travel."""

from datetime import datetime

import msgspec


class ConsentedClient(msgspec.Struct, frozen=True, kw_only=True):
    """A program that the caller lets know something.

    Attributes:
        scopes: What: `openid` (an id for this developer), `profile`, `email`, `age`, `offline_access` (at any time).
    """

    client_id: str
    name: str
    developer_name: str
    game_id: str | None
    scopes: tuple[str, ...]
    given_at: datetime
