"""Reviews of a game: reading them, writing one's own, voting on those of others."""

from datetime import datetime
from typing import Literal

import msgspec

from samovar.client.api.calls import Calls, path
from samovar.client.api.game_pages import Author, Review
from samovar.sdk.errors import Refused

PAGE_SIZE = 12
TEXT_LENGTH_MAX = 8_000
SORTS = ("helpful", "new")
Vote = Literal["helpful", "unhelpful", "funny"]
VOTES: tuple[Vote, ...] = ("helpful", "unhelpful", "funny")
_NOT_FOUND = 404


class Answered(msgspec.Struct, frozen=True):
    """What the developer answered."""

    text: str
    answered_at: datetime


class ReviewItem(Review, frozen=True, kw_only=True):
    """A review with its votes and the developer's answer."""

    unhelpful: int = 0
    funny: int = 0
    edited_at: datetime | None = None
    answer: Answered | None = None


class ReviewItems(msgspec.Struct, frozen=True):
    """A page of them."""

    items: list[ReviewItem] = []
    next_cursor: str | None = None


class OwnReview(msgspec.Struct, frozen=True):
    """What the player has written; `hidden_because` says why a moderator hid it."""

    id: str
    recommended: bool
    text: str
    created_at: datetime
    play_minutes: int | None = None
    received_free: bool = False
    refunded: bool = False
    edited_at: datetime | None = None
    hidden_because: str | None = None

    def shown(self, author: Author) -> Review:
        """Return it as others see it."""
        return Review(
            id=self.id,
            author=author,
            recommended=self.recommended,
            text=self.text,
            created_at=self.created_at,
            play_minutes=self.play_minutes,
            received_free=self.received_free,
            refunded=self.refunded,
        )


class Votes(msgspec.Struct, frozen=True):
    """The counts after a vote; `value` is the player's own."""

    helpful: int
    unhelpful: int
    funny: int
    value: str | None = None


class ReviewBook:
    """The reviews of one game."""

    def __init__(self, calls: Calls, game: str) -> None:
        self._calls = calls
        self._at = path("/v1/games/{game}/reviews", game=game)

    async def reviews(self, *, sort: str, recommended: bool | None, cursor: str | None = None) -> ReviewItems:
        """Return what players say.

        Args:
            sort: `helpful` or `new`.
            recommended: Only those who recommend it, or only those who do not.
            cursor: Of the page before.
        """
        asked = {"sort": sort, "limit": str(PAGE_SIZE)}
        if recommended is not None:
            asked["recommended"] = "true" if recommended else "false"
        if cursor:
            asked["cursor"] = cursor
        return await self._calls.get(ReviewItems, self._at, asked)

    async def mine(self) -> OwnReview | None:
        """Return what the player has written; none where they have not."""
        try:
            return await self._calls.get(OwnReview, f"{self._at}/mine")
        except Refused as error:
            if error.status == _NOT_FOUND:
                return None
            raise

    async def write(self, *, recommended: bool, text: str, language: str) -> OwnReview:
        """Say what one thinks."""
        body = {"recommended": recommended, "text": text, "language": language}
        return (await self._calls.send("POST", self._at, body)).read(OwnReview)

    async def change(self, review_id: str, *, recommended: bool, text: str) -> OwnReview:
        """Say it otherwise."""
        body = {"recommended": recommended, "text": text}
        at = path("/v1/reviews/{id}", id=review_id)
        return (await self._calls.send("PATCH", at, body)).read(OwnReview)

    async def delete(self, review_id: str) -> None:
        """Take it back."""
        await self._calls.send("DELETE", path("/v1/reviews/{id}", id=review_id))

    async def vote(self, review_id: str, value: Vote, *, key: str) -> Votes:
        """Say what one thinks of a review; the last word counts."""
        at = path("/v1/reviews/{id}/votes", id=review_id)
        return (await self._calls.send("POST", at, {"value": value}, key=key)).read(Votes)

    async def take_vote_back(self, review_id: str) -> None:
        """Think nothing of it any more."""
        await self._calls.send("DELETE", path("/v1/reviews/{id}/votes", id=review_id))
