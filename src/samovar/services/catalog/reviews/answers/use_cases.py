"""What a developer can do with a review of their game."""

from uuid import UUID

import msgspec

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.identity import Caller
from samovar.services.catalog.repository import find_owner
from samovar.services.catalog.reviews import domain
from samovar.services.catalog.reviews import repository as reviews
from samovar.services.catalog.reviews.answers import repository
from samovar.services.catalog.reviews.domain import Change, Review
from samovar.services.catalog.reviews.errors import NotYourGame, ReviewNotFound
from samovar.services.catalog.reviews.schemas import Answer, answer_of
from samovar.services.catalog.rights import Rights

ANSWER = "catalog.review.answer"


class Answers:
    """The organisation speaks: one answer a review, whoever of it writes.

    Args:
        rights: Decide who may answer: an editor or an owner of the game's organisation, or staff.
    """

    def __init__(self, database: Database, *, rights: Rights, clock: Clock) -> None:
        self._database = database
        self._rights = rights
        self._clock = clock

    async def put(self, caller: Caller, review_id: UUID, text: str) -> Answer:
        """Answer a review, or answer it otherwise.

        Raises:
            InvalidInput: The text breaks a rule.
            ReviewNotFound: There is no such review, or it is hidden.
            NotYourGame: The caller does not speak for the developer.
        """
        readable = domain.text_of(text)
        async with self._database.transaction() as tx:
            review = await self._lock(tx, caller, review_id)
            if await repository.put_answer(
                tx, review_id, actor_id=caller.account_id, text=readable, now=self._clock.now()
            ):
                await self._tell(tx, review, "answered")
            listed = await reviews.find_review(tx, review_id)
        answer = answer_of(listed) if listed else None
        if answer is None:
            raise ReviewNotFound(f"{review_id}")
        return answer

    async def delete(self, caller: Caller, review_id: UUID) -> None:
        """Take an answer back, if there is one.

        Raises:
            ReviewNotFound: There is no such review, or it is hidden.
            NotYourGame: The caller does not speak for the developer.
        """
        async with self._database.transaction() as tx:
            review = await self._lock(tx, caller, review_id)
            if await repository.delete_answer(tx, review_id):
                await self._tell(tx, review, "answer_removed")

    async def _lock(self, tx: Transaction, caller: Caller, review_id: UUID) -> Review:
        review = await reviews.lock_review(tx, review_id)
        if review is None or review.hidden_at is not None:
            raise ReviewNotFound(f"{review_id}")
        owner = await find_owner(tx, review.app_id)
        if owner is None or not self._rights.allow(
            caller,
            "editor",
            organisation_id=owner.organisation_id,
            app_id=review.app_id,
            base_app_id=owner.base_app_id,
        ):
            raise NotYourGame(f"{caller.account_id} to {review_id}")
        return review

    async def _tell(self, tx: Transaction, review: Review, change: Change) -> None:
        after = msgspec.structs.replace(review, version=review.version + 1)
        await reviews.update_reviews(tx, [after])
        await tx.publish(after.changed(change, self._clock.now()))
