"""What one can do with a vote."""

from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.identity import Caller
from samovar.services.catalog.apps import sight
from samovar.services.catalog.reviews import repository as reviews
from samovar.services.catalog.reviews.domain import Vote, with_vote
from samovar.services.catalog.reviews.errors import OwnReview, ReviewNotFound
from samovar.services.catalog.reviews.schemas import VoteState
from samovar.services.catalog.reviews.votes import repository
from samovar.services.catalog.viewers.audience import Audience


class Votes:
    """One vote an account and review; it may be changed and taken back."""

    def __init__(self, database: Database, *, audience: Audience, clock: Clock) -> None:
        self._database = database
        self._audience = audience
        self._clock = clock

    async def put(self, caller: Caller, review_id: UUID, value: Vote | None) -> VoteState:
        """Vote, vote otherwise, or with none vote no more.

        Raises:
            ReviewNotFound: There is no such review, or it is hidden.
            AppNotFound: The app is not shown to the caller.
            AgeRestricted: It is above the caller's age level.
            OwnReview: It is the caller's.
        """
        found = await reviews.find_review(self._database, review_id)
        if found is None:
            raise ReviewNotFound(f"{review_id}")
        await sight.of(self._database, found.app_id, await self._audience.of(caller))
        async with self._database.transaction() as tx:
            # Whoever votes holds the review: two votes of one account cannot both be its first.
            review = await reviews.lock_review(tx, review_id)
            if review is None or review.hidden_at is not None:
                raise ReviewNotFound(f"{review_id}")
            if review.account_id == caller.account_id:
                raise OwnReview(f"{review_id}")
            before = await repository.find_vote(tx, review_id, caller.account_id)
            if value != before:
                review = with_vote(review, before, value)
                await repository.put_vote(tx, review_id, caller.account_id, value, self._clock.now())
                await reviews.update_votes(tx, [review])
        return VoteState(value=value, helpful=review.helpful, unhelpful=review.unhelpful, funny=review.funny)
