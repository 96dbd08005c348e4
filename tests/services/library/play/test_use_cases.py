"""Play sessions: counted by the server's clock, once however many devices play, and over when their licence is."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samovar.kit.database import Database
from samovar.kit.errors import InvalidInput
from samovar.kit.events import Event
from samovar.kit.ids import new_id
from samovar.services.library.contract.events import LicenceRevoked
from samovar.services.library.contract.play_events import PlaySessionEnded
from samovar.services.library.errors import GameNotFound
from samovar.services.library.licences.use_cases import Licences
from samovar.services.library.play import consumers, domain, repository
from samovar.services.library.play.errors import PlaySessionNotFound, PlaySessionOver, TooManyPlaySessions
from samovar.services.library.play.schemas import NewPlaySession, OfflineBatch, OfflineSession
from samovar.services.library.play.use_cases import PlaySessions
from samovar.services.library.shelf.use_cases import Shelf
from samovar.testing.clock import FakeClock
from tests.services.library.licences.grants import wanted

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
E = TypeVar("E", bound=Event)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOON)


@pytest.fixture
def play(own_database: Database, clock: FakeClock) -> PlaySessions:
    return PlaySessions(own_database, clock=clock, new_id=new_id)


class _Player:
    """Somebody who owns one game."""

    def __init__(self, database: Database, clock: FakeClock) -> None:
        self.account_id, self.app_id = uuid4(), new_id()
        self.licences = Licences(database, clock=clock, new_id=new_id)
        self._database = database

    async def own(self, **said: Any) -> UUID:
        """Have the game by another licence; returns its id."""
        licence, _ = await self.licences.grant(
            wanted(account_id=self.account_id, app_ids=(self.app_id,), **said)
        )
        return licence.id

    async def played_s(self) -> int:
        """Return what is counted, after looking that the spans say the same."""
        sums = await self._database.fetch_one(
            """
            SELECT e.played_s, coalesce(sum(extract(epoch FROM s.ended_at - s.started_at)), 0)::bigint AS of_spans
            FROM library_entries e LEFT JOIN played_spans s USING (account_id, app_id)
            WHERE account_id = $1 AND app_id = $2 GROUP BY e.played_s
            """,
            self.account_id,
            self.app_id,
            into=_Sums,
        )
        assert sums
        assert sums.played_s == sums.of_spans
        return sums.played_s


class _Sums(msgspec.Struct):
    played_s: int
    of_spans: int


@pytest.fixture
async def player(own_database: Database, clock: FakeClock) -> _Player:
    made = _Player(own_database, clock)
    await made.own()
    return made


class _Row(msgspec.Struct):
    payload: str


async def _events(database: Database, kind: type[E]) -> list[E]:
    rows = await database.fetch(
        "SELECT payload::text AS payload FROM kit.outbox WHERE subject = $1 ORDER BY seq",
        kind.subject,
        into=_Row,
    )
    return [msgspec.json.decode(row.payload, type=kind) for row in rows]


def _new(device_id: str = "pc", **said: Any) -> NewPlaySession:
    return NewPlaySession(device_id=device_id, **said)


def _batch(*sessions: tuple[datetime, datetime], device_id: str = "pc") -> OfflineBatch:
    return OfflineBatch(
        device_id=device_id,
        sessions=[
            OfflineSession(client_session_id=uuid4(), started_at=begun, ended_at=ended)
            for begun, ended in sessions
        ],
    )


async def test_a_session_counts_from_its_start_to_its_end(
    play: PlaySessions, player: _Player, clock: FakeClock, own_database: Database
) -> None:
    started = await play.start(player.account_id, player.app_id, _new())
    for _ in range(10):
        clock.advance(60)
        await play.beat(player.account_id, player.app_id, started.session_id, None)
    assert await player.played_s() == 600
    clock.advance(30)
    for _ in range(3):
        ended = await play.end(player.account_id, player.app_id, started.session_id)
        assert (ended.played_s, ended.end_reason, ended.ended_at) == (
            630,
            "ended",
            NOON + timedelta(seconds=630),
        )
        clock.advance(10)
    assert await player.played_s() == 630
    (event,) = await _events(own_database, PlaySessionEnded)
    assert (event.minutes, event.total_minutes, event.reason) == (10, 10, "ended")
    with pytest.raises(PlaySessionOver):
        await play.beat(player.account_id, player.app_id, started.session_id, None)
    held = await player.licences.check(player.account_id, [player.app_id])
    assert held[player.app_id].play_minutes == 10
    game = await Shelf(own_database, clock=clock).game(player.account_id, player.app_id)
    assert (game.play_minutes, game.last_played_at) == (10, NOON + timedelta(seconds=630))


async def test_two_devices_at_one_time_count_once(
    play: PlaySessions, player: _Player, clock: FakeClock
) -> None:
    one = await play.start(player.account_id, player.app_id, _new("pc"))
    clock.advance(60)
    other = await play.start(player.account_id, player.app_id, _new("deck"))
    clock.advance(60)
    beats = [
        play.beat(player.account_id, player.app_id, session.session_id, None) for session in (one, other) * 5
    ]
    await asyncio.gather(*beats)
    assert await player.played_s() == 120
    clock.advance(100)
    await play.end(player.account_id, player.app_id, other.session_id)
    clock.advance(50)
    await play.end(player.account_id, player.app_id, one.session_id)
    assert await player.played_s() == 270


async def test_silence_ends_a_session_at_its_last_heartbeat(
    play: PlaySessions, player: _Player, clock: FakeClock, own_database: Database
) -> None:
    quiet = await play.start(player.account_id, player.app_id, _new())
    clock.advance(60)
    await play.beat(player.account_id, player.app_id, quiet.session_id, None)
    clock.advance(domain.SILENT_AFTER_S)
    await play.end_silent()
    assert await _events(own_database, PlaySessionEnded) == []
    clock.advance(1)
    await asyncio.gather(play.end_silent(), play.end_silent())
    (event,) = await _events(own_database, PlaySessionEnded)
    assert (event.reason, event.ended_at) == ("silent", NOON + timedelta(seconds=60))
    # Without the job it is no longer either: whoever slept for a night cannot claim it.
    asleep = await play.start(player.account_id, player.app_id, _new())
    clock.advance(8 * 3_600)
    with pytest.raises(PlaySessionOver):
        await play.beat(player.account_id, player.app_id, asleep.session_id, None)
    ended = await play.end(player.account_id, player.app_id, asleep.session_id)
    assert (ended.played_s, ended.end_reason) == (0, "silent")
    assert await player.played_s() == 60


async def test_a_late_heartbeat_and_a_clock_that_goes_back_count_nothing(
    play: PlaySessions, player: _Player, clock: FakeClock
) -> None:
    session_id = (await play.start(player.account_id, player.app_id, _new())).session_id
    clock.advance(60)
    await play.beat(player.account_id, player.app_id, session_id, 2)
    clock.advance(60)
    for seq in (2, 1):
        state = await play.beat(player.account_id, player.app_id, session_id, seq)
        assert state.played_s == 60
    clock.set(NOON - timedelta(hours=1))
    assert (await play.beat(player.account_id, player.app_id, session_id, 3)).played_s == 60
    assert await player.played_s() == 60


async def test_a_start_sent_again_is_the_same_session(
    play: PlaySessions, player: _Player, own_database: Database
) -> None:
    name = uuid4()
    started = await asyncio.gather(
        *(play.start(player.account_id, player.app_id, _new(client_session_id=name)) for _ in range(10))
    )
    assert len({session.session_id for session in started}) == 1
    with pytest.raises(InvalidInput) as refused:
        await play.start(player.account_id, player.app_id, _new("deck", client_session_id=name))
    assert refused.value.fields[0].field == "client_session_id"
    assert await own_database.fetch_value("SELECT count(*) FROM play_sessions") == 1


async def test_a_device_that_starts_again_ends_what_it_left(
    play: PlaySessions, player: _Player, clock: FakeClock, own_database: Database
) -> None:
    await play.start(player.account_id, player.app_id, _new())
    clock.advance(60)
    await play.start(player.account_id, player.app_id, _new())
    (event,) = await _events(own_database, PlaySessionEnded)
    assert (event.reason, event.minutes) == ("replaced", 0)
    for number in range(domain.LIVE_MAX - 1):
        await play.start(player.account_id, player.app_id, _new(f"device-{number}"))
    with pytest.raises(TooManyPlaySessions):
        await play.start(player.account_id, player.app_id, _new("one-more"))
    clock.advance(domain.SILENT_AFTER_S + 1)
    assert (await play.start(player.account_id, player.app_id, _new("one-more"))).ended_at is None


async def test_nobody_plays_what_they_do_not_own_or_beats_for_another(
    play: PlaySessions, player: _Player
) -> None:
    with pytest.raises(GameNotFound):
        await play.start(uuid4(), player.app_id, _new())
    with pytest.raises(GameNotFound):
        await play.add_offline(uuid4(), player.app_id, _batch((NOON - timedelta(hours=1), NOON)))
    session_id = (await play.start(player.account_id, player.app_id, _new())).session_id
    for account_id, app_id in ((uuid4(), player.app_id), (player.account_id, new_id())):
        with pytest.raises(PlaySessionNotFound):
            await play.beat(account_id, app_id, session_id, None)
        with pytest.raises(PlaySessionNotFound):
            await play.end(account_id, app_id, session_id)


async def test_a_licence_that_is_over_ends_the_session_and_its_time_stays(
    play: PlaySessions, player: _Player, clock: FakeClock, own_database: Database
) -> None:
    started = await play.start(player.account_id, player.app_id, _new())
    clock.advance(120)
    await play.beat(player.account_id, player.app_id, started.session_id, None)
    more = await player.own(kind="gift")
    await player.licences.revoke(more, reason="refunded")
    (told,) = await _events(own_database, LicenceRevoked)
    await _hear(own_database, play, told)
    assert await _events(own_database, PlaySessionEnded) == []
    for licence in await player.licences.list_licences(player.account_id, None, 10):
        await player.licences.revoke(licence.id, reason="refunded")
    for told in await _events(own_database, LicenceRevoked):
        await _hear(own_database, play, told)
    (event,) = await _events(own_database, PlaySessionEnded)
    assert (event.reason, event.minutes) == ("licence_over", 2)
    held = (await player.licences.check(player.account_id, [player.app_id]))[player.app_id]
    assert (held.since, held.kinds, held.play_minutes) == (None, (), 2)


async def _hear(database: Database, play: PlaySessions, event: LicenceRevoked) -> None:
    async with database.transaction() as tx:
        await consumers.end_play_without_licence.handler(event, tx, play)


async def test_a_trial_is_not_played_beyond_its_end(
    play: PlaySessions, own_database: Database, clock: FakeClock
) -> None:
    player = _Player(own_database, clock)
    await player.own(kind="trial", expires_at=NOON + timedelta(seconds=100))
    started = await play.start(player.account_id, player.app_id, _new())
    clock.advance(99)
    await play.beat(player.account_id, player.app_id, started.session_id, None)
    clock.advance(1)
    with pytest.raises(PlaySessionOver):
        await play.beat(player.account_id, player.app_id, started.session_id, None)
    with pytest.raises(GameNotFound):
        await play.start(player.account_id, player.app_id, _new())
    assert await player.played_s() == 99


async def test_what_was_played_offline_counts_once_and_beside_what_ran_elsewhere(
    play: PlaySessions, player: _Player, clock: FakeClock, own_database: Database
) -> None:
    await play.start(player.account_id, player.app_id, _new("deck"))
    deck = (await play.start(player.account_id, player.app_id, _new("deck"))).session_id
    for _ in range(60):
        clock.advance(60)
        await play.beat(player.account_id, player.app_id, deck, None)
    batch = _batch((NOON + timedelta(minutes=30), NOON + timedelta(minutes=90)))
    clock.advance(3_600)
    answers = await asyncio.gather(
        *(play.add_offline(player.account_id, player.app_id, batch) for _ in range(5))
    )
    assert sum(answer.accepted for answer in answers) == 1
    assert {(answer.accepted + answer.repeated, answer.play_minutes) for answer in answers} == {(1, 90)}
    assert await player.played_s() == 5_400
    reasons = [event.reason for event in await _events(own_database, PlaySessionEnded)]
    assert reasons == ["replaced", "offline"]
    with pytest.raises(InvalidInput) as refused:
        await play.add_offline(
            player.account_id, player.app_id, msgspec.structs.replace(batch, device_id="deck")
        )
    assert [fault.field for fault in refused.value.fields] == ["sessions[0].client_session_id"]


async def test_one_lie_in_a_batch_refuses_all_of_it(
    play: PlaySessions, player: _Player, clock: FakeClock
) -> None:
    clock.advance(86_400)
    good = (NOON + timedelta(hours=1), NOON + timedelta(hours=2))
    known = _batch(good)
    await play.add_offline(player.account_id, player.app_id, known)
    bad = _batch((NOON + timedelta(hours=3), NOON + timedelta(days=9)))
    both = msgspec.structs.replace(known, sessions=[*known.sessions, *bad.sessions])
    with pytest.raises(InvalidInput) as refused:
        await play.add_offline(player.account_id, player.app_id, both)
    assert [fault.field for fault in refused.value.fields] == ["sessions[1].ended_at"]
    assert await player.played_s() == 3_600


_MINUTES = st.integers(0, 240)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spans=st.lists(st.tuples(_MINUTES, _MINUTES).filter(lambda pair: pair[0] < pair[1]), max_size=15))
async def test_spans_in_any_order_sum_to_the_minutes_that_they_cover(
    play: PlaySessions, own_database: Database, clock: FakeClock, spans: list[tuple[int, int]]
) -> None:
    player = _Player(own_database, clock)
    await player.own()
    for begun, ended in spans:
        async with own_database.transaction() as tx:
            await repository.add_span(
                tx,
                player.account_id,
                player.app_id,
                NOON + timedelta(minutes=begun),
                NOON + timedelta(minutes=ended),
            )
    covered = {minute for begun, ended in spans for minute in range(begun, ended)}
    assert await player.played_s() == 60 * len(covered)
    middle = await play.played_since(
        player.account_id, [player.app_id, uuid4()], [NOON + timedelta(minutes=100)] * 2
    )
    assert middle == [60 * len({minute for minute in covered if minute >= 100}), 0]


async def test_time_of_before_is_noted_once_and_added(
    play: PlaySessions, player: _Player, clock: FakeClock
) -> None:
    for minutes in (500, 600):
        await play.bring(player.account_id, [player.app_id], minutes)
    started = await play.start(player.account_id, player.app_id, _new())
    clock.advance(120)
    await play.end(player.account_id, player.app_id, started.session_id)
    held = await player.licences.check(player.account_id, [player.app_id])
    assert held[player.app_id].play_minutes == 602
    with pytest.raises(InvalidInput):
        await play.bring(player.account_id, [player.app_id], -1)


async def test_old_sessions_are_forgotten_and_their_time_is_not(
    play: PlaySessions, player: _Player, clock: FakeClock, own_database: Database
) -> None:
    started = await play.start(player.account_id, player.app_id, _new())
    clock.advance(120)
    await play.end(player.account_id, player.app_id, started.session_id)
    clock.advance(86_400 * domain.KEPT_DAYS - 60)
    await play.forget_old()
    assert await own_database.fetch_value("SELECT count(*) FROM play_sessions") == 1
    clock.advance(120)
    await play.forget_old()
    assert await own_database.fetch_value("SELECT count(*) FROM play_sessions") == 0
    assert await player.played_s() == 120
