"""The speed of a download follows from what its device reported, and when, not from when somebody looked."""

from datetime import UTC, datetime, timedelta

from samovar.client.api.library import Download
from samovar.client.state.downloads.speed import SAMPLES_MAX, Speeds

BEGIN = datetime(2026, 11, 27, 12, tzinfo=UTC)


def report(after_s: float, done: int, *, state: str = "running", whole: int = 10_000) -> Download:
    return Download(
        id="1",
        game_id="2",
        device_id="pc",
        state=state,
        position=1,
        size_bytes=whole,
        download_bytes=whole,
        done_bytes=done,
        changed_at=BEGIN + timedelta(seconds=after_s),
    )


def test_nothing_is_said_before_two_reports() -> None:
    speeds = Speeds()
    speeds.see([report(0, 100)])
    assert speeds.of(report(0, 100)).left_s is None


def test_a_report_that_was_seen_before_says_nothing_new() -> None:
    speeds = Speeds()
    for one in (report(0, 0), report(2, 2_000), report(2, 2_000), report(2, 2_000)):
        speeds.see([one])
    pace = speeds.of(report(2, 2_000))
    assert pace.samples == (1_000,)
    assert pace.left_s == 8.0


def test_the_speed_is_the_mean_of_the_last_reports() -> None:
    speeds = Speeds()
    done = 0
    speeds.see([report(0, 0)])
    for second, step in enumerate((9_000, 100, 100, 100, 100, 200), start=1):
        done += step
        speeds.see([report(second, done, whole=100_000)])
    assert speeds.of(report(6, done, whole=100_000)).speed == 120


def test_a_pause_begins_anew() -> None:
    speeds = Speeds()
    for one in (report(0, 0), report(1, 1_000), report(2, 1_000, state="paused"), report(60, 1_000)):
        speeds.see([one])
    assert speeds.of(report(60, 1_000)).samples == (0,)
    assert speeds.of(report(60, 1_000)).left_s is None


def test_what_is_kept_has_an_end_and_what_is_gone_is_forgotten() -> None:
    speeds = Speeds()
    for second in range(2 * SAMPLES_MAX):
        speeds.see([report(second, second)])
    assert len(speeds.of(report(0, 0)).samples) == SAMPLES_MAX
    speeds.see([])
    assert speeds.of(report(0, 0)).samples == ()
