"""Statistics: every second stands in the day, week and year of the player's own calendar, once."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from samovar.kit.database import Database
from samovar.kit.errors import InvalidInput
from samovar.kit.ids import new_id
from samovar.services.library.play import repository as play
from samovar.services.library.statistics.schemas import PlayStatistics, StatisticsQuery
from samovar.services.library.statistics.use_cases import Statistics
from tests.services.library.shelf.bookshelf import Bookshelf


def _at(day: int, hour: int, minute: int = 0, *, month: int = 11) -> datetime:
    """Return a moment of 2026, UTC."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


class _Played:
    """Somebody who has played, and what statistics say of it."""

    def __init__(self, database: Database) -> None:
        self.books = Bookshelf(database)
        self._database = database

    async def play(self, app_id: UUID, begun_at: datetime, ended_at: datetime, device_id: str = "pc") -> None:
        """Have a session counted."""
        async with self._database.transaction() as tx:
            await play.open_entry(tx, self.books.account_id, app_id)
            await play.add_span(tx, self.books.account_id, app_id, begun_at, ended_at)
            await tx.execute(
                """
                INSERT INTO play_sessions (
                    id, account_id, app_id, device_id, client_session_id, started_at, last_beat_at, ended_at, end_reason
                ) VALUES ($1, $2, $3, $4, $1, $5, $6, $6, 'ended')
                """,
                new_id(),
                self.books.account_id,
                app_id,
                device_id,
                begun_at,
                ended_at,
            )

    async def show(self, **query: Any) -> PlayStatistics:
        """Return the statistics."""
        return await Statistics(self._database, clock=self.books.clock).show(
            self.books.account_id, StatisticsQuery(**query)
        )


@pytest.fixture
def played(own_database: Database) -> _Played:
    return _Played(own_database)


async def test_a_night_is_divided_between_its_days(played: _Played) -> None:
    game = await played.books.have("Игра", "Game")
    # 23:00 to 02:00 in Moscow.
    await played.play(game, _at(10, 20), _at(10, 23))
    moscow = await played.show(since=date(2026, 11, 1), until=date(2026, 11, 30))
    assert [(one.since, one.minutes) for one in moscow.steps] == [
        (date(2026, 11, 10), 60),
        (date(2026, 11, 11), 120),
    ]
    greenwich = await played.show(since=date(2026, 11, 1), until=date(2026, 11, 30), offset_minutes=0)
    assert [(one.since, one.minutes) for one in greenwich.steps] == [(date(2026, 11, 10), 180)]
    cut = await played.show(since=date(2026, 11, 11), until=date(2026, 11, 11))
    assert (cut.minutes, cut.games[0].minutes, cut.games[0].all_minutes) == (120, 120, 180)
    assert cut.games[0].titles == {"ru": "Игра", "en": "Game"}


async def test_weeks_begin_on_monday_and_years_in_january(played: _Played) -> None:
    game = await played.books.have("Игра")
    await played.play(game, _at(8, 20, 30), _at(8, 21, 30))  # Sunday and Monday, in Moscow.
    await played.play(game, _at(31, 20, month=12), _at(31, 22, month=12))
    weeks = await played.show(by="week", since=date(2026, 11, 4), until=date(2026, 11, 12))
    assert [(one.since, one.minutes) for one in weeks.steps] == [
        (date(2026, 11, 2), 30),
        (date(2026, 11, 9), 30),
    ]
    years = await played.show(by="year", since=date(2026, 1, 1), until=date(2027, 12, 31))
    assert [(one.since, one.minutes) for one in years.steps] == [
        (date(2026, 1, 1), 120),
        (date(2027, 1, 1), 60),
    ]
    months = await played.show(by="month", since=date(2026, 11, 1), until=date(2026, 12, 31))
    assert [one.minutes for one in months.steps] == [60, 60]


async def test_games_and_devices_are_told_apart(played: _Played) -> None:
    long, short, old = [await played.books.have(title) for title in "АБВ"]
    await played.play(long, _at(10, 10), _at(10, 12))
    # On two devices at one time: the game counts once, each device its own.
    await played.play(long, _at(10, 11), _at(10, 13), "deck")
    await played.play(short, _at(11, 10), _at(11, 10, 30), "deck")
    async with played.books.database.transaction() as tx:
        await play.bring(tx, played.books.account_id, [old], 6_000)
    shown = await played.show(since=date(2026, 11, 1), until=date(2026, 11, 30))
    assert [(one.game_id, one.minutes) for one in shown.games] == [(long, 180), (short, 30)]
    assert [(one.device_id, one.minutes, one.sessions) for one in shown.devices] == [
        ("deck", 150, 2),
        ("pc", 120, 1),
    ]
    assert (shown.minutes, shown.games_played, shown.all_minutes, shown.all_games) == (210, 2, 310, 3)
    assert [one.games for one in shown.steps] == [1, 1]


async def test_who_has_not_played_sees_nothing_and_nobody_else_either(played: _Played) -> None:
    other = _Played(played.books.database)
    await other.play(new_id(), _at(10, 10), _at(10, 12))
    shown = await played.show()
    assert (shown.minutes, shown.steps, shown.games, shown.devices, shown.all_games) == (0, [], [], [], 0)
    assert shown.until - shown.since == timedelta(days=29)


async def test_a_period_that_cannot_be_is_refused(played: _Played) -> None:
    with pytest.raises(InvalidInput):
        await played.show(since=date(2020, 1, 1), until=date(2026, 1, 1))
