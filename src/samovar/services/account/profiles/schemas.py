"""The shapes of profiles that travel."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from samovar.kit.i18n import Language
from samovar.services.account.contacts.domain import IdentityLevel
from samovar.services.account.contacts.schemas import Contact
from samovar.services.account.privacy.domain import Section
from samovar.services.account.profiles.names import (
    DISPLAY_NAME_LENGTH_MAX,
    NAME_LENGTH_MAX,
    NAME_LENGTH_MIN,
)

BIO_LENGTH_MAX = 1_000
LINKS_MAX = 5
LINK_TITLE_LENGTH_MAX = 40
LINK_LENGTH_MAX = 300

AgeLevel = Literal[0, 6, 12, 16, 18]
DisplayName = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=DISPLAY_NAME_LENGTH_MAX,
        description="What others see; many may have the same.",
    ),
]
Name = Annotated[
    str,
    Meta(
        min_length=NAME_LENGTH_MIN,
        max_length=NAME_LENGTH_MAX,
        description="A unique name: Latin or Russian letters, digits, single `.`, `_` and `-`. Names that look alike are one.",
    ),
]
Bio = Annotated[str, Meta(max_length=BIO_LENGTH_MAX, description="A few words about oneself; plain text.")]


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """A person in a list.

    Attributes:
        name: The unique name that the person chose, if any.
        avatar_url: A path below the origin; `?size=64` gives the small picture.
    """

    account_id: UUID
    display_name: str
    name: str | None
    avatar_url: str


class Link(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A page of the person elsewhere."""

    title: Annotated[str, Meta(min_length=1, max_length=LINK_TITLE_LENGTH_MAX)]
    url: Annotated[
        str, Meta(max_length=LINK_LENGTH_MAX, description="An address that begins with `https://`.")
    ]


class Me(Card, frozen=True, kw_only=True):
    """One's own account, as only the person sees it; the birth date is not shown even here.

    Attributes:
        country: ISO 3166-1 alpha-2; it is changed in the settings.
        is_country_shown: Whether others see the country.
        age_level: Games of a higher age mark are kept away; 0 until a birth date is given.
        age_source: Who says so: `self`; null until a birth date is given, which can be done once.
        identity_level: How well the person is known: 0 not at all, 1 by a mail address, 2 by a phone.
    """

    bio: str
    links: tuple[Link, ...]
    country: str | None
    is_country_shown: bool
    language: Language
    age_level: AgeLevel
    age_source: Literal["self"] | None
    email: Contact | None
    phone: Contact | None
    identity_level: IdentityLevel
    registered_at: datetime


class MePatch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to change; what is absent stays, null clears.

    Attributes:
        birth_date: Can be given once; after that support changes it.
    """

    display_name: DisplayName | UnsetType = UNSET
    name: Name | UnsetType | None = UNSET
    bio: Bio | UnsetType = UNSET
    links: Annotated[tuple[Link, ...], Meta(max_length=LINKS_MAX)] | UnsetType = UNSET
    is_country_shown: bool | UnsetType = UNSET
    birth_date: date | UnsetType = UNSET


class Profile(Card, frozen=True, kw_only=True):
    """A person, as the caller may see them. What the caller may not see is absent.

    Attributes:
        country: Null where the person does not show it.
        hidden: The sections that the person does not show to the caller: `profile` is what stands here besides name and
            picture, the others are answered by the services that own them.
    """

    bio: str | UnsetType = UNSET
    links: tuple[Link, ...] | UnsetType = UNSET
    country: str | UnsetType | None = UNSET
    registered_at: datetime | UnsetType = UNSET
    hidden: tuple[Section, ...]
