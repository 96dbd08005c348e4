"""Forgetting a person: their reviews and votes go, and the counts with them (ADR 0081)."""

from uuid import UUID

import msgspec

from samovar.kit.clock import Clock
from samovar.kit.database import Transaction
from samovar.services.catalog.ownership import owned
from samovar.services.catalog.reviews import repository
from samovar.services.catalog.reviews.counting import tally
from samovar.services.catalog.reviews.domain import Move, with_vote


async def forget(tx: Transaction, account_id: UUID, clock: Clock) -> None:
    """Take a person's reviews and votes out of all counts and delete them. Doing it twice is as good as once."""
    now = clock.now()
    await owned.hold(tx, account_id)
    touched = await repository.lock_reviews_touched(tx, account_id)
    voted = [with_vote(review, review.vote, None) for review in touched if review.vote is not None]
    if voted:
        await repository.update_votes(tx, voted)
        await repository.delete_votes_of(tx, account_id)
    own = [review for review in touched if review.account_id == account_id]
    if own:
        await repository.delete_reviews(tx, [review.id for review in own])
        await tally.apply(tx, [Move(review.standing(), None) for review in own], now)
    for review in own:
        gone = msgspec.structs.replace(review, version=review.version + 1)
        await tx.publish(gone.changed("deleted", now))
