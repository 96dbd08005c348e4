"""The shapes of clients as they travel; the words are those of RFC 7591 where it has one."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from samovar.services.auth.clients.domain import URI_LENGTH_MAX, URIS_MAX
from samovar.services.auth.schemas import Confidential

DAY_S = 86_400

Name = Annotated[str, Meta(min_length=1, max_length=64, description="What people see when they are asked.")]
Uri = Annotated[str, Meta(min_length=1, max_length=URI_LENGTH_MAX)]
Uris = Annotated[tuple[Uri, ...], Meta(max_length=URIS_MAX)]
GrantType = Literal[
    "authorization_code",
    "refresh_token",
    "client_credentials",
    "urn:ietf:params:oauth:grant-type:device_code",
]
Scope = Literal["openid", "profile", "email", "age", "offline_access"]
GrantTypes = Annotated[tuple[GrantType, ...], Meta(min_length=1, max_length=4)]
Scopes = Annotated[tuple[Scope, ...], Meta(max_length=5)]


class NewClient(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A program to be registered.

    Attributes:
        application_type: `web` returns to https; `native` also to a loopback address or a scheme of its own.
        is_confidential: It can keep a secret: it runs on a server, not with the player.
        redirect_uris: Where it returns to, compared letter by letter; the port of a loopback address is free.
        backchannel_logout_uri: Where it is told that a session is over.
        require_pkce: Only a confidential client may do without.
        organisation_id: Its clients share the `sub` of a person.
    """

    name: Name
    developer_name: Name
    application_type: Literal["web", "native"] = "web"
    is_confidential: bool = False
    redirect_uris: Uris = ()
    post_logout_redirect_uris: Uris = ()
    backchannel_logout_uri: Uri | None = None
    grant_types: GrantTypes = ("authorization_code", "refresh_token")
    scopes: Scopes = ("openid", "profile")
    require_pkce: bool = True
    organisation_id: UUID | None = None
    game_id: UUID | None = None


class ClientChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What to change of a client. What it is (its type, whether it keeps a secret, its organisation) never changes."""

    name: Name | UnsetType = UNSET
    developer_name: Name | UnsetType = UNSET
    redirect_uris: Uris | UnsetType = UNSET
    post_logout_redirect_uris: Uris | UnsetType = UNSET
    backchannel_logout_uri: Uri | UnsetType | None = UNSET
    grant_types: GrantTypes | UnsetType = UNSET
    scopes: Scopes | UnsetType = UNSET
    require_pkce: bool | UnsetType = UNSET
    game_id: UUID | UnsetType | None = UNSET


class SecretRotation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A new secret is wanted.

    Attributes:
        older_valid_s: For how long the present secret still counts beside it.
    """

    older_valid_s: Annotated[int, Meta(ge=0, le=7 * DAY_S)] = DAY_S


class ClientSeen(msgspec.Struct, frozen=True, kw_only=True):
    """A client as its developer sees it."""

    client_id: str
    name: str
    developer_name: str
    application_type: Literal["web", "native"]
    is_confidential: bool
    redirect_uris: tuple[str, ...]
    post_logout_redirect_uris: tuple[str, ...]
    backchannel_logout_uri: str | None
    grant_types: tuple[str, ...]
    scopes: tuple[str, ...]
    require_pkce: bool
    organisation_id: UUID | None
    game_id: UUID | None
    first_party: bool
    older_secret_until: datetime | None
    created_at: datetime
    updated_at: datetime


class ClientMade(Confidential, frozen=True, kw_only=True):
    """A new client.

    Attributes:
        client_secret: Shown this once; none for a public client.
    """

    client: ClientSeen
    client_secret: str | None


class ClientSecret(Confidential, frozen=True, kw_only=True):
    """A new secret, shown this once.

    Attributes:
        older_valid_until: Until then the one before it still counts.
    """

    client_secret: str
    older_valid_until: datetime
