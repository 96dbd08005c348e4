"""What an API key is narrowed to, for other rooms, in the caller's transaction."""

from uuid import UUID

from samovar.kit.database import Transaction
from samovar.services.auth.api_keys import repository


async def organisation_of(tx: Transaction, session_id: UUID) -> UUID | None:
    """Return the organisation in which a key holds alone; none when it holds in all, or is no key."""
    return await repository.find_organisation(tx, session_id)
