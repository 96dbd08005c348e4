"""Which keys count, for other rooms."""

from uuid import UUID

from samovar.kit.database import Database, Transaction
from samovar.services.download.keys import repository

KEYS_MAX = 20


async def trusted(reader: Database | Transaction, organisation_id: UUID) -> list[bytes]:
    """Return the public keys whose signatures count for an organisation, raw."""
    return await repository.public_keys(reader, organisation_id, KEYS_MAX)
