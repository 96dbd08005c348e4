"""Labels as players know them, and orders that a few lucky voices do not win."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samovar.services.catalog.reviews import scores
from samovar.services.catalog.reviews.scores import Counts, Score

RELEASED = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("positive", "negative", "label"),
    [
        (0, 0, None),
        (9, 0, None),
        (10, 0, "positive"),
        (49, 0, "positive"),
        (50, 0, "very_positive"),
        (499, 0, "very_positive"),
        (475, 25, "overwhelmingly_positive"),
        (474, 26, "very_positive"),
        (80, 20, "very_positive"),
        (799, 201, "mostly_positive"),
        (39, 10, "mostly_positive"),
        (70, 30, "mostly_positive"),
        (69, 31, "mixed"),
        (40, 60, "mixed"),
        (39, 61, "mostly_negative"),
        (20, 80, "mostly_negative"),
        (19, 81, "very_negative"),
        (0, 10, "very_negative"),
    ],
)
def test_a_label_is_the_share_and_how_many_gave_it(positive: int, negative: int, label: str | None) -> None:
    assert scores.label_of(Counts(positive, negative)) == label


def test_a_share_is_rounded_down_and_shown_from_ten_reviews() -> None:
    assert scores.score_of(Counts(9, 0)) == Score(total=9, positive=9, percent=None, label=None)
    assert scores.score_of(Counts(799, 201)) == Score(
        total=1_000, positive=799, percent=79, label="mostly_positive"
    )


@pytest.mark.parametrize(("age_days", "shown"), [(45, False), (46, True)])
def test_the_recent_score_is_shown_of_titles_older_than_45_days(age_days: int, *, shown: bool) -> None:
    assert scores.recent_is_shown(RELEASED, RELEASED + timedelta(days=age_days)) is shown


def test_what_is_not_out_has_no_recent_score() -> None:
    assert not scores.recent_is_shown(None, RELEASED)


def test_the_window_is_30_days_with_today() -> None:
    assert scores.recent_since(date(2026, 11, 30)) == date(2026, 11, 1)


@pytest.mark.parametrize(
    ("total", "in_language", "shown"), [(2_000, 500, False), (2_001, 199, False), (2_001, 200, True)]
)
def test_a_language_has_its_score_where_there_are_enough(
    total: int, in_language: int, *, shown: bool
) -> None:
    assert scores.language_is_shown(total=total, in_language=in_language) is shown


def test_a_few_lucky_voices_do_not_beat_many() -> None:
    assert scores.rating(Counts(10, 0)) < scores.rating(Counts(950, 50))


def test_a_review_without_votes_stands_above_an_unhelpful_one() -> None:
    assert scores.helpfulness(0, 10) < scores.helpfulness(0, 0) < scores.helpfulness(10, 0)


@given(positive=st.integers(0, 10_000_000), negative=st.integers(0, 10_000_000))
def test_one_more_voice_for_it_never_lowers_a_rating(positive: int, negative: int) -> None:
    before, after = scores.rating(Counts(positive, negative)), scores.rating(Counts(positive + 1, negative))
    assert 0 <= before <= after <= scores.PARTS
