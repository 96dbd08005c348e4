"""What of a play session counts. Pure.

The clock of the server alone counts what is played online. What was played offline is the word of a client, believed as far as
it can be true: in the past, not long ago, not twice at one time on one device, and at most 24 hours a day.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import msgspec

from samovar.kit.errors import FieldError

BEAT_EVERY_S = 60
# Three beats may be lost; after that nobody knows whether the game still runs.
SILENT_AFTER_S = 200
LIVE_MAX = 16
OFFLINE_AT_ONCE_MAX = 100
OFFLINE_AGE_DAYS_MAX = 30
OFFLINE_HOURS_MAX = 24
# How far a client's clock may be ahead; what lies beyond now is cut off all the same.
SKEW_S = 120
# A hundred years are more than anybody has played.
BROUGHT_MINUTES_MAX = 60 * 24 * 36_525
KEPT_DAYS = 90

EndReason = Literal["ended", "silent", "replaced", "licence_over", "offline"]


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """One run of a game on one device.

    Attributes:
        device_id: The client's name for the machine.
        last_beat_at: Until when it is known to have run.
        last_seq: The number of the last heartbeat that was counted; 0: they carry none.
    """

    id: UUID
    account_id: UUID
    app_id: UUID
    device_id: str
    client_session_id: UUID
    is_offline: bool
    started_at: datetime
    last_beat_at: datetime
    last_seq: int
    ended_at: datetime | None
    end_reason: EndReason | None

    @property
    def played_s(self) -> int:
        """Return how long it is known to have run."""
        return int((self.last_beat_at - self.started_at).total_seconds())

    def is_silent(self, now: datetime) -> bool:
        """Return whether it has been quiet for so long that it ended with its last heartbeat."""
        return now - self.last_beat_at > timedelta(seconds=SILENT_AFTER_S)


class OfflinePlay(msgspec.Struct, frozen=True, kw_only=True):
    """What a client says that it played without us."""

    client_session_id: UUID
    started_at: datetime
    ended_at: datetime


class Covered(msgspec.Struct, frozen=True):
    """A time in which a licence opened the app; no end: it still does."""

    begun_at: datetime
    ended_at: datetime | None


def to_second(moment: datetime) -> datetime:
    """Return a moment in whole seconds: time played is a sum of these, so that no sum is ever rounded."""
    return moment.replace(microsecond=0)


def cut(play: OfflinePlay, now: datetime) -> OfflinePlay:
    """Return what is counted: in whole seconds, and none of it later than now."""
    return OfflinePlay(
        client_session_id=play.client_session_id,
        started_at=to_second(play.started_at),
        ended_at=min(to_second(play.ended_at), to_second(now)),
    )


def faults_of_offline(
    plays: Sequence[OfflinePlay], *, earlier: Sequence[Session], covered: Sequence[Covered], now: datetime
) -> list[FieldError]:
    """Return what cannot be true of what a client says that one device played.

    Args:
        plays: As the client sent them, in its order.
        earlier: What is known of the device around that time, of all apps; sessions of the same names are passed over.
        covered: When the account had the app.
        now: The server's time.
    """
    names = {play.client_session_id for play in plays}
    if len(names) < len(plays):
        return [FieldError("sessions", "play_name_twice", "one name twice")]
    faults = [
        fault
        for place, play in enumerate(plays)
        if (fault := _fault_alone(f"sessions[{place}]", play, covered, now))
    ]
    return faults or _faults_together(plays, [one for one in earlier if one.client_session_id not in names])


def _fault_alone(
    field: str, play: OfflinePlay, covered: Sequence[Covered], now: datetime
) -> FieldError | None:
    skew = timedelta(seconds=SKEW_S)
    if play.ended_at <= play.started_at:
        return FieldError(f"{field}.ended_at", "play_before_start", "it must be later than the start")
    if play.ended_at > now + skew or play.started_at >= now:
        return FieldError(f"{field}.ended_at", "play_future", "it has not happened yet")
    if play.started_at < now - timedelta(days=OFFLINE_AGE_DAYS_MAX):
        limit = str(OFFLINE_AGE_DAYS_MAX)
        return FieldError(f"{field}.started_at", "play_too_old", f"at most {limit} days ago", limit=limit)
    if play.ended_at - play.started_at > timedelta(hours=OFFLINE_HOURS_MAX):
        limit = str(OFFLINE_HOURS_MAX)
        return FieldError(f"{field}.ended_at", "play_too_long", f"at most {limit} hours", limit=limit)
    if not any(
        one.begun_at - skew <= play.started_at
        and (one.ended_at is None or play.ended_at <= one.ended_at + skew)
        for one in covered
    ):
        return FieldError(f"{field}.started_at", "play_not_owned", "no licence opened the game then")
    return None


def _faults_together(plays: Sequence[OfflinePlay], earlier: Sequence[Session]) -> list[FieldError]:
    """Return what cannot be true beside the rest: a device runs one game at a time, so its day has 24 hours at most.

    Beside what we have counted ourselves, the client's clock may be off by the usual.
    """
    skew = timedelta(seconds=SKEW_S)
    taken = [(one.started_at + skew, one.last_beat_at - skew, "") for one in earlier]
    taken = [one for one in taken if one[0] < one[1]]
    taken += [
        (play.started_at, play.ended_at, f"sessions[{place}].started_at") for place, play in enumerate(plays)
    ]
    taken.sort()
    faults: dict[str, FieldError] = {}
    last: tuple[datetime, str] | None = None
    for started_at, ended_at, field in taken:
        if last and started_at < last[0] and (blamed := field or last[1]):
            faults[blamed] = FieldError(
                blamed, "play_overlapping", "the device ran another session at that time"
            )
        if last is None or ended_at > last[0]:
            last = (ended_at, field)
    return list(faults.values())
