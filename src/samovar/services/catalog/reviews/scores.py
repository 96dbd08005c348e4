"""What the counts of reviews say: share, label, rating. Pure; search, cards and pages use it.

The labels are Steam's, as the store's documents and players know them; `mostly_positive` has its sentence in the message
catalogue under `catalog.review_label.mostly_positive`. Only reviews of bought copies are in the counts (`domain.counts`).
"""

import math
from datetime import date, timedelta
from typing import Literal

import msgspec

Label = Literal[
    "overwhelmingly_positive",
    "very_positive",
    "positive",
    "mostly_positive",
    "mixed",
    "mostly_negative",
    "very_negative",
]

LABELLED_FROM = 10
RECENT_DAYS = 30
RECENT_SHOWN_AFTER = timedelta(days=45)
LANGUAGE_SHOWN_ABOVE = 2_000
LANGUAGE_SHOWN_FROM = 200
PARTS = 1_000_000

_OVERWHELMING_PERCENT, _OVERWHELMING_FROM = 95, 500
_VERY_PERCENT, _VERY_FROM = 80, 50
_MOSTLY_PERCENT, _MIXED_PERCENT, _MOSTLY_NOT_PERCENT = 70, 40, 20
# Of a share that is known from n voices, the lower bound at 95 %: https://en.wikipedia.org/wiki/Binomial_proportion_confidence_interval
_Z = 1.96


class Counts(msgspec.Struct, frozen=True):
    """How many say yes and no."""

    positive: int = 0
    negative: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.positive + self.negative


class Score(msgspec.Struct, frozen=True):
    """What is shown of counts.

    Attributes:
        percent: How many of a hundred recommend it, rounded down; none before there are `LABELLED_FROM`.
        label: The same in words; none as above.
    """

    total: int
    positive: int
    percent: int | None
    label: Label | None


def score_of(counts: Counts) -> Score:
    """Return what is shown of counts: below `LABELLED_FROM` only that there are some."""
    label = label_of(counts)
    percent = None if label is None else counts.positive * 100 // counts.total
    return Score(counts.total, counts.positive, percent, label)


def label_of(counts: Counts) -> Label | None:
    """Return the label of a score, none while there are fewer than `LABELLED_FROM` reviews."""
    if counts.total < LABELLED_FROM:
        return None
    percent = counts.positive * 100 // counts.total
    if percent >= _OVERWHELMING_PERCENT and counts.total >= _OVERWHELMING_FROM:
        return "overwhelmingly_positive"
    if percent >= _VERY_PERCENT:
        return "very_positive" if counts.total >= _VERY_FROM else "positive"
    if percent >= _MOSTLY_PERCENT:
        return "mostly_positive"
    if percent >= _MIXED_PERCENT:
        return "mixed"
    return "mostly_negative" if percent >= _MOSTLY_NOT_PERCENT else "very_negative"


def recent_is_shown(released_on: date | None, today: date) -> bool:
    """Return whether the score of the last 30 days is shown beside that of all time: the app is older than 45 days."""
    return released_on is not None and today - released_on > RECENT_SHOWN_AFTER


def recent_since(today: date) -> date:
    """Return the first day of the window that ends today."""
    return today - timedelta(days=RECENT_DAYS - 1)


def language_is_shown(*, total: int, in_language: int) -> bool:
    """Return whether a language has a score of its own: there are many reviews, and enough of them in it."""
    return total > LANGUAGE_SHOWN_ABOVE and in_language >= LANGUAGE_SHOWN_FROM


def rating(counts: Counts) -> int:
    """Return what lists order by, 0 to `PARTS`: the share that is certain at least, so that 9 of 10 is below 900 of 1000."""
    return _certain_share(counts.positive, counts.total)


def helpfulness(helpful: int, unhelpful: int) -> int:
    """Return what reviews are ordered by, 0 to `PARTS`: as `rating`, with a voice for and one against given to each.

    So a review without votes stands above one that was found unhelpful.
    """
    return _certain_share(helpful + 1, helpful + unhelpful + 2)


def _certain_share(yes: int, total: int) -> int:
    """Return the lower bound of Wilson's interval, in parts of a million."""
    if not total:
        return 0
    share, square = yes / total, _Z * _Z / total
    spread = _Z * math.sqrt((share * (1 - share) + square / 4) / total)
    return max(0, round(PARTS * (share + square / 2 - spread) / (1 + square)))
