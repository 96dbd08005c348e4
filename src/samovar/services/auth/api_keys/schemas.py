"""The shapes of API keys as they travel."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from samovar.services.auth.api_keys.domain import DAYS_MAX, NETWORKS_MAX, SCOPE_LENGTH_MAX
from samovar.services.auth.schemas import ONE_LINE, Confidential

NAME_LENGTH_MAX = 64
NETWORK_LENGTH_MAX = 64

_Name = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=NAME_LENGTH_MAX,
        pattern=ONE_LINE,
        description="What the key is for.",
    ),
]
_Scope = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=SCOPE_LENGTH_MAX,
        description="What the key may do, of what its owner may: permissions, or `catalog.game.*`, separated by spaces.",
    ),
]
_Network = Annotated[str, Meta(min_length=1, max_length=NETWORK_LENGTH_MAX)]


class ApiKeyOrder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An API key to make."""

    name: _Name
    scope: _Scope
    organisation_id: Annotated[
        UUID | None,
        Meta(description="The key holds in this organisation alone, with what its owner has there."),
    ] = None
    game_id: Annotated[
        UUID | None, Meta(description="The key holds in this game of the organisation alone.")
    ] = None
    expires_in_days: Annotated[int, Meta(ge=1, le=DAYS_MAX)] = 90
    networks: Annotated[
        tuple[_Network, ...],
        Meta(
            max_length=NETWORKS_MAX,
            description="The key counts from these networks and addresses only (CIDR); from everywhere when there is none.",
        ),
    ] = ()


class ApiKeySeen(msgspec.Struct, frozen=True, kw_only=True):
    """An API key, without what makes it one.

    Attributes:
        hint: How the key begins.
        last_used_at: To five minutes; the moment of its making when it never was.
        last_address: Where it was last used from.
    """

    id: UUID
    name: str
    hint: str
    scope: str
    organisation_id: UUID | None
    game_id: UUID | None
    networks: tuple[str, ...]
    created_at: datetime
    last_used_at: datetime
    last_address: str | None
    expires_at: datetime


class OrganisationKey(ApiKeySeen, frozen=True, kw_only=True):
    """An API key that holds in one organisation, as its owners see it.

    Attributes:
        account_id: Who made it.
    """

    account_id: UUID


class ApiKeyMade(Confidential, frozen=True, kw_only=True):
    """A new API key.

    Attributes:
        key: Send it as `X-API-Key`. It is shown this once and never again.
    """

    id: UUID
    key: str
    name: str
    hint: str
    scope: str
    organisation_id: UUID | None
    game_id: UUID | None
    networks: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
