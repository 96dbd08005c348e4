"""The events that library sends about achievements; the rules of `events` hold."""

from datetime import datetime
from uuid import UUID

from samovar.kit.events import Aggregate, Event


class AchievementUnlocked(Event, frozen=True, kw_only=True, subject="library.v1.achievement_unlocked"):
    """A player has achieved something, for the first time and for good.

    Attributes:
        key: The developer's name for it within the app.
        unlocked_at: By the player's clock, as far as that can be believed.
        told_at: When it was heard of.
    """

    account_id: UUID
    app_id: UUID
    key: str
    unlocked_at: datetime
    told_at: datetime


class AchievementsDefined(Event, frozen=True, kw_only=True, subject="library.v1.achievements_defined"):
    """A developer has said what there is to achieve in an app.

    Attributes:
        achievements: How many there are.
        icons: All pictures that they show, each by its hash.
        version: Counts the changes: keep the highest.
    """

    app_id: UUID
    achievements: int
    icons: tuple[str, ...]
    version: int
    changed_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the app."""
        return Aggregate(str(self.app_id), self.version)
