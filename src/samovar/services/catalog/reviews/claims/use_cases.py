"""What library's word on licences makes of reviews."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

import msgspec

from samovar.kit.clock import Clock
from samovar.kit.database import Transaction
from samovar.services.catalog.ownership import owned
from samovar.services.catalog.ownership.domain import Licence
from samovar.services.catalog.reviews import domain, repository
from samovar.services.catalog.reviews.claims import free_games
from samovar.services.catalog.reviews.counting import tally
from samovar.services.catalog.reviews.domain import Move


class Claims:
    """Looks again at the reviews that hang on what library has told.

    All licences of an account to an app decide together: one that is given back takes nothing from a review while another one
    is left, and the order in which their events come changes nothing in the end.

    Args:
        country: Where a game must cost nothing to count as a free one.
    """

    def __init__(self, *, country: str, clock: Clock) -> None:
        self._country = country
        self._clock = clock

    async def look_again(self, tx: Transaction, account_id: UUID, app_ids: Sequence[UUID]) -> None:
        """Let the reviews of these apps count, or count no more, as their author has them now."""
        reviews = await repository.lock_reviews_of(tx, account_id, app_ids)
        if not reviews:
            return
        licences: defaultdict[UUID, list[Licence]] = defaultdict(list)
        for licence in await owned.licences_of(tx, account_id, [review.app_id for review in reviews]):
            licences[licence.app_id].append(licence)
        now = self._clock.now()
        free = await free_games.among(tx, list(licences), country=self._country, at=now)
        changed = []
        for before in reviews:
            # What cost nothing when it was reviewed was no gift, whatever it costs today.
            is_free = before.app_id in free or before.acquired_as == "free_game"
            claim = domain.claim_of(licences[before.app_id], is_free_game=is_free)
            if (claim.acquired_as, claim.refunded_at) != (before.acquired_as, before.refunded_at):
                after = msgspec.structs.replace(
                    before,
                    acquired_as=claim.acquired_as,
                    refunded_at=claim.refunded_at,
                    version=before.version + 1,
                )
                changed.append((before, after))
        if not changed:
            return
        await repository.update_reviews(tx, [after for _, after in changed])
        await tally.apply(tx, [Move(before.standing(), after.standing()) for before, after in changed], now)
        for _, after in changed:
            await tx.publish(after.changed("licence_changed", now))
