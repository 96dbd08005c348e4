"""What a review is, where it counts, and what may stand in its text. Pure."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal, cast, get_args
from uuid import UUID

import msgspec

from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.text.visible import is_visible_line
from samovar.services.catalog.contract.reviews_events import ReviewChanged, ReviewPosted
from samovar.services.catalog.ownership.domain import Licence
from samovar.services.catalog.reviews import scores

Acquired = Literal["purchase", "key", "gift", "free", "free_game", "trial", "family", "grant", "unknown"]
"""How an author came to the app: library's kinds of licences; `free_game` is a free licence to what costs nothing anyway,
`unknown` what library has not told yet."""
Change = Literal["edited", "deleted", "hidden", "restored", "licence_changed", "answered", "answer_removed"]
Decided = Literal["hidden", "restored"]
Vote = Literal["helpful", "unhelpful", "funny"]
ReviewLanguage = Literal[
    "ru", "en", "ar", "az", "be", "bg", "cs", "da", "de", "el", "es", "es-419", "fi", "fr", "hu", "hy", "id", "it", "ja", "ka",
    "kk", "ko", "ky", "nl", "no", "pl", "pt", "pt-BR", "ro", "sv", "tg", "th", "tr", "tt", "uk", "uz", "vi", "zh-Hans", "zh-Hant",
]  # fmt: skip

TEXT_LENGTH_MAX = 8_000
ANSWER_LENGTH_MAX = 4_000
REASON_LENGTH_MAX = 500
LINES_MAX = 300
LINKS_MAX = 2

# Steam's rule: only who bought speaks for the score. Of what costs nothing everybody is a buyer.
_COUNTED: frozenset[Acquired] = frozenset({"purchase", "free_game"})
_NOT_FREE: frozenset[Acquired] = frozenset({"purchase", "key", "free_game", "unknown"})
# The first that somebody has is how they came to the app.
_BY_WEIGHT: tuple[Acquired, ...] = (
    "purchase",
    "free_game",
    "key",
    "gift",
    "free",
    "grant",
    "family",
    "trial",
)
_EXPIRED = "expired"
_LINK = re.compile(r"https?://|www\.|\b[\w-]+\.(?:ru|com|net|org|рф|su|info|xyz|top|io)/", re.IGNORECASE)
_BLANK_LINES = re.compile(r"\n{3,}")


class Claim(msgspec.Struct, frozen=True):
    """How somebody has an app.

    Attributes:
        refunded_at: When they gave it back; none while they have it, or when it ended by itself.
    """

    acquired_as: Acquired
    refunded_at: datetime | None = None


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What of a review decides where it is counted.

    Attributes:
        day: On which it was written (UTC); an edit does not move it.
        is_shown: Nobody hid it.
        counts: It speaks for the score.
    """

    app_id: UUID
    day: date
    language: str
    recommended: bool
    is_shown: bool
    counts: bool


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """A review as it is kept; see the table `reviews`."""

    id: UUID
    app_id: UUID
    account_id: UUID
    recommended: bool
    text: str
    language: str
    play_minutes: int | None
    acquired_as: Acquired
    refunded_at: datetime | None = None
    hidden_at: datetime | None = None
    helpful: int = 0
    unhelpful: int = 0
    funny: int = 0
    helpfulness: int
    version: int = 1
    created_at: datetime
    edited_at: datetime | None = None

    @property
    def received_free(self) -> bool:
        """Whether its author did not pay."""
        return self.acquired_as not in _NOT_FREE

    @property
    def counts(self) -> bool:
        """Whether it speaks for the score."""
        return self.hidden_at is None and self.refunded_at is None and self.acquired_as in _COUNTED

    def standing(self) -> Standing:
        """Return what of it decides where it is counted."""
        return Standing(
            app_id=self.app_id,
            day=self.created_at.date(),
            language=self.language,
            recommended=self.recommended,
            is_shown=self.hidden_at is None,
            counts=self.counts,
        )

    def posted(self) -> ReviewPosted:
        """Return the event that it was written."""
        return ReviewPosted(
            review_id=self.id,
            app_id=self.app_id,
            account_id=self.account_id,
            recommended=self.recommended,
            language=self.language,
            counts=self.counts,
            version=self.version,
            posted_at=self.created_at,
        )

    def changed(self, change: Change, now: datetime) -> ReviewChanged:
        """Return the event that it is otherwise than before."""
        return ReviewChanged(
            review_id=self.id,
            app_id=self.app_id,
            account_id=self.account_id,
            change=change,
            recommended=self.recommended,
            language=self.language,
            counts=self.counts,
            version=self.version,
            changed_at=now,
        )


