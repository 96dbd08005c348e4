"""The shapes of profiles that travel."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from samovar.kit.i18n import Language
from samovar.services.account.contacts.domain import IdentityLevel
from samovar.services.account.contacts.schemas import Contact

AgeLevel = Literal[0, 6, 12, 16, 18]


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

    title: str
    url: str


class Me(Card, frozen=True, kw_only=True):
    """One's own account, as only the person sees it.

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
