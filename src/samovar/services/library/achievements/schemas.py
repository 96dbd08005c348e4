"""What library takes and shows of achievements and stats."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from samovar.services.library.achievements.domain import (
    ACHIEVEMENTS_MAX,
    KEY_PATTERN,
    NUMBER_MAX,
    RATE_LENGTH_S_MAX,
    STATS_MAX,
    TEXT_LENGTH_MAX,
    TITLE_LENGTH_MAX,
    WINDOW_S_MAX,
    WINDOW_S_MIN,
    StatKind,
    Trust,
)

Key = Annotated[str, Meta(pattern=KEY_PATTERN, description="Letters, digits, `.`, `_`, `-`; never changes.")]
Icon = Annotated[
    str,
    Meta(
        pattern=r"^[0-9a-f]{64}\Z",
        description="A picture that was sent to `/v1/dev/media`; shown at `/v1/media/`.",
    ),
]
Title = Annotated[str, Meta(min_length=1, max_length=TITLE_LENGTH_MAX)]
Text = Annotated[str, Meta(min_length=1, max_length=TEXT_LENGTH_MAX)]
Number = Annotated[float, Meta(ge=-NUMBER_MAX, le=NUMBER_MAX)]


class Titles(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A short line in both languages; without an English one the Russian one is shown."""

    ru: Title
    en: Title | None = None


class Texts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A sentence in both languages; without an English one the Russian one is shown."""

    ru: Text
    en: Text | None = None


class Achievement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An achievement, as its developer defines it.

    Attributes:
        text: How one gets it.
        locked_icon: Shown to those who have it not; else `icon`.
        is_hidden: `text` is not shown to those who have it not.
        target: The progress that unlocks it; null: it has no progress.
        trust: Who may tell of it: `client`, the player's own game, or `server`, the developer's server alone.
    """

    key: Key
    title: Titles
    text: Texts
    icon: Icon | None = None
    locked_icon: Icon | None = None
    is_hidden: bool = False
    target: Annotated[int, Meta(gt=1, le=int(NUMBER_MAX))] | None = None
    trust: Trust = "client"


class Stat(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A stat, as its developer defines it.

    Attributes:
        kind: `int`, `float`, or `avgrate`: how much an hour, over a window; never changes.
        max_change: How far one write may move it.
        initial: What whoever never wrote it has.
        window_s: Of an average rate: what was longer ago counts less; null: all of it counts.
        is_increment_only: A lower value than the present one changes nothing.
        trust: As of an achievement.
    """

    key: Key
    title: Titles
    kind: StatKind
    min: Number | None = None
    max: Number | None = None
    max_change: Annotated[float, Meta(gt=0, le=NUMBER_MAX)] | None = None
    initial: Number = 0.0
    window_s: Annotated[int, Meta(ge=WINDOW_S_MIN, le=WINDOW_S_MAX)] | None = None
    is_increment_only: bool = False
    trust: Trust = "client"


class Definition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All achievements and stats of a game, in their order. What is no longer there is retired: who has it keeps it."""

    achievements: Annotated[list[Achievement], Meta(max_length=ACHIEVEMENTS_MAX)] = []
    stats: Annotated[list[Stat], Meta(max_length=STATS_MAX)] = []


class DefinitionShown(Definition, frozen=True, kw_only=True):
    """A definition as it is in force.

    Attributes:
        version: Counts the changes; 0: there is none yet.
        retired: Keys of achievements and stats that were taken out; one that comes back is what it was.
    """

    version: int
    changed_at: datetime | None
    retired: list[str]


class PlayerAchievement(msgspec.Struct, frozen=True, kw_only=True):
    """An achievement, as a player has it.

    Attributes:
        text: By language; null while a hidden one is not unlocked.
        icon_url: A path below the origin.
        target: Null: it has no progress.
        unlocked_at: By the client's clock; null: not yet.
        rarity_percent: How many of those who have played the game have it; null until that was counted.
    """

    key: str
    title: dict[str, str]
    text: dict[str, str] | None
    icon_url: str | None
    is_hidden: bool
    target: int | None
    progress: int
    unlocked_at: datetime | None
    rarity_percent: float | None


class PlayerAchievements(msgspec.Struct, frozen=True, kw_only=True):
    """All achievements of a game, in the developer's order, retired ones only where the player has them.

    Attributes:
        unlocked: How many of them the player has.
    """

    items: list[PlayerAchievement]
    unlocked: int
    total: int


class AchievementReport(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A player has an achievement, or is on the way to it.

    Attributes:
        progress: How far they are; absent: they have it. A lower one than is known changes nothing.
        at: When, by the client's clock, where it was played without us. Believed as far as it can be true.
    """

    progress: Annotated[int, Meta(ge=0, le=int(NUMBER_MAX))] | None = None
    at: Annotated[datetime, Meta(tz=True)] | None = None


class AchievementState(msgspec.Struct, frozen=True, kw_only=True):
    """What a player has of an achievement now.

    Attributes:
        is_new: It was unlocked by this very call.
    """

    key: str
    progress: int
    target: int | None
    unlocked_at: datetime | None
    is_new: bool


class StatChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new value of a stat; of an average rate, how much in how many seconds.

    Attributes:
        value: Of kinds `int` and `float`.
        count: With `length_s`, of kind `avgrate`.
    """

    key: Key
    value: Number | None = None
    count: Number | None = None
    length_s: Annotated[float, Meta(gt=0, le=RATE_LENGTH_S_MAX)] | None = None


class StatChanges(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Changes of stats: all of them or none.

    Attributes:
        update_id: The client's name for this update, needed for average rates: the last one sent again is not counted again.
    """

    stats: Annotated[list[StatChange], Meta(min_length=1, max_length=STATS_MAX)]
    update_id: UUID | None = None


class PlayerStat(msgspec.Struct, frozen=True, kw_only=True):
    """A stat, as a player has it."""

    key: str
    title: dict[str, str]
    kind: StatKind
    value: float


class PlayerStats(msgspec.Struct, frozen=True, kw_only=True):
    """All stats of a game, in the developer's order."""

    items: list[PlayerStat]
