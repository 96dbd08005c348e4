"""Which keys count, for other rooms."""

from uuid import UUID

from samovar.kit.database import Database, Transaction
from samovar.services.download.keys import repository

KEYS_MAX = 20
# As many as a client pins.
VERIFYING_MAX = 64


async def trusted(reader: Database | Transaction, organisation_id: UUID) -> list[bytes]:
    """Return the public keys whose signatures count for an organisation, raw."""
    return await repository.public_keys(reader, organisation_id, KEYS_MAX)


async def verifying(reader: Database | Transaction, organisation_id: UUID, build_id: UUID) -> list[bytes]:
    """Return the public keys with which a build is verified: those that count, and those that did when it was completed.

    A key that was lost and revoked signs nothing new; what it has signed before stays what players may install.
    """
    return await repository.public_keys(reader, organisation_id, VERIFYING_MAX, build_id=build_id)


async def introductions(reader: Database | Transaction, organisation_id: UUID) -> list[bytes]:
    """Return the words of an organisation's keys for one another, as they were signed: clients believe a key that one they know introduces."""
    return await repository.introductions(reader, organisation_id, VERIFYING_MAX)
