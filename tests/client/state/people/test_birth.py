"""A day is read as people write it; a day that there is not is none."""

import pytest

from samovar.client.state.people.birth import day_of


@pytest.mark.parametrize("typed", ["24.02.1990", " 24/2/1990 ", "24-02-1990", "1990-02-24"])
def test_a_day_is_read_as_people_write_it(typed: str) -> None:
    assert day_of(typed) == "1990-02-24"


@pytest.mark.parametrize(
    "typed", ["", "30.02.1990", "1990", "24.13.1990", "24.02.90", "завтра", "00.00.0000"]
)
def test_a_day_that_there_is_not_is_none(typed: str) -> None:
    assert day_of(typed) is None