class ListedReview(Review, frozen=True, kw_only=True):
    """A review and what the developer answered."""

    answer_text: str | None
    answered_at: datetime | None
    answer_edited_at: datetime | None


class Move(msgspec.Struct, frozen=True):
    """A review before and after a change; none: there was or is no review."""

    before: Standing | None
    after: Standing | None


class Delta(msgspec.Struct):
    """What a change adds to counts."""

    reviews: int = 0
    positive: int = 0
    negative: int = 0

    def __bool__(self) -> bool:
        return bool(self.reviews or self.positive or self.negative)


class Deltas(msgspec.Struct, frozen=True):
    """What moves add to the counts of apps, of their days and of their languages; what adds nothing is not there."""

    apps: dict[UUID, Delta]
    days: dict[tuple[UUID, date, str], Delta]
    languages: dict[tuple[UUID, str], Delta]


def deltas_of(moves: Iterable[Move]) -> Deltas:
    """Return what moves add, all together."""
    apps: defaultdict[UUID, Delta] = defaultdict(Delta)
    days: defaultdict[tuple[UUID, date, str], Delta] = defaultdict(Delta)
    languages: defaultdict[tuple[UUID, str], Delta] = defaultdict(Delta)
    for move in moves:
        for standing, sign in ((move.before, -1), (move.after, 1)):
            if standing is None:
                continue
            apps[standing.app_id].reviews += sign * standing.is_shown
            if not standing.counts:
                continue
            for delta in (
                apps[standing.app_id],
                days[standing.app_id, standing.day, standing.language],
                languages[standing.app_id, standing.language],
            ):
                delta.positive += sign * standing.recommended
                delta.negative += sign * (not standing.recommended)
    return Deltas(
        {key: delta for key, delta in apps.items() if delta},
        {key: delta for key, delta in days.items() if delta},
        {key: delta for key, delta in languages.items() if delta},
    )


def with_vote(review: Review, before: Vote | None, after: Vote | None) -> Review:
    """Return a review after somebody who thought one thing of it thinks another."""
    counts: dict[str, int] = {name: getattr(review, name) for name in get_args(Vote)}
    for vote, step in ((before, -1), (after, 1)):
        if vote is not None:
            counts[vote] += step
    return msgspec.structs.replace(
        review, **counts, helpfulness=scores.helpfulness(counts["helpful"], counts["unhelpful"])
    )


def acquired(kind: str) -> Acquired:
    """Return library's word for a kind of licence, `unknown` for one that is newer than this release."""
    return cast("Acquired", kind) if kind in get_args(Acquired) else "unknown"


def claim_of(licences: Iterable[Licence], *, is_free_game: bool) -> Claim:
    """Return how somebody has an app whose licences these are.

    Args:
        licences: All that library told of, those that are over as well.
        is_free_game: The app costs nothing.
    """
    known = list(licences)
    live = [licence for licence in known if licence.revoked_at is None]
    kinds: set[Acquired] = {
        "free_game" if licence.kind == "free" and is_free_game else acquired(licence.kind)
        for licence in live or known
    }
    acquired_as: Acquired = next((kind for kind in _BY_WEIGHT if kind in kinds), "unknown")
    given_back = [
        licence.revoked_at
        for licence in known
        if licence.revoked_at is not None and licence.revoke_reason != _EXPIRED
    ]
    return Claim(acquired_as, max(given_back) if given_back and not live else None)


def text_of(raw: str, *, field: str = "text") -> str:
    """Return a text as others read it: composed, without blanks at its ends and without long gaps.

    Raises:
        InvalidInput: There is nothing to see in it, something in it hides or moves its neighbours, or it is a flood.
    """
    composed = unicodedata.normalize("NFC", raw).replace("\t", " ").replace("\r\n", "\n")
    text = _BLANK_LINES.sub("\n\n", "\n".join(line.rstrip() for line in composed.split("\n"))).strip()
    if not text or not all(is_visible_line(line) for line in text.split("\n") if line):
        raise _refused(field, "text_unreadable")
    if text.count("\n") >= LINES_MAX:
        raise _refused(field, "text_lines", LINES_MAX)
    if len(_LINK.findall(text)) > LINKS_MAX:
        raise _refused(field, "text_links", LINKS_MAX)
    return text


def _refused(field: str, code: str, limit: int | None = None) -> InvalidInput:
    fault = FieldError(field, code, "a rule of texts that others read", limit=str(limit) if limit else None)
    return InvalidInput(f"{field}: {code}", fields=[fault])
