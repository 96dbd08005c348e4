"""How much an app is played by all: by spans, each player once, each second where it belongs."""

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
from samovar.services.library.play import repository
from samovar.services.library.play.repository import PlaySum
from samovar.services.library.play.use_cases import PlaySessions
from samovar.testing.hosting import Running

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
    play = PlaySessions(own_database, clock=SystemClock(), new_id=new_id)
    game, (anna, boris, vera) = new_id(), (uuid4() for _ in range(3))
    await _play(own_database, game, anna, 23, 26)
    await _play(own_database, game, anna, 1, 2)
    await _play(own_database, game, boris, 1, 1.5)
    # On two devices at once, which is one time played.
    await _play(own_database, game, boris, 1.25, 2)
    await _play(own_database, game, vera, 30, 40)
    await _play(own_database, game, vera, 80, 81)
    await _play(own_database, new_id(), vera, 1, 2)
    assert await play.sum_play(game, _bounds(0, 1, 2, 3)) == [
        PlaySum(place=0, players=2, sessions=3, seconds=3 * HOUR, median_s=HOUR),
        PlaySum(place=1, players=2, sessions=1, seconds=12 * HOUR, median_s=2 * HOUR),
    ]
    assert await play.sum_play(game, _bounds(0, 4)) == [
        PlaySum(place=0, players=3, sessions=5, seconds=16 * HOUR, median_s=4 * HOUR),
    ]
    assert await play.sum_play(game, _bounds(5, 6)) == []
    assert await play.sum_play(uuid4(), _bounds(0, 1)) == []


async def test_what_is_played_to_the_second_of_a_bound_is_before_it(own_database: Database) -> None:
    play = PlaySessions(own_database, clock=SystemClock(), new_id=new_id)
    game = new_id()
    await _play(own_database, game, uuid4(), 22, 24)
    await _play(own_database, game, uuid4(), 24, 25)
    assert [
        (one.place, one.players, one.sessions) for one in await play.sum_play(game, _bounds(0, 1, 2))
    ] == [
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
