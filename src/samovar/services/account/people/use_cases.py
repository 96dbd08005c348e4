"""What one can do with people."""

from uuid import UUID

from samovar.kit.database import Database
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.pagination import Page
from samovar.services.account.people import domain, repository
from samovar.services.account.people.domain import QUERY_LENGTH_MIN
from samovar.services.account.people.schemas import FOUND_MAX, FoundPerson
from samovar.services.account.privacy.relations import Relations
from samovar.services.account.privacy.sights import Sights
from samovar.services.account.profiles.domain import avatar_url


class People:
    """Finds people."""

    def __init__(self, database: Database, *, relations: Relations, sights: Sights) -> None:
        self._database = database
        self._relations = relations
        self._sights = sights

    async def find(self, viewer: UUID, query: str, *, limit: int) -> Page[FoundPerson]:
        """Return the people that a query may mean: friends first, then by how well their names match.

        Nobody is found who is hidden from the viewer or does not want to be found, and nobody by a mail address or a phone
        number: neither is known to the search.

        Raises:
            InvalidInput: Too little was typed.
        """
        names = domain.names_of(query)
        if names is None:
            fault = FieldError("query", "query_short", "too little", limit=str(QUERY_LENGTH_MIN))
            raise InvalidInput(fields=[fault])
        friends = set(await self._relations.friends_of(self._database, viewer))
        # More than are wanted, since the viewer may not see all of them.
        candidates = await repository.list_candidates(
            self._database, names, friends=list(friends), limit=2 * FOUND_MAX
        )
        sights = await self._sights.of(self._database, viewer, [one.id for one in candidates])
        seen = [one for one in candidates if one.id != viewer and sights[one.id].is_known]
        seen.sort(key=lambda one: one.id not in friends)
        found = [
            FoundPerson(
                account_id=one.id,
                display_name=one.display_name,
                name=one.name,
                avatar_url=avatar_url(one.id, one.avatar),
                is_friend=one.id in friends,
            )
            for one in seen[:limit]
        ]
        return Page(found, None)
