"""The shapes of settings that travel."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from samovar.kit.i18n import Language
from samovar.services.account.contract.events import SettingsChanged

TIME_ZONE_LENGTH_MAX = 64
HIDDEN_CONTENT_MAX = 8

Theme = Literal["system", "light", "dark"]
Content = Literal["violence", "horror", "nudity", "gambling", "drugs", "alcohol", "profanity"]
Country = Annotated[str, Meta(pattern=r"^[A-Z]{2}\Z", max_length=2, description="ISO 3166-1 alpha-2.")]
TimeZone = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=TIME_ZONE_LENGTH_MAX,
        description="A name of the IANA database: `Europe/Moscow`.",
    ),
]


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """How a person wants the platform to look and speak.

    Attributes:
        hidden_content: Kinds of content that the person does not want to be shown, whatever their age.
        is_motion_reduced: Interfaces move less.
    """

    language: Language = "ru"
    country: str | None = None
    time_zone: str = "Europe/Moscow"
    theme: Theme = "system"
    hidden_content: tuple[Content, ...] = ()
    is_motion_reduced: bool = False

    def told(self, account_id: UUID, *, version: int, changed_at: datetime) -> SettingsChanged:
        """Return what the others learn."""
        return SettingsChanged(
            account_id=account_id,
            language=self.language,
            country=self.country,
            time_zone=self.time_zone,
            hidden_content=self.hidden_content,
            version=version,
            changed_at=changed_at,
        )


class SettingsPatch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to change; what is absent stays, null clears."""

    language: Language | UnsetType = UNSET
    country: Country | UnsetType | None = UNSET
    time_zone: TimeZone | UnsetType = UNSET
    theme: Theme | UnsetType = UNSET
    hidden_content: Annotated[tuple[Content, ...], Meta(max_length=HIDDEN_CONTENT_MAX)] | UnsetType = UNSET
    is_motion_reduced: bool | UnsetType = UNSET
