"""Suggesting people."""

from uuid import UUID

import msgspec

from samovar.kit.database import Database
from samovar.kit.pagination import Page
from samovar.services.account.friends.suggestions import repository
from samovar.services.account.friends.suggestions.schemas import SUGGESTED_MAX, Suggestion
from samovar.services.account.privacy.sights import Sights
from samovar.services.account.profiles.cards import cards_of

# Each of them has at most a thousand friends: so much is read for one answer and no more.
FRIENDS_ASKED_MAX = 100


class Suggestions:
    """Whom somebody may know."""

    def __init__(self, database: Database, *, sights: Sights) -> None:
        self._database = database
        self._sights = sights

    async def list_for(self, account_id: UUID, *, limit: int) -> Page[Suggestion]:
        """Return friends of one's friends, most friends in common first.

        Only friends who show theirs to the caller lead to others, and only people whom the caller may see are shown.
        """
        friends = await repository.list_latest_friends(self._database, account_id, FRIENDS_ASKED_MAX)
        shown = await self._sights.of(self._database, account_id, friends)
        through = [friend for friend in friends if "friends" in shown[friend].sections]
        # More than are wanted, since the caller may not see all of them.
        candidates = await repository.list_candidates(self._database, account_id, through, 2 * SUGGESTED_MAX)
        ids = [one.account_id for one in candidates]
        sights = await self._sights.of(self._database, account_id, ids)
        cards = await cards_of(self._database, ids)
        suggestions = [
            Suggestion(**msgspec.structs.asdict(card), mutual_friends=one.mutual_friends)
            for one in candidates
            if (card := cards.get(one.account_id)) and sights[one.account_id].is_known
        ]
        return Page(suggestions[:limit], None)
