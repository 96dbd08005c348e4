"""What account tells of families."""

from uuid import UUID

from samovar.kit.database import Transaction
from samovar.services.library.family import repository


class FamilyMembers:
    """A copy of who belongs to which family."""

    async def put(
        self, tx: Transaction, family_id: UUID, account_id: UUID, *, version: int, is_member: bool
    ) -> None:
        """Keep whether an account belongs to a family; what is heard late or again changes nothing."""
        await repository.put_member(tx, family_id, account_id, version=version, is_member=is_member)
