"""What may be said of stats, and what a report changes."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samovar.kit.errors import FieldError
from samovar.services.library.achievements.domain import (
    HOUR_S,
    REPORTED_AGE,
    StatRule,
    StatValue,
    add_to_rate,
    believed,
    faults_of_kinds,
    faults_of_rule,
    percent,
    set_value,
)

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rule", "fields"),
    [
        (StatRule(kind="int", min=0, max=10, initial=5, max_change=2, is_increment_only=True), []),
        (StatRule(kind="int", min=0.5, initial=1), ["s.min"]),
        (StatRule(kind="float", min=2, max=1, initial=9), ["s.max"]),
        (StatRule(kind="float", max=1, initial=2), ["s.initial"]),
        (StatRule(kind="float", window_s=60), ["s.window_s"]),
        (StatRule(kind="avgrate", window_s=60), []),
        (StatRule(kind="avgrate", min=0, is_increment_only=True), ["s.min", "s.is_increment_only"]),
    ],
)
def test_a_rule_must_make_sense(rule: StatRule, fields: list[str]) -> None:
    assert [fault.field for fault in faults_of_rule(rule, "s")] == fields


def test_a_kind_never_changes() -> None:
    faults = faults_of_kinds({"a": "int", "b": "float"}, {"b": "int", "c": "int"})
    assert [fault.field for fault in faults] == ["stats[1].kind"]


@pytest.mark.parametrize(
    ("rule", "before", "value", "after"),
    [
        (StatRule(kind="int"), None, 5.0, 5.0),
        (StatRule(kind="int"), None, 5.5, "s.value"),
        (StatRule(kind="int"), None, None, "s.value"),
        (StatRule(kind="float", min=0, max=1), None, 1.5, "s.value"),
        (StatRule(kind="float", min=0, max=1), None, -0.1, "s.value"),
        (StatRule(kind="int", initial=3, max_change=2), None, 5.0, 5.0),
        (StatRule(kind="int", initial=3, max_change=2), None, 6.0, "s.value"),
        (StatRule(kind="int", max_change=2), 9.0, 6.0, "s.value"),
        (StatRule(kind="int", is_increment_only=True), 9.0, 6.0, 9.0),
        (StatRule(kind="int"), 9.0, 6.0, 6.0),
    ],
)
def test_a_value_keeps_to_the_rule(
    rule: StatRule, before: float | None, value: float | None, after: float | str
) -> None:
    kept = None if before is None else StatValue(value=before)
    result = set_value(rule, kept, value, "s")
    assert (result.field if isinstance(result, FieldError) else result.value) == after


def test_a_rate_is_counted_over_its_window_and_once() -> None:
    rule = StatRule(kind="avgrate", window_s=3_600)
    first = add_to_rate(rule, None, 10, 1_800, uuid4(), "s")
    assert isinstance(first, StatValue)
    assert first.value == pytest.approx(20)
    name = uuid4()
    second = add_to_rate(rule, first, 30, 1_800, name, "s")
    assert isinstance(second, StatValue)
    assert second.value == pytest.approx(40)
    assert add_to_rate(rule, second, 30, 1_800, name, "s") == second
    # Half of what was before lies outside of the window now.
    third = add_to_rate(rule, second, 0, 1_800, uuid4(), "s")
    assert isinstance(third, StatValue)
    assert third.value == pytest.approx(20)
    assert third.length_s == 3_600
    long = add_to_rate(rule, third, 5, 7_200, uuid4(), "s")
    assert isinstance(long, StatValue)
    assert long.value == pytest.approx(2.5)


@pytest.mark.parametrize(
    ("count", "length_s", "named", "field"),
    [(None, 60.0, True, "s.count"), (1.0, None, True, "s.length_s"), (1.0, 60.0, False, "update_id")],
)
def test_a_rate_needs_all_its_parts(
    count: float | None,
    length_s: float | None,
    named: bool,  # noqa: FBT001  a column of the table
    field: str,
) -> None:
    result = add_to_rate(StatRule(kind="avgrate"), None, count, length_s, uuid4() if named else None, "s")
    assert isinstance(result, FieldError)
    assert result.field == field


@given(
    st.lists(
        st.tuples(st.floats(-1e9, 1e9, allow_nan=False), st.floats(0.001, 86_400)), min_size=1, max_size=30
    )
)
def test_a_rate_is_never_beyond_what_was_told(told: list[tuple[float, float]]) -> None:
    rule, kept = StatRule(kind="avgrate", window_s=7_200), None
    for count, length_s in told:
        after = add_to_rate(rule, kept, count, length_s, uuid4(), "s")
        assert isinstance(after, StatValue)
        kept = after
    assert kept
    rates = [count / length_s * HOUR_S for count, length_s in told]
    slack = 1e-6 * (1 + max(abs(rate) for rate in rates))
    assert min(rates) - slack <= kept.value <= max(rates) + slack


def test_a_clients_time_is_believed_as_far_as_it_can_be_true() -> None:
    day = timedelta(days=1)
    assert believed(None, NOON, None) == NOON
    assert believed(NOON - day, NOON, NOON - 9 * day) == NOON - day
    assert believed(NOON + day, NOON, None) == NOON
    assert believed(NOON - 99 * day, NOON, None) == NOON - REPORTED_AGE
    assert believed(NOON - 9 * day, NOON, NOON - day) == NOON - day


def test_rarity_has_one_decimal() -> None:
    assert percent(1, 3) == 33.3
    assert percent(0, 0) is None
    assert percent(0, 7) == 0.0
    assert percent(5, 2) == 100.0
