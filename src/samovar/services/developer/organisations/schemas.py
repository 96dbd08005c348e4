"""Organisations as doors show and take them."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from samovar.kit.identity import Level

NAME_LENGTH_MAX = 100
WEBSITE_LENGTH_MAX = 200

Name = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=NAME_LENGTH_MAX,
        pattern=r"^\S(?:[^\x00-\x1f\x7f]*\S)?\Z",
        description="What players see.",
    ),
]
Website = Annotated[str, Meta(max_length=WEBSITE_LENGTH_MAX, pattern=r"^https://[^\s\x00-\x1f\x7f]+\Z")]
Standing = Literal["unconfirmed", "checking", "confirmed"]


class NewOrganisation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An organisation to found."""

    name: Name
    website: Website | None = None


class OrganisationPatch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What of an organisation is to change; what is left out stays."""

    name: Name | UnsetType = UNSET
    website: Website | UnsetType | None = UNSET


class Organisation(msgspec.Struct, frozen=True, kw_only=True):
    """An organisation.

    Attributes:
        standing: `confirmed` when a register or a member of staff says that it is what it claims to be in law; only then it releases.
    """

    id: UUID
    version: int
    name: str
    website: str | None
    standing: Standing
    created_at: datetime
    changed_at: datetime


class OwnOrganisation(msgspec.Struct, frozen=True, kw_only=True):
    """An organisation of the caller.

    Attributes:
        levels: What the caller may do in all of it.
        game_ids: The games in which the caller may do something, besides that.
    """

    organisation: Organisation
    levels: list[Level]
    game_ids: list[UUID]


class OrganisationVersion(msgspec.Struct, frozen=True, kw_only=True):
    """An organisation as it was, and who made it so."""

    version: int
    name: str
    website: str | None
    actor_id: UUID
    changed_at: datetime


class OrganisationKey(msgspec.Struct, frozen=True):
    """What the list of all organisations is sorted by."""

    created_at: datetime
    id: UUID


class VersionKey(msgspec.Struct, frozen=True):
    """What the history of an organisation is sorted by."""

    version: int
