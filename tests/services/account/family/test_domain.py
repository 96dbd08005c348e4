"""Who may found, join, leave and dissolve a family, held against every order in which they try."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samovar.kit.errors import Conflict, Forbidden, NotFound, SamovarError
from samovar.services.account.family import domain
from samovar.services.account.family.domain import (
    Age,
    Departure,
    Family,
    FamilyChange,
    FamilyRules,
    Role,
)
from samovar.services.account.family.errors import (
    AdultsDecide,
    AdultsLeaveThemselves,
    AdultsOnly,
    AgeDoesNotFit,
    AgeUnknown,
    FamilyCooldown,
    FamilyFull,
    LastAdult,
    OtherAdults,
)

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
YEAR = timedelta(days=365)
RULES = FamilyRules(size=6, cooldown=YEAR, invite_ttl=timedelta(days=14))
GROWN, CHILD, UNKNOWN = Age(18, is_known=True), Age(12, is_known=True), Age(0, is_known=False)
ANNA, BORIS, VERA, GLEB = (UUID(int=number) for number in range(1, 5))


def founded(account_id: UUID = ANNA, number: int = 100) -> Family:
    change = domain.found(UUID(int=number), account_id, age=GROWN, departures=(), now=NOW, rules=RULES)
    return change.family


def joined(
    family: Family,
    account_id: UUID,
    role: Role = "adult",
    *,
    now: datetime = NOW,
    departures: tuple[Departure, ...] = (),
) -> Family:
    age = GROWN if role == "adult" else CHILD
    return domain.join(family, account_id, role, age=age, departures=departures, now=now, rules=RULES).family


@pytest.mark.parametrize(("age", "error"), [(CHILD, AdultsOnly), (UNKNOWN, AgeUnknown)])
def test_only_somebody_known_to_be_of_age_makes_a_family(age: Age, error: type[SamovarError]) -> None:
    with pytest.raises(error):
        domain.found(UUID(int=1), ANNA, age=age, departures=(), now=NOW, rules=RULES)


@pytest.mark.parametrize(
    ("role", "age", "error"),
    [
        ("adult", CHILD, AdultsOnly),
        ("adult", UNKNOWN, AgeUnknown),
        ("child", UNKNOWN, AgeUnknown),
        ("child", GROWN, AgeDoesNotFit),
    ],
)
def test_one_joins_only_as_what_one_is_known_to_be(role: Role, age: Age, error: type[SamovarError]) -> None:
    with pytest.raises(error):
        domain.join(founded(), BORIS, role, age=age, departures=(), now=NOW, rules=RULES)


def test_a_family_has_six_places() -> None:
    family = founded()
    for number in range(10, 15):
        family = joined(family, UUID(int=number), "child")
    assert family.free_places(RULES, NOW) == 0
    with pytest.raises(FamilyFull):
        joined(family, BORIS)


def test_a_place_that_was_left_is_free_after_a_year() -> None:
    family = joined(founded(), BORIS)
    family = domain.remove(family, BORIS, by=BORIS, now=NOW).family
    assert family.free_places(RULES, NOW + YEAR - timedelta(seconds=1)) == 4
    assert family.free_places(RULES, NOW + YEAR) == 5


def test_an_adult_who_left_joins_another_family_after_a_year() -> None:
    left = domain.remove(joined(founded(), BORIS), BORIS, by=BORIS, now=NOW).left
    other = founded(VERA, number=200)
    with pytest.raises(FamilyCooldown) as refused:
        joined(other, BORIS, departures=left, now=NOW + timedelta(days=364))
    assert refused.value.params["until"] == (NOW + YEAR).date()
    assert joined(other, BORIS, departures=left, now=NOW + YEAR).member(BORIS)


def test_an_adult_who_left_makes_a_family_after_a_year() -> None:
    left = domain.remove(joined(founded(), BORIS), BORIS, by=BORIS, now=NOW).left
    with pytest.raises(FamilyCooldown):
        domain.found(UUID(int=9), BORIS, age=GROWN, departures=left, now=NOW, rules=RULES)


def test_whoever_comes_back_has_their_place_again() -> None:
    family = joined(founded(), BORIS)
    for number in range(10, 14):
        family = joined(family, UUID(int=number), "child")
    change = domain.remove(family, BORIS, by=BORIS, now=NOW)
    with pytest.raises(FamilyFull):
        joined(change.family, VERA)
    back = joined(change.family, BORIS, departures=change.left)
    assert (len(back.members), back.departures) == (6, ())


def test_a_child_waits_for_nothing() -> None:
    change = domain.remove(joined(founded(), BORIS, "child"), BORIS, by=ANNA, now=NOW)
    other = founded(VERA, number=200)
    assert joined(other, BORIS, "child", departures=change.left).member(BORIS)
    assert change.family.free_places(RULES, NOW) == 4


def test_a_child_neither_leaves_nor_removes_nor_dissolves() -> None:
    family = joined(joined(founded(), BORIS, "child"), VERA, "child")
    attempts: tuple[Callable[[], FamilyChange], ...] = (
        lambda: domain.remove(family, BORIS, by=BORIS, now=NOW),
        lambda: domain.remove(family, ANNA, by=BORIS, now=NOW),
        lambda: domain.remove(family, VERA, by=BORIS, now=NOW),
        lambda: domain.dissolve(family, by=BORIS, now=NOW),
        lambda: domain.dissolve(family, by=GLEB, now=NOW),
    )
    for attempt in attempts:
        with pytest.raises(AdultsDecide):
            attempt()


def test_no_adult_removes_another() -> None:
    with pytest.raises(AdultsLeaveThemselves):
        domain.remove(joined(founded(), BORIS), BORIS, by=ANNA, now=NOW)


def test_the_last_adult_leaves_no_child_behind_but_can_dissolve_the_family() -> None:
    family = joined(founded(), BORIS, "child")
    with pytest.raises(LastAdult):
        domain.remove(family, ANNA, by=ANNA, now=NOW)
    change = domain.dissolve(family, by=ANNA, now=NOW)
    assert (change.is_dissolved, change.family.members) == (True, ())
    assert {one.account_id: one.waits for one in change.left} == {ANNA: True, BORIS: False}


def test_a_family_of_two_adults_is_dissolved_by_neither() -> None:
    with pytest.raises(OtherAdults):
        domain.dissolve(joined(founded(), BORIS), by=ANNA, now=NOW)


def test_whoever_was_alone_all_the_time_waits_for_nothing() -> None:
    change = domain.remove(founded(), ANNA, by=ANNA, now=NOW)
    assert (change.is_dissolved, change.left) == (True, ())
    lately = domain.remove(joined(founded(), BORIS), BORIS, by=BORIS, now=NOW).family
    assert [one.account_id for one in domain.remove(lately, ANNA, by=ANNA, now=NOW).left] == [ANNA]


def test_a_child_comes_of_age_once() -> None:
    change = domain.come_of_age(joined(founded(), BORIS, "child"), BORIS, NOW)
    assert change.joined
    assert change.joined.role == "adult"
    assert domain.come_of_age(change.family, BORIS, NOW) == FamilyChange(family=change.family)
    assert domain.remove(change.family, BORIS, by=BORIS, now=NOW).left[0].waits


def test_a_family_whose_adults_are_gone_is_dissolved() -> None:
    family = joined(founded(), BORIS, "child")
    assert domain.abandon(family, NOW) == FamilyChange(family=family)
    alone = msgspec.structs.replace(family, members=family.members[1:])
    assert domain.abandon(alone, NOW).is_dissolved


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["adult", "child", "leave", "remove", "grow", "wait"]),
            st.integers(min_value=1, max_value=9),
            st.integers(min_value=1, max_value=9),
        ),
        max_size=60,
    )
)
def test_no_order_of_comings_and_goings_overfills_a_family_or_leaves_a_child_alone(
    actions: list[tuple[str, int, int]],
) -> None:
    family, now, versions = founded(), NOW, [1, 2]
    for action, one, other in actions:
        now += timedelta(days=100 if action == "wait" else 1)
        try:
            change = _act(family, action, UUID(int=one), UUID(int=other), now)
        except (Conflict, Forbidden, NotFound):
            continue
        family = change.family
        for event in change.events:
            aggregate = event.aggregate()
            assert aggregate
            versions.append(aggregate.version or 0)
        if change.is_dissolved:
            assert family.members == ()
            break
        kept = [one for one in family.departures if one.left_at + YEAR > now]
        assert len(family.members) + len(kept) <= 6
        assert len({member.account_id for member in family.members}) == len(family.members)
        assert family.adults
    assert versions == list(range(1, family.version + 1))


def _act(family: Family, action: str, one: UUID, other: UUID, now: datetime) -> FamilyChange:
    actions: dict[str, Callable[[], FamilyChange]] = {
        "adult": lambda: _join_if_new(family, one, "adult", now),
        "child": lambda: _join_if_new(family, one, "child", now),
        "leave": lambda: domain.remove(family, one, by=one, now=now),
        "remove": lambda: domain.remove(family, one, by=other, now=now),
        "grow": lambda: domain.come_of_age(family, one, now),
        "wait": lambda: FamilyChange(family=family),
    }
    return actions[action]()


def _join_if_new(family: Family, account_id: UUID, role: Role, now: datetime) -> FamilyChange:
    domain.require_no_family(family.id if family.member(account_id) else None)
    age = GROWN if role == "adult" else CHILD
    return domain.join(family, account_id, role, age=age, departures=(), now=now, rules=RULES)
