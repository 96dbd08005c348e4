"""The SQL of organisations."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from samovar.kit.database import Database, Transaction
from samovar.services.developer.organisations.schemas import (
    Organisation,
    OrganisationKey,
    OrganisationVersion,
    Standing,
    VersionKey,
)

Reader = Database | Transaction

_ORGANISATIONS = """
    SELECT o.id, o.version, o.name, o.website, o.created_at, o.changed_at, coalesce((
        SELECT c.state FROM legal_claims c WHERE c.organisation_id = o.id AND c.state IN ('confirmed', 'checking')
        ORDER BY c.state DESC LIMIT 1
    ), 'unconfirmed') AS standing
    FROM organisations o
"""


async def lock_founder(tx: Transaction, account_id: UUID) -> int:
    """Let one account found one organisation at a time; return how many it has founded."""
    await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended('found ' || $1, 0))", str(account_id))
    return int(await tx.fetch_value("SELECT count(*) FROM organisations WHERE founder_id = $1", account_id))


async def insert(
    tx: Transaction, organisation_id: UUID, *, name: str, website: str | None, founder_id: UUID, now: datetime
) -> None:
    """Keep a new organisation; nobody sees it before `found`."""
    await tx.execute(
        """
        INSERT INTO organisations (id, name, website, founder_id, created_at, changed_at)
        VALUES ($1, $2, $3, $4, $5, $5)
        """,
        organisation_id,
        name,
        website,
        founder_id,
        now,
    )


async def found(tx: Transaction, organisation_id: UUID, now: datetime) -> Organisation | None:
    """Note that an organisation has its first owner; return it if that was not known."""
    changed = await tx.execute(
        "UPDATE organisations SET founded_at = $2 WHERE id = $1 AND founded_at IS NULL", organisation_id, now
    )
    return await find(tx, organisation_id) if changed else None


async def add_version(tx: Transaction, organisation_id: UUID, actor_id: UUID) -> None:
    """Keep what an organisation is now in its history."""
    await tx.execute(
        """
        INSERT INTO organisation_versions (organisation_id, version, name, website, actor_id, changed_at)
        SELECT id, version, name, website, $2, changed_at FROM organisations WHERE id = $1
        """,
        organisation_id,
        actor_id,
    )


async def find(reader: Reader, organisation_id: UUID) -> Organisation | None:
    """Return an organisation."""
    return await reader.fetch_one(f"{_ORGANISATIONS} WHERE o.id = $1", organisation_id, into=Organisation)


async def find_many(reader: Reader, organisation_ids: Collection[UUID]) -> list[Organisation]:
    """Return those of the organisations that there are, by name."""
    return await reader.fetch(
        f"{_ORGANISATIONS} WHERE o.id = ANY($1) ORDER BY lower(o.name), o.id",
        list(organisation_ids),
        into=Organisation,
    )


async def find_unfounded(reader: Reader, organisation_ids: Collection[UUID]) -> list[UUID]:
    """Return those of the organisations whose first owner is not known of yet."""
    ids = await reader.fetch_value(
        "SELECT coalesce(array_agg(id), '{}') FROM organisations WHERE id = ANY($1) AND founded_at IS NULL",
        list(organisation_ids),
    )
    return list(ids)


async def lock(tx: Transaction, organisation_id: UUID) -> Organisation | None:
    """Return an organisation that nobody else changes until the end of the transaction."""
    await tx.execute("SELECT FROM organisations WHERE id = $1 FOR NO KEY UPDATE", organisation_id)
    return await find(tx, organisation_id)


async def change(
    tx: Transaction, organisation_id: UUID, *, name: str, website: str | None, now: datetime
) -> None:
    """Write what an organisation is called."""
    await tx.execute(
        "UPDATE organisations SET name = $2, website = $3, changed_at = $4, version = version + 1 WHERE id = $1",
        organisation_id,
        name,
        website,
        now,
    )


async def list_versions(
    reader: Reader, organisation_id: UUID, after: VersionKey | None, limit: int
) -> list[OrganisationVersion]:
    """Return what an organisation was, the newest first."""
    return await reader.fetch(
        """
        SELECT version, name, website, actor_id, changed_at FROM organisation_versions
        WHERE organisation_id = $1 AND ($2::bigint IS NULL OR version < $2)
        ORDER BY version DESC LIMIT $3
        """,
        organisation_id,
        after.version if after else None,
        limit,
        into=OrganisationVersion,
    )


async def list_all(
    reader: Reader, *, standing: Standing | None, after: OrganisationKey | None, limit: int
) -> list[Organisation]:
    """Return organisations, the newest first."""
    return await reader.fetch(
        f"""
        SELECT * FROM ({_ORGANISATIONS} WHERE o.founded_at IS NOT NULL) AS shown
        WHERE ($1::text IS NULL OR standing = $1)
            AND ($2::timestamptz IS NULL OR (created_at, id) < ($2, $3::uuid))
        ORDER BY created_at DESC, id DESC LIMIT $4
        """,  # noqa: S608  constants
        standing,
        after.created_at if after else None,
        after.id if after else None,
        limit,
        into=Organisation,
    )


async def delete_unfounded(tx: Transaction, before: datetime) -> int:
    """Forget organisations that never had an owner."""
    return await tx.execute("DELETE FROM organisations WHERE founded_at IS NULL AND created_at < $1", before)
