"""What people are to one another, as privacy asks for it; the room of friends answers."""

from collections.abc import Mapping, Sequence
from typing import Protocol
from uuid import UUID

from samovar.kit.database import Database, Transaction
from samovar.services.account.privacy.domain import Tie


class Relations(Protocol):
    """Answers from the graph of friends and blocks."""

    async def between(
        self, database: Database | Transaction, viewer: UUID, others: Sequence[UUID]
    ) -> Mapping[UUID, Tie]:
        """Return what the viewer is to each of the others; a stranger may be left out."""
        ...

    async def friends_of(self, database: Database | Transaction, account_id: UUID) -> Sequence[UUID]:
        """Return the friends of an account."""
        ...
