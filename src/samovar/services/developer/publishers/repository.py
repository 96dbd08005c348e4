"""The SQL of publishers."""

from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.developer.publishers.schemas import Publisher

_COLUMNS = """
    id, app_id, organisation_id, account_id, issuer, repository, workflow, ref, environment, scope, repository_id, created_at, last_used_at
"""


async def lock_app(tx: Transaction, app_id: UUID) -> int:
    """Return how many publishers an app has; until the end nobody else adds one."""
    await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"publishers {app_id}")
    return int(await tx.fetch_value("SELECT count(*) FROM publishers WHERE app_id = $1", app_id))


async def insert(tx: Transaction, publisher: Publisher) -> None:
    """Add a publisher."""
    await tx.execute(
        f"INSERT INTO publishers ({_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",  # noqa: S608  a constant
        *msgspec.structs.astuple(publisher),
    )


async def list_of_app(database: Database, app_id: UUID, organisation_id: UUID, limit: int) -> list[Publisher]:
    """Return the publishers that an organisation has for an app, the oldest first."""
    return await database.fetch(
        f"""
        SELECT {_COLUMNS} FROM publishers WHERE app_id = $1 AND organisation_id = $2 ORDER BY created_at, id LIMIT $3
        """,  # noqa: S608  as above
        app_id,
        organisation_id,
        limit,
        into=Publisher,
    )


async def delete(tx: Transaction, app_id: UUID, organisation_id: UUID, publisher_id: UUID) -> int:
    """Delete a publisher."""
    return await tx.execute(
        "DELETE FROM publishers WHERE app_id = $1 AND organisation_id = $2 AND id = $3",
        app_id,
        organisation_id,
        publisher_id,
    )


async def note_use(tx: Transaction, publisher_id: UUID, repository_id: str, now: datetime) -> bool:
    """Note that a publisher was used, and for ever by which repository; return whether that is the one."""
    changed = await tx.execute(
        """
        UPDATE publishers SET repository_id = $2, last_used_at = $3
        WHERE id = $1 AND (repository_id IS NULL OR repository_id = $2)
        """,
        publisher_id,
        repository_id,
        now,
    )
    return bool(changed)


async def use_token(tx: Transaction, issuer: str, token_id: str, expires_at: datetime) -> bool:
    """Note that a token is used; return whether it was not before."""
    changed = await tx.execute(
        "INSERT INTO pipeline_tokens VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        issuer,
        token_id,
        expires_at,
    )
    return bool(changed)


async def free_token(tx: Transaction, issuer: str, token_id: str) -> None:
    """Let a token be used again that came to nothing."""
    await tx.execute("DELETE FROM pipeline_tokens WHERE issuer = $1 AND token_id = $2", issuer, token_id)


async def delete_old_tokens(tx: Transaction, before: datetime) -> int:
    """Forget tokens that would be refused anyway."""
    return await tx.execute("DELETE FROM pipeline_tokens WHERE expires_at < $1", before)
