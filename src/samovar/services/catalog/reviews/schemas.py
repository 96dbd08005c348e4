"""The shapes of reviews."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from samovar.services.catalog.reviews.domain import (
    ANSWER_LENGTH_MAX,
    REASON_LENGTH_MAX,
    TEXT_LENGTH_MAX,
    Decided,
    ListedReview,
    Review,
    ReviewLanguage,
    Vote,
)
from samovar.services.catalog.reviews.scores import Label

Text = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=TEXT_LENGTH_MAX,
        description="Plain text; an empty line parts paragraphs, at most two links.",
    ),
]
Sort = Literal["helpful", "new"]
Period = Literal["day", "week", "month", "year"]


class NewReview(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a player says of a game."""

    recommended: bool
    text: Text
    language: ReviewLanguage = "ru"


class ReviewPatch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What of it is to be otherwise; what is absent stays."""

    recommended: bool | UnsetType = UNSET
    text: Text | UnsetType = UNSET
    language: ReviewLanguage | UnsetType = UNSET


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What the developer answered."""

    text: str
    answered_at: datetime
    edited_at: datetime | None = None


class Author(msgspec.Struct, frozen=True, kw_only=True):
    """Who wrote it.

    Attributes:
        state: `gone`: there is no such person any more; `unknown`: their name cannot be asked at the moment.
        avatar_url: A path below the origin; `?size=64` gives the small picture.
    """

    account_id: UUID
    state: Literal["shown", "gone", "unknown"]
    display_name: str | None = None
    name: str | None = None
    avatar_url: str | None = None


class OwnReview(msgspec.Struct, frozen=True, kw_only=True):
    """One's own review, as one may change it.

    Attributes:
        received_free: It is marked «бесплатно получено».
        refunded: The licence was given back: the review is marked so and does not count.
        counts: It speaks for the score.
        hidden_because: A moderator took it out of sight; why.
    """

    id: UUID
    game_id: UUID
    recommended: bool
    text: str
    language: str
    play_minutes: int | None
    received_free: bool
    refunded: bool
    counts: bool
    created_at: datetime
    edited_at: datetime | None
    hidden_because: str | None = None

    @classmethod
    def of(cls, review: Review, hidden_because: str | None = None) -> Self:
        """Return a review as its author sees it."""
        return cls(
            id=review.id,
            game_id=review.app_id,
            recommended=review.recommended,
            text=review.text,
            language=review.language,
            play_minutes=review.play_minutes,
            received_free=review.received_free,
            refunded=review.refunded_at is not None,
            counts=review.counts,
            created_at=review.created_at,
            edited_at=review.edited_at,
            hidden_because=hidden_because,
        )


class ReviewItem(msgspec.Struct, frozen=True, kw_only=True):
    """A review as others see it.

    Attributes:
        play_minutes: How long its author had played when writing; none where that is not counted.
        received_free: «Бесплатно получено»: its author did not pay.
        refunded: «Возвращено»: its author gave the game back.
        counts: It speaks for the score.
    """

    id: UUID
    game_id: UUID
    author: Author
    recommended: bool
    text: str
    language: str
    play_minutes: int | None
    received_free: bool
    refunded: bool
    counts: bool
    helpful: int
    unhelpful: int
    funny: int
    created_at: datetime
    edited_at: datetime | None
    answer: Answer | None

    @classmethod
    def of(cls, review: ListedReview, author: Author) -> Self:
        """Return a review as anybody sees it."""
        return cls(
            id=review.id,
            game_id=review.app_id,
            author=author,
            recommended=review.recommended,
            text=review.text,
            language=review.language,
            play_minutes=review.play_minutes,
            received_free=review.received_free,
            refunded=review.refunded_at is not None,
            counts=review.counts,
            helpful=review.helpful,
            unhelpful=review.unhelpful,
            funny=review.funny,
            created_at=review.created_at,
            edited_at=review.edited_at,
            answer=answer_of(review),
        )


class ScoreView(msgspec.Struct, frozen=True, kw_only=True):
    """What players think.

    Attributes:
        total: Of how many reviews.
        percent: How many of a hundred recommend it; none below ten.
        label: The same as a word for programs, `label_name` for people.
    """

    total: int
    positive: int
    percent: int | None
    label: Label | None
    label_name: str | None


class LanguageScoreView(ScoreView, frozen=True, kw_only=True):
    """What those think who write in one language."""

    language: str


class ReviewSummary(msgspec.Struct, frozen=True, kw_only=True):
    """What players think of a game.

    Attributes:
        reviews: All that may be read; scores are made of those that count.
        recent: Of the last 30 days; none of what came out less than 45 days ago.
        languages: Those with enough reviews of their own, the most written first.
    """

    reviews: int
    all_time: ScoreView
    recent: ScoreView | None
    languages: list[LanguageScoreView]


class ReviewList(msgspec.Struct, frozen=True, kw_only=True):
    """A page of reviews, and what they come to."""

    items: list[ReviewItem]
    next_cursor: str | None
    summary: ReviewSummary


class VoteWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody thinks of a review."""

    value: Vote


class VoteState(msgspec.Struct, frozen=True, kw_only=True):
    """The counts after a vote."""

    value: Vote | None
    helpful: int
    unhelpful: int
    funny: int


class AnswerWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the developer answers."""

    text: Annotated[str, Meta(min_length=1, max_length=ANSWER_LENGTH_MAX)]


class DecisionWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why a moderator decides so; the author reads it."""

    reason: Annotated[str, Meta(min_length=1, max_length=REASON_LENGTH_MAX)]


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What a moderator decided."""

    decision: Decided
    reason: str
    actor_id: UUID | None
    decided_at: datetime


class ModeratedReview(msgspec.Struct, frozen=True, kw_only=True):
    """A review as moderators see it."""

    review: ReviewItem
    hidden: bool
    decisions: list[Decision]


def answer_of(review: ListedReview) -> Answer | None:
    """Return the developer's answer, if there is one."""
    if review.answer_text is None or review.answered_at is None:
        return None
    return Answer(text=review.answer_text, answered_at=review.answered_at, edited_at=review.answer_edited_at)
