"""The shapes of creators as their organisations keep them."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from samovar.services.catalog.domain import Slug

CREATOR_NAME_LENGTH_MAX = 200

CreatorName = Annotated[str, Meta(min_length=1, max_length=CREATOR_NAME_LENGTH_MAX)]
Website = Annotated[str, Meta(max_length=300, pattern=r"^https?://[^\s]+\Z")]


class NewCreator(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A developer or publisher that an organisation makes; the slug never changes."""

    organisation_id: UUID
    slug: Slug
    name: CreatorName
    website: Website | None = None


class CreatorPatch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What shall be otherwise; what is left out stays, null takes the website away."""

    name: CreatorName | UnsetType = UNSET
    website: Website | UnsetType | None = UNSET


class OwnCreator(msgspec.Struct, frozen=True, kw_only=True):
    """A creator, as its organisation sees it.

    Attributes:
        organisation_id: Whose it is; none of what was imported.
        version: Counts the changes.
    """

    id: UUID
    slug: str
    name: str
    website: str | None
    organisation_id: UUID | None
    version: int


class CreatorKey(msgspec.Struct, frozen=True):
    """What the list of creators is sorted by: the newest first."""

    id: UUID
