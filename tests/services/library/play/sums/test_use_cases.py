"""How much an app is played by all: by spans, each player once, each second where it belongs."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from samovar.kit.clock import SystemClock
from samovar.kit.database import Database
from samovar.kit.errors import InvalidInput
from samovar.kit.ids import new_id
from samovar.services.library.contract import v1_pb2
from samovar.services.library.contract.v1_pb2_grpc import PlayTimeStub
from samovar.services.library.licences.use_cases import Licences
from samovar.services.library.play import repository
from samovar.services.library.play.schemas import OfflineBatch, OfflineSession
from samovar.services.library.play.sums.repository import PlaySum, count
from samovar.services.library.play.sums.use_cases import COUNTED_AT_ONCE_MAX, PlaySums
from samovar.services.library.play.use_cases import PlaySessions
from samovar.testing.clock import FakeClock
from samovar.testing.hosting import Running
from tests.services.library.licences.grants import wanted

MIDNIGHT = datetime(2026, 11, 10, tzinfo=UTC)
HOUR = 3_600


async def _play(database: Database, app_id: UUID, account_id: UUID, begin_h: float, end_h: float) -> None:
    """Count play from one hour after `MIDNIGHT` to another."""
    async with database.transaction() as tx:
        await repository.open_entry(tx, account_id, app_id)
        begun_at, ended_at = (MIDNIGHT + timedelta(hours=hours) for hours in (begin_h, end_h))
        await repository.add_span(tx, account_id, app_id, begun_at, ended_at)


def _bounds(*days: int) -> list[datetime]:
    return [MIDNIGHT + timedelta(days=day) for day in days]


async def test_spans_are_divided_and_players_counted_once(own_database: Database) -> None:
    sums = PlaySums(own_database, clock=SystemClock())
    game, (anna, boris, vera) = new_id(), (uuid4() for _ in range(3))
    await _play(own_database, game, anna, 23, 26)
    await _play(own_database, game, anna, 1, 2)
    await _play(own_database, game, boris, 1, 1.5)
    # On two devices at once, which is one time played.
    await _play(own_database, game, boris, 1.25, 2)
    await _play(own_database, game, vera, 30, 40)
    await _play(own_database, game, vera, 80, 81)
    await _play(own_database, new_id(), vera, 1, 2)
    assert await sums.between(game, _bounds(0, 1, 2, 3)) == [
        PlaySum(place=0, players=2, sessions=3, seconds=3 * HOUR, median_s=HOUR),
        PlaySum(place=1, players=2, sessions=1, seconds=12 * HOUR, median_s=2 * HOUR),
    ]
    assert await sums.between(game, _bounds(0, 4)) == [
        PlaySum(place=0, players=3, sessions=5, seconds=16 * HOUR, median_s=4 * HOUR),
    ]
    assert await sums.between(game, _bounds(5, 6)) == []
    assert await sums.between(uuid4(), _bounds(0, 1)) == []


async def test_what_is_played_to_the_second_of_a_bound_is_before_it(own_database: Database) -> None:
    sums = PlaySums(own_database, clock=SystemClock())
    game = new_id()
    await _play(own_database, game, uuid4(), 22, 24)
    await _play(own_database, game, uuid4(), 24, 25)
    assert [(one.place, one.players, one.sessions) for one in await sums.between(game, _bounds(0, 1, 2))] == [
        (0, 1, 1),
        (1, 1, 1),
    ]


async def test_the_developer_service_asks_span_by_span(library: Running) -> None:
    game = new_id()
    await _play(library.database, game, uuid4(), 26, 27)
    stamps = [Timestamp(seconds=int(one.timestamp())) for one in _bounds(0, 1, 2)]
    async with library.channel() as channel:
        stub: Any = PlayTimeStub(channel)
        told = await stub.SumPlay(v1_pb2.SumPlayRequest(app_id=str(game), bounds=stamps))
        assert [(one.players, one.seconds) for one in told.spans] == [(0, 0), (1, HOUR)]
        for nonsense in (stamps[:1], stamps[::-1], [stamps[0], stamps[0]], stamps * 200):
            with pytest.raises(InvalidInput):
                await stub.SumPlay(v1_pb2.SumPlayRequest(app_id=str(game), bounds=nonsense))


NOW = MIDNIGHT + timedelta(days=12, hours=12)


async def _kept(database: Database, app_id: UUID) -> list[int]:
    """Return how many players each span that is kept had, in the order of the spans."""
    found = await database.fetch_value(
        "SELECT coalesce(array_agg(players ORDER BY since), '{}') FROM play_sums WHERE app_id = $1", app_id
    )
    return list(found)


async def test_what_is_over_is_counted_once_and_what_is_not_each_time(own_database: Database) -> None:
    clock = FakeClock(NOW)
    sums, game = PlaySums(own_database, clock=clock), new_id()
    await _play(own_database, game, uuid4(), 24, 25)
    await _play(own_database, game, uuid4(), 12 * 24 + 11, 12 * 24 + 12)
    first = await sums.between(game, _bounds(0, 1, 2, 12, 13))
    assert [(one.place, one.players) for one in first] == [(1, 1), (3, 1)]
    # Nobody on the first day is kept as well; the day that runs is not.
    assert await _kept(own_database, game) == [0, 1, 0]
    await _play(own_database, game, uuid4(), 12 * 24 + 11, 12 * 24 + 12)
    again = await sums.between(game, _bounds(0, 1, 2, 12, 13))
    assert [(one.place, one.players) for one in again] == [(1, 1), (3, 2)]
    # A span that has just ended may still get a last heartbeat.
    clock.advance(12 * HOUR)
    await sums.between(game, _bounds(0, 1, 2, 12, 13))
    assert len(await _kept(own_database, game)) == 3
    clock.advance(HOUR)
    await sums.between(game, _bounds(0, 1, 2, 12, 13))
    assert await _kept(own_database, game) == [0, 1, 0, 2]


async def test_years_are_counted_in_pieces_and_come_out_as_one(own_database: Database) -> None:
    sums, game = PlaySums(own_database, clock=FakeClock(NOW)), new_id()
    days = range(-2 * COUNTED_AT_ONCE_MAX, 12)
    for day in days[::7]:
        await _play(own_database, game, uuid4(), day * 24 + 20, day * 24 + 28)
    bounds = _bounds(*days)
    assert await sums.between(game, bounds) == await count(own_database, game, bounds)
    assert len(await _kept(own_database, game)) == len(bounds) - 1
    assert await sums.between(game, bounds) == await count(own_database, game, bounds)


@pytest.mark.parametrize("seed", range(3))
async def test_sums_stay_exact_however_late_play_is_told_of_and_merged(
    seed: int, own_database: Database
) -> None:
    chance, clock = random.Random(seed), FakeClock(NOW - timedelta(days=20))
    sums, game = PlaySums(own_database, clock=clock), new_id()
    play = PlaySessions(own_database, clock=clock, new_id=new_id)
    players = [uuid4() for _ in range(3)]
    licences = Licences(own_database, clock=clock, new_id=new_id)
    for player in players:
        await licences.grant(wanted(account_id=player, app_ids=(game,)))
    clock.advance(20 * 24 * HOUR)
    bounds, accepted = _bounds(*range(14)), 0
    for step in range(40):
        begun_at = MIDNIGHT + timedelta(minutes=30 * chance.randrange(24 * 22))
        session = OfflineSession(
            client_session_id=uuid4(),
            started_at=begun_at,
            ended_at=begun_at + timedelta(minutes=30 * chance.randrange(1, 24)),
        )
        # Each time another device: all that overlaps is merged.
        batch = OfflineBatch(device_id=f"pc-{step}", sessions=[session])
        accepted += (await play.add_offline(chance.choice(players), game, batch)).accepted
        if chance.random() < 0.5:
            assert await sums.between(game, bounds) == await count(own_database, game, bounds), step
            whole = [bounds[chance.randrange(7)], bounds[chance.randrange(7, 14)] + timedelta(minutes=45)]
            assert await sums.between(game, whole) == await count(own_database, game, whole), step
    assert accepted == 40
    assert await sums.between(game, bounds) == await count(own_database, game, bounds)


async def test_what_is_told_of_at_the_very_moment_is_not_missed(own_database: Database) -> None:
    sums, game, player = PlaySums(own_database, clock=FakeClock(NOW)), new_id(), uuid4()
    begun_at, ended_at = MIDNIGHT + timedelta(hours=1), MIDNIGHT + timedelta(hours=2)
    async with own_database.transaction() as tx:
        await repository.open_entry(tx, player, game)
        await repository.add_span(tx, player, game, begun_at, ended_at)
        await repository.forget_sums(tx, game, begun_at, ended_at)
        assert await sums.between(game, _bounds(0, 1, 2)) == []
        assert await _kept(own_database, game) == []
    assert [one.players for one in await sums.between(game, _bounds(0, 1, 2))] == [1]
    assert await _kept(own_database, game) == [1, 0]
