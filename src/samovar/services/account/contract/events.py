"""The events that account sends. Additive change only: an old sample must decode for ever."""

from datetime import datetime
from uuid import UUID

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
