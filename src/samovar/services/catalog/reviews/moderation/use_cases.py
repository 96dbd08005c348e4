"""What moderators can do with a review."""

from uuid import UUID

import msgspec

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.identity import Caller
from samovar.kit.ids import IdSource
from samovar.services.catalog.reviews import domain, repository
from samovar.services.catalog.reviews.adapters import Authors
from samovar.services.catalog.reviews.counting import tally
from samovar.services.catalog.reviews.domain import Decided, Move
from samovar.services.catalog.reviews.errors import ReviewNotFound
from samovar.services.catalog.reviews.repository import DecisionRow
from samovar.services.catalog.reviews.schemas import Decision, ModeratedReview, ReviewItem

DECISIONS_SHOWN_MAX = 50


class ReviewModeration:
    """Taking reviews out of sight and putting them back; every decision is kept with its reason."""

    def __init__(self, database: Database, *, authors: Authors, clock: Clock, new_id: IdSource) -> None:
        self._database = database
        self._authors = authors
        self._clock = clock
        self._new_id = new_id

    async def show(self, review_id: UUID) -> ModeratedReview:
        """Return a review, also a hidden one, and what was decided of it.

        Raises:
            ReviewNotFound: There is no such review.
        """
        review = await repository.find_review(self._database, review_id)
        if review is None:
            raise ReviewNotFound(f"{review_id}")
        authors = await self._authors.of([review.account_id])
        decisions = await repository.list_decisions(self._database, review_id, DECISIONS_SHOWN_MAX)
        return ModeratedReview(
            review=ReviewItem.of(review, authors[review.account_id]),
            hidden=review.hidden_at is not None,
            decisions=[
                Decision(
                    decision=row.decision,
                    reason=row.reason,
                    actor_id=row.actor_id,
                    decided_at=row.decided_at,
                )
                for row in decisions
            ],
        )

    async def decide(
        self, caller: Caller, review_id: UUID, decision: Decided, reason: str
    ) -> ModeratedReview:
        """Hide a review or restore it; decided again the same way, nothing changes.

        Raises:
            InvalidInput: Nobody could read the reason.
            ReviewNotFound: There is no such review.
        """
        readable = domain.text_of(reason, field="reason")
        async with self._database.transaction() as tx:
            before = await repository.lock_review(tx, review_id)
            if before is None:
                raise ReviewNotFound(f"{review_id}")
            if (before.hidden_at is not None) != (decision == "hidden"):
                now = self._clock.now()
                after = msgspec.structs.replace(
                    before, hidden_at=now if decision == "hidden" else None, version=before.version + 1
                )
                await repository.update_reviews(tx, [after])
                row = DecisionRow(
                    id=self._new_id(),
                    actor_id=caller.account_id,
                    decision=decision,
                    reason=readable,
                    decided_at=now,
                )
                await repository.insert_decision(tx, review_id, row)
                await tally.apply(tx, [Move(before.standing(), after.standing())], now)
                await tx.publish(after.changed(decision, now))
        return await self.show(review_id)
