"""The SQL of creators as their organisations keep them: each with the history of its name."""

from datetime import datetime
from uuid import UUID

from samovar.kit.database import Database, Transaction
from samovar.services.catalog.apps.vocabulary.owning.schemas import OwnCreator

_CREATORS = "SELECT id, slug, name, website, organisation_id, version FROM creators"


async def count_creators(tx: Transaction, organisation_id: UUID) -> int:
    """Return how many creators an organisation has; no other transaction that asks adds one meanwhile."""
    await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"creators:{organisation_id}")
    count: int = await tx.fetch_value(
        "SELECT count(*) FROM creators WHERE organisation_id = $1", organisation_id
    )
    return count


async def list_of(
    database: Database, organisation_id: UUID, after_id: UUID | None, limit: int
) -> list[OwnCreator]:
    """Return the creators of an organisation, the newest first."""
    return await database.fetch(
        f"{_CREATORS} WHERE organisation_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3",
        organisation_id,
        after_id,
        limit,
        into=OwnCreator,
    )


async def lock_creator(tx: Transaction, creator_id: UUID) -> OwnCreator | None:
    """Return a creator, and let nobody else change it until the end of the transaction."""
    return await tx.fetch_one(f"{_CREATORS} WHERE id = $1 FOR NO KEY UPDATE", creator_id, into=OwnCreator)


async def add_creator(tx: Transaction, creator: OwnCreator, now: datetime) -> bool:
    """Write a new creator; false: another one has its slug."""
    added = await tx.execute(
        """
        INSERT INTO creators (id, slug, name, website, organisation_id, version, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (slug) DO NOTHING
        """,
        creator.id,
        creator.slug,
        creator.name,
        creator.website,
        creator.organisation_id,
        creator.version,
        now,
    )
    return added == 1


async def change_creator(tx: Transaction, creator: OwnCreator) -> None:
    """Write what a creator is called from now on."""
    await tx.execute(
        "UPDATE creators SET name = $2, website = $3, version = $4 WHERE id = $1",
        creator.id,
        creator.name,
        creator.website,
        creator.version,
    )


async def note_version(tx: Transaction, creator: OwnCreator, account_id: UUID, now: datetime) -> None:
    """Keep what a creator was called, since when, and by whom."""
    await tx.execute(
        """
        INSERT INTO creator_versions (creator_id, version, name, website, account_id, changed_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        """,
        creator.id,
        creator.version,
        creator.name,
        creator.website,
        account_id,
        now,
    )


async def apps_credited(tx: Transaction, creator_id: UUID) -> list[UUID]:
    """Return the apps whose pages name a creator."""
    found: list[UUID] | None = await tx.fetch_value(
        "SELECT array_agg(DISTINCT app_id) FROM app_creators WHERE creator_id = $1", creator_id
    )
    return found or []
