"""What may be said of achievements and stats, and what a report of a game changes. Pure."""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import msgspec

from samovar.kit.errors import FieldError

Trust = Literal["client", "server"]
StatKind = Literal["int", "float", "avgrate"]
ACHIEVEMENTS_MAX = 500
STATS_MAX = 200
# With those that were taken out: keys are never forgotten.
KEYS_EVER_MAX = 2_000
KEY_PATTERN = r"^[A-Za-z0-9._-]{1,64}\Z"
TITLE_LENGTH_MAX = 100
TEXT_LENGTH_MAX = 500
# Up to here a JSON number is exact everywhere.
NUMBER_MAX = float(2**53)
WINDOW_S_MIN, WINDOW_S_MAX = 60, 30 * 86_400
RATE_LENGTH_S_MAX = 86_400.0
HOUR_S = 3_600.0
REPORTED_AGE = timedelta(days=30)
# A server may tell of the end of a match that has been over for a while.
SESSION_AGE = timedelta(hours=24)


class StatRule(msgspec.Struct, frozen=True, kw_only=True):
    """What the developer says of a stat's values; see `schemas.Stat`."""

    kind: StatKind
    min: float | None = None
    max: float | None = None
    max_change: float | None = None
    initial: float = 0.0
    window_s: int | None = None
    is_increment_only: bool = False


class StatValue(msgspec.Struct, frozen=True, kw_only=True):
    """What a player has of a stat.

    Attributes:
        value: Of an average rate: how much an hour.
        count: Of an average rate, with `length_s`: how much in how long.
        last_update_id: The last update that was counted into a rate.
    """

    value: float
    count: float = 0.0
    length_s: float = 0.0
    last_update_id: UUID | None = None


def faults_of_rule(rule: StatRule, field: str) -> list[FieldError]:
    """Return what is wrong with what a developer says of a stat."""
    is_rate = rule.kind == "avgrate"
    numbers = {
        "min": rule.min,
        "max": rule.max,
        "max_change": rule.max_change,
        "initial": rule.initial or None,
    }
    given = {name: number for name, number in numbers.items() if number is not None}
    if is_rate:
        wrong = [*given, *(["is_increment_only"] if rule.is_increment_only else [])]
    else:
        wrong = ["window_s"] if rule.window_s is not None else []
    faults = [
        FieldError(f"{field}.{name}", "wrong_for_stat", "not for a stat of this kind") for name in wrong
    ]
    if rule.kind == "int":
        faults += [
            FieldError(f"{field}.{name}", "stat_not_whole", "a whole number")
            for name, number in given.items()
            if number % 1
        ]
    low = -math.inf if rule.min is None else rule.min
    high = math.inf if rule.max is None else rule.max
    if low > high:
        faults.append(FieldError(f"{field}.max", "stat_range_empty", "not below the least value"))
    elif not is_rate and not low <= rule.initial <= high:
        faults.append(FieldError(f"{field}.initial", "stat_out_of_range", "outside of the range"))
    return faults


def faults_of_keys(keys: Sequence[str], field: str) -> list[FieldError]:
    """Return which keys are given more than once."""
    return [
        FieldError(f"{field}[{place}].key", "repeated", "given more than once")
        for place, key in enumerate(keys)
        if key in keys[:place]
    ]


def faults_of_kinds(now: Mapping[str, StatKind], before: Mapping[str, StatKind]) -> list[FieldError]:
    """Return which stats would be of another kind than they were, retired ones too; `now` is in the order of what was sent."""
    return [
        FieldError(f"stats[{place}].kind", "never_changes", "it never changes")
        for place, (key, kind) in enumerate(now.items())
        if before.get(key, kind) != kind
    ]


def set_value(
    rule: StatRule, kept: StatValue | None, value: float | None, field: str
) -> StatValue | FieldError:
    """Return what a stat of the kind `int` or `float` becomes, or what is wrong with the value."""
    if value is None:
        return FieldError(f"{field}.value", "missing", "it is required")
    if rule.kind == "int" and value % 1:
        return FieldError(f"{field}.value", "stat_not_whole", "a whole number")
    if (rule.min is not None and value < rule.min) or (rule.max is not None and value > rule.max):
        return FieldError(f"{field}.value", "stat_out_of_range", "outside of the range")
    before = kept.value if kept else rule.initial
    if rule.is_increment_only and value < before:
        # Late, or by a device that knows less: never back.
        return StatValue(value=before)
    if rule.max_change is not None and abs(value - before) > rule.max_change:
        limit = f"{rule.max_change:g}"
        return FieldError(
            f"{field}.value", "stat_change_too_large", f"by {limit} at once at most", limit=limit
        )
    return StatValue(value=value)


def add_to_rate(
    rule: StatRule,
    kept: StatValue | None,
    count: float | None,
    length_s: float | None,
    update_id: UUID | None,
    field: str,
) -> StatValue | FieldError:
    """Return what an average rate becomes, or what is wrong. What lies before the window fades in proportion."""
    if count is None or length_s is None:
        return FieldError(f"{field}.{'count' if count is None else 'length_s'}", "missing", "it is required")
    if update_id is None:
        return FieldError("update_id", "missing", "needed for average rates")
    before = kept or StatValue(value=0.0)
    if before.last_update_id == update_id:
        return before
    old_count, old_length = before.count, before.length_s
    if rule.window_s is not None and old_length + length_s > rule.window_s:
        kept_length = max(0.0, rule.window_s - length_s)
        old_count = old_count * kept_length / old_length if old_length else 0.0
        old_length = kept_length
    total, length = old_count + count, old_length + length_s
    return StatValue(value=total / length * HOUR_S, count=total, length_s=length, last_update_id=update_id)


def believed(at: datetime | None, now: datetime, had_since: datetime | None) -> datetime:
    """Return when something was achieved: as the client says, but not to come, not long ago, nor before the game was had."""
    earliest = max(now - REPORTED_AGE, had_since) if had_since else now - REPORTED_AGE
    return now if at is None else min(now, max(at, earliest))


def percent(part: int, whole: int) -> float | None:
    """Return a share in percent with one decimal; of nothing there is none."""
    # Whoever achieved something has played, however the two counts came about.
    return round(100 * part / max(part, whole), 1) if whole or part else None
