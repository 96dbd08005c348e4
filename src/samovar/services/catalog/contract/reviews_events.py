"""The events of reviews. Additive change only: an old sample must decode for ever."""

from datetime import datetime
from uuid import UUID

from samovar.kit.events import Aggregate, Event


class ReviewPosted(Event, frozen=True, kw_only=True, subject="catalog.v1.review_posted"):
    """Somebody has written of an app. The text is not told.

    Attributes:
        language: BCP 47.
        counts: It speaks for the score.
    """

    review_id: UUID
    app_id: UUID
    account_id: UUID
    recommended: bool
    language: str
    counts: bool
    version: int = 1
    posted_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the review."""
        return Aggregate(str(self.review_id), self.version)


class ReviewChanged(Event, frozen=True, kw_only=True, subject="catalog.v1.review_changed"):
    """A review is otherwise than before. Votes are not told.

    Attributes:
        change: `edited`, `deleted`, `hidden`, `restored`, `licence_changed`, `answered`, `answer_removed`.
        counts: It speaks for the score.
        version: Counts the changes: keep the highest. After `deleted` nothing comes.
    """

    review_id: UUID
    app_id: UUID
    account_id: UUID
    change: str
    recommended: bool
    language: str
    counts: bool
    version: int
    changed_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the review."""
        return Aggregate(str(self.review_id), self.version)


class ReviewScoreChanged(Event, frozen=True, kw_only=True, subject="catalog.v1.review_score_changed"):
    """Players think otherwise of an app than before: a review came, went or changed, or the window of 30 days moved.

    Attributes:
        reviews: All that may be read, also those that do not count.
        percent: How many of a hundred recommend it; none below ten reviews.
        label: The same in words: `very_positive`; none as above.
        version: Counts the changes: keep the highest.
    """

    app_id: UUID
    reviews: int
    positive: int
    negative: int
    positive_30d: int
    negative_30d: int
    percent: int | None = None
    label: str | None = None
    version: int
    changed_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the app."""
        return Aggregate(str(self.app_id), self.version)


REVIEW_EVENTS: tuple[type[Event], ...] = (ReviewPosted, ReviewChanged, ReviewScoreChanged)
