"""What every room may ask of organisations, in SQL."""

from uuid import UUID

from samovar.kit.database import Database, Transaction


async def is_confirmed(reader: Database | Transaction, organisation_id: UUID) -> bool:
    """Return whether somebody has confirmed what an organisation is in law."""
    return bool(
        await reader.fetch_value(
            "SELECT EXISTS (SELECT FROM legal_claims WHERE organisation_id = $1 AND state = 'confirmed')",
            organisation_id,
        )
    )


async def name_of(reader: Database | Transaction, organisation_id: UUID) -> str | None:
    """Return what an organisation is called."""
    name: str | None = await reader.fetch_value(
        "SELECT name FROM organisations WHERE id = $1", organisation_id
    )
    return name
