"""API keys of organisations as doors show and take them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

NETWORKS_MAX = 10
DAYS_MAX = 365

_Line = r"^\S(?:[^\x00-\x1f\x7f]*\S)?\Z"


class NewApiKey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An API key to make.

    Attributes:
        name: What the key is for.
        scope: What it may do, of what its maker may: permissions, or `catalog.price.*`, separated by spaces.
        game_id: In this game of the organisation alone.
        networks: The key counts from these networks and addresses only (CIDR); from everywhere when there is none.
    """

    name: Annotated[str, Meta(min_length=1, max_length=64, pattern=_Line)]
    scope: Annotated[str, Meta(min_length=1, max_length=512, pattern=r"^[a-z0-9_.* ]+\Z")]
    game_id: UUID | None = None
    expires_in_days: Annotated[int, Meta(ge=1, le=DAYS_MAX)] = 90
    networks: Annotated[
        tuple[Annotated[str, Meta(min_length=1, max_length=64)], ...], Meta(max_length=NETWORKS_MAX)
    ] = ()


class ApiKey(msgspec.Struct, frozen=True, kw_only=True):
    """An API key that holds in one organisation, without what makes it one.

    Attributes:
        account_id: Who made it: it does what they may, and ends with their role.
        hint: How the key begins.
        last_used_at: To five minutes; the moment of its making when it never was.
        last_address: Where it was last used from.
    """

    id: UUID
    account_id: UUID
    name: str
    hint: str
    scope: str
    game_id: UUID | None
    networks: tuple[str, ...]
    created_at: datetime
    last_used_at: datetime
    last_address: str | None
    expires_at: datetime


class ApiKeyMade(msgspec.Struct, frozen=True, kw_only=True):
    """A new API key.

    Attributes:
        key: Send it as `X-API-Key`. It is shown this once and never again.
    """

    key: str
    made: ApiKey

    def __repr__(self) -> str:
        return f"ApiKeyMade({self.made.id}, …)"
