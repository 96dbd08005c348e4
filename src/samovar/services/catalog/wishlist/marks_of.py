"""What a person has to do with apps and creators, for lists and search of the signed-in: one query.

marks = await marks_of.of(database, caller.account_id)
"""

from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.catalog.wishlist import repository


class ViewerMarks(msgspec.Struct, frozen=True):
    """Ids of apps; `followed` are ids of creators."""

    owned: frozenset[UUID] = frozenset()
    wishlisted: frozenset[UUID] = frozenset()
    ignored: frozenset[UUID] = frozenset()
    followed: frozenset[UUID] = frozenset()


NOBODY = ViewerMarks()


async def of(database: Database | Transaction, account_id: UUID) -> ViewerMarks:
    """Return all that somebody owns, wants, ignores and follows."""
    found = await repository.find_marks(database, account_id)
    return ViewerMarks(
        frozenset(found.owned),
        frozenset(found.wishlisted),
        frozenset(found.ignored),
        frozenset(found.followed),
    )
