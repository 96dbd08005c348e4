"""What privacy and search ask of the graph."""

from collections.abc import Sequence
from uuid import UUID

from samovar.kit.database import Database, Transaction
from samovar.services.account.friends import repository
from samovar.services.account.privacy.domain import Tie

# As many friends as an operator may allow.
FRIENDS_MAX = 10_000


class FriendTies:
    """`privacy.relations.Relations`, answered from the graph of friends and blocks."""

    async def between(
        self, database: Database | Transaction, viewer: UUID, others: Sequence[UUID]
    ) -> dict[UUID, Tie]:
        """Return what the viewer is to each of the others."""
        seen = await repository.relations_of(database, viewer, others)
        return {
            other: Tie(is_friend=one.friends_since is not None, is_blocked=one.blocking or one.blocked_by)
            for other, one in seen.items()
        }

    async def friends_of(self, database: Database | Transaction, account_id: UUID) -> list[UUID]:
        """Return the friends of an account."""
        return [one.account_id for one in await repository.list_ties(database, account_id, None, FRIENDS_MAX)]


async def are_friends(tx: Transaction, one: UUID, other: UUID) -> bool:
    """Return whether two accounts are friends, for other rooms."""
    return (await repository.relations_of(tx, one, [other]))[other].friends_since is not None
