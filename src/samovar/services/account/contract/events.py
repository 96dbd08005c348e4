"""The events that account sends. Additive change only: an old sample must decode for ever."""

from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.events import Aggregate, Event


class ProfileChanged(Event, frozen=True, kw_only=True, subject="account.v1.profile_changed"):
    """What others see of a person is new, or there for the first time; it comes right after the registration, too.

    Attributes:
        name: The unique name that the person chose, if any.
        avatar_url: A path below the origin; `?size=64` gives the small picture.
        version: Counts the changes: keep the highest.
    """

    account_id: UUID
    display_name: str
    name: str | None = None
    avatar_url: str
    version: int
    changed_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the profile of the account."""
        return Aggregate(str(self.account_id), self.version)


class AgeLevelChanged(Event, frozen=True, kw_only=True, subject="account.v1.age_level_changed"):
    """A person has reached an age level, or is known to be of one; without this event the level is 0.

    Attributes:
        level: 0, 6, 12, 16 or 18: the greatest that is not above the age (436-ФЗ).
        source: Who says so: `self`.
    """

    account_id: UUID
    level: int
    source: str
    changed_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the account."""
        return Aggregate(str(self.account_id))


class PrivacyException(msgspec.Struct, frozen=True, kw_only=True):
    """A section that is open or closed for one person, whatever the rule says."""

    account_id: UUID
    section: str
    is_allowed: bool


class PrivacyChanged(Event, frozen=True, kw_only=True, subject="account.v1.privacy_changed"):
    """A person shows their sections to others than before; without this event profile is `everyone`, the rest `friends`.

    A block, of which friends tells, hides everything whatever stands here; whoever does not see the profile sees no section.

    Attributes:
        profile: `everyone`, `friends` or `nobody`, as the others.
        exceptions: All there are; each decides before the rule does.
        version: Counts the changes: keep the highest.
    """

    account_id: UUID
    profile: str
    library: str
    friends: str
    activity: str
    exceptions: tuple[PrivacyException, ...] = ()
    version: int
    changed_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the privacy of the account."""
        return Aggregate(str(self.account_id), self.version)


class SettingsChanged(Event, frozen=True, kw_only=True, subject="account.v1.settings_changed"):
    """A person wants the platform to look or speak otherwise; it comes right after the registration, too.

    Attributes:
        language: `ru` or `en`.
        country: ISO 3166-1 alpha-2, as the person said.
        time_zone: Its name in the IANA database: `Europe/Moscow`.
        hidden_content: Kinds of content that the person does not want to be shown.
        version: Counts the changes: keep the highest.
    """

    account_id: UUID
    language: str
    country: str | None = None
    time_zone: str
    hidden_content: tuple[str, ...] = ()
    version: int
    changed_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the settings of the account."""
        return Aggregate(str(self.account_id), self.version)
