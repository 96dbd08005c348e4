"""What a client says that it played without us: believed as far as it can be true."""

from datetime import UTC, datetime, timedelta

import pytest

from samovar.kit.ids import new_id
from samovar.services.library.play.domain import Covered, OfflinePlay, Session, cut, faults_of_offline

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
ALWAYS = [Covered(NOON - timedelta(days=400), None)]


def _play(begun: timedelta, ended: timedelta) -> OfflinePlay:
    """Return what ran from and to so long before noon."""
    return OfflinePlay(client_session_id=new_id(), started_at=NOON - begun, ended_at=NOON - ended)


def _hours(begun: float, ended: float) -> OfflinePlay:
    return _play(timedelta(hours=begun), timedelta(hours=ended))


def _session(begun_h: float, ended_h: float) -> Session:
    return Session(
        id=new_id(),
        account_id=new_id(),
        app_id=new_id(),
        device_id="pc",
        client_session_id=new_id(),
        is_offline=False,
        started_at=NOON - timedelta(hours=begun_h),
        last_beat_at=NOON - timedelta(hours=ended_h),
        last_seq=0,
        ended_at=None,
        end_reason=None,
    )


def _faults(*plays: OfflinePlay, **said: object) -> list[tuple[str, str]]:
    given: dict[str, object] = {"earlier": [], "covered": ALWAYS, "now": NOON, **said}
    return [(fault.field, fault.code) for fault in faults_of_offline(plays, **given)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("play", "fault"),
    [
        (_hours(1, 1), ("sessions[0].ended_at", "play_before_start")),
        (_hours(1, 2), ("sessions[0].ended_at", "play_before_start")),
        (_hours(1, -1), ("sessions[0].ended_at", "play_future")),
        (_play(timedelta(0), timedelta(seconds=-60)), ("sessions[0].ended_at", "play_future")),
        (_hours(24 * 31, 24 * 31 - 1), ("sessions[0].started_at", "play_too_old")),
        (_hours(24.5, 0), ("sessions[0].ended_at", "play_too_long")),
    ],
)
def test_nonsense_of_a_clock_is_named(play: OfflinePlay, fault: tuple[str, str]) -> None:
    assert _faults(play) == [fault]


def test_a_clock_that_is_a_little_ahead_is_forgiven_and_cut() -> None:
    play = _play(timedelta(hours=1), timedelta(seconds=-100))
    assert _faults(play) == []
    assert cut(play, NOON).ended_at == NOON


def test_a_device_runs_one_game_at_a_time() -> None:
    first, second, third = _hours(5, 3), _hours(4, 2), _hours(2, 1)
    assert _faults(first, third) == []
    assert _faults(first, second, third) == [("sessions[1].started_at", "play_overlapping")]
    assert _faults(third, second, first) == [("sessions[1].started_at", "play_overlapping")]
    whole, inside = _hours(9, 1), _hours(6, 5)
    assert _faults(inside, whole) == [("sessions[0].started_at", "play_overlapping")]
    assert _faults(first, first) == [("sessions", "play_name_twice")]


def test_what_we_counted_ourselves_is_believed_more() -> None:
    assert _faults(_hours(5, 3), earlier=[_session(4, 1)]) == [("sessions[0].started_at", "play_overlapping")]
    assert _faults(_hours(3, 2), earlier=[_session(4, 1)]) == [("sessions[0].started_at", "play_overlapping")]
    assert _faults(_hours(3, 2), earlier=[_session(4, 3.01), _session(1.99, 1)]) == []
    # Two minutes are what clocks are apart.
    assert _faults(_hours(3, 2), earlier=[_session(4, 2.98)]) == []


def test_only_what_was_owned_was_played() -> None:
    week = [Covered(NOON - timedelta(days=7), NOON - timedelta(days=3))]
    assert _faults(_hours(24 * 5, 24 * 5 - 2), covered=week) == []
    for play in (_hours(24 * 8, 24 * 8 - 2), _hours(24 * 3 + 1, 24 * 3 - 1), _hours(2, 1)):
        assert _faults(play, covered=week) == [("sessions[0].started_at", "play_not_owned")]
