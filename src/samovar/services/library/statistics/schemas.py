"""What library shows of how much was played."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from samovar.kit.rest.parameters import QueryFields
from samovar.services.library.statistics.domain import OFFSET_MINUTES, Unit


class StatisticsQuery(QueryFields, frozen=True, kw_only=True):
    """Which time, and how finely.

    Attributes:
        by: The steps: days, weeks from Monday on, months or years; 400 at most.
        since: The first day; by default 30 days, 12 weeks, 12 months or 5 years before the last.
        until: The last day; by default today.
        offset_minutes: How far the player's clock is ahead of UTC; by default Moscow's.
    """

    by: Unit = "day"
    since: date | None = None
    until: date | None = None
    offset_minutes: Annotated[int, Meta(ge=-720, le=840)] = OFFSET_MINUTES


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """What was played in a day, a week, a month or a year; those without play are left out.

    Attributes:
        since: The first day of it, also where that lies before the period.
        games: How many games.
    """

    since: date
    minutes: int
    games: int


class GamePlayed(msgspec.Struct, frozen=True, kw_only=True):
    """How long a game was played.

    Attributes:
        titles: By language; empty until catalog has told.
        minutes: In the period.
        all_minutes: In all, also what is noted of the time before.
    """

    game_id: UUID
    titles: dict[str, str]
    minutes: int
    all_minutes: int
    last_played_at: datetime | None


class DevicePlayed(msgspec.Struct, frozen=True, kw_only=True):
    """How long was played on a device.

    Attributes:
        device_id: The client's name for the machine.
        minutes: Of sessions that began in the period and not more than 90 days ago; each device counts its own.
    """

    device_id: str
    minutes: int
    sessions: int
    last_played_at: datetime


class PlayStatistics(msgspec.Struct, frozen=True, kw_only=True):
    """How much a player has played.

    Attributes:
        minutes: In the period: the sum over all games, each counted once however many devices ran it.
        games_played: How many games, in the period.
        steps: The earliest first.
        games: The longest played in the period first; 100 at most.
        devices: The longest used first; 50 at most.
        all_minutes: In all, also what is noted of the time before.
        all_games: How many games were ever played.
    """

    since: date
    until: date
    minutes: int
    games_played: int
    steps: list[Step]
    games: list[GamePlayed]
    devices: list[DevicePlayed]
    all_minutes: int
    all_games: int
