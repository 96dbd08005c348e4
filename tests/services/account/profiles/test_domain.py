"""The rules of profiles."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samovar.services.account.profiles import domain

DATES = st.dates(date(1900, 1, 1), date(2100, 1, 1))


@pytest.mark.parametrize(
    ("born", "today", "level"),
    [
        (None, date(2026, 1, 1), 0),
        (date(2020, 1, 2), date(2026, 1, 1), 0),
        (date(2020, 1, 1), date(2026, 1, 1), 6),
        (date(2008, 2, 29), date(2026, 2, 28), 16),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(1900, 1, 1), date(2026, 1, 1), 18),
        (date(2030, 1, 1), date(2026, 1, 1), 0),
    ],
)
def test_a_level_is_reached_on_the_birthday(born: date | None, today: date, level: int) -> None:
    assert domain.age_level(born, today) == level


@given(born=DATES, today=DATES)
def test_the_level_changes_on_the_day_that_was_told_and_not_before(born: date, today: date) -> None:
    day = domain.next_age_level_on(born, today)
    if day is None:
        assert domain.age_level(born, today) == 18
        return
    assert domain.age_level(born, day - timedelta(days=1)) == domain.age_level(born, today)
    assert domain.age_level(born, day) > domain.age_level(born, today) or born > today


def test_two_people_have_two_default_pictures_that_do_not_show_their_ids() -> None:
    first, second = uuid4(), uuid4()
    assert domain.default_avatar(first) != domain.default_avatar(second)
    assert first.hex[:8] not in domain.avatar_url(first, None)
