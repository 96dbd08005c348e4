"""The SQL of roles."""

from datetime import datetime
from uuid import UUID

from samovar.kit.database import Database, Transaction
from samovar.services.auth.roles.domain import Held, Wanted
from samovar.services.auth.roles.schemas import RoleGranted

_HELD = """
    SELECT id, account_id, role, organisation_id, level, game_id, expires_at FROM role_grants WHERE revoked_at IS NULL
"""
_SHOWN = """
    SELECT id, account_id, role, organisation_id, level, game_id, reason, granted_by, granted_at, expires_at,
           revoked_by, revoked_at, revoke_reason
    FROM role_grants
"""


async def insert_grant(
    tx: Transaction,
    grant_id: UUID,
    account_id: UUID,
    wanted: Wanted,
    *,
    reason: str,
    by: UUID | None,
    now: datetime,
) -> None:
    """Add a grant. The account's row is held, so nobody else adds the same one."""
    await tx.execute(
        """
        INSERT INTO role_grants
            (id, account_id, role, organisation_id, level, game_id, expires_at, reason, granted_by, granted_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """,
        grant_id,
        account_id,
        wanted.role,
        wanted.organisation_id,
        wanted.level,
        wanted.game_id,
        wanted.expires_at,
        reason,
        by,
        now,
    )


async def move_expiry(
    tx: Transaction, grant_id: UUID, expires_at: datetime | None, *, reason: str, by: UUID | None
) -> None:
    """Let a grant end at another time, or never by itself."""
    await tx.execute(
        "UPDATE role_grants SET expires_at = $2, reason = $3, granted_by = $4 WHERE id = $1",
        grant_id,
        expires_at,
        reason,
        by,
    )


async def end_grants(
    tx: Transaction, grant_ids: list[UUID], *, reason: str, by: UUID | None, now: datetime
) -> None:
    """End grants."""
    await tx.execute(
        """
        UPDATE role_grants SET revoked_at = $2, revoked_by = $3, revoke_reason = $4
        WHERE id = ANY($1) AND revoked_at IS NULL
        """,
        grant_ids,
        now,
        by,
        reason,
    )


async def update_account(
    tx: Transaction,
    account_id: UUID,
    *,
    roles: tuple[str, ...],
    grants: tuple[str, ...],
    tokens_not_before: datetime,
) -> None:
    """Note what the account's next tokens say, and make its older access tokens void."""
    await tx.execute(
        "UPDATE accounts SET roles = $2, grants = $3, tokens_not_before = $4 WHERE id = $1",
        account_id,
        roles,
        grants,
        tokens_not_before,
    )


async def list_held(tx: Transaction, account_id: UUID) -> list[Held]:
    """Return what an account has; its row is held."""
    return await tx.fetch(f"{_HELD} AND account_id = $1 ORDER BY granted_at, id", account_id, into=Held)


async def lock_holders(
    tx: Transaction, role: str, organisation_id: UUID | None, level: str | None
) -> list[Held]:
    """Return who has a role, everywhere or at a level in an organisation; until the end nobody else is told so.

    Two who take it from each other at the same time would otherwise both see the other one left.
    """
    await tx.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"role {role} {organisation_id} {level}"
    )
    return await tx.fetch(
        f"{_HELD} AND role = $1 AND organisation_id IS NOT DISTINCT FROM $2 AND level IS NOT DISTINCT FROM $3 AND game_id IS NULL",
        role,
        organisation_id,
        level,
        into=Held,
    )


async def is_known_organisation(tx: Transaction, organisation_id: UUID) -> bool:
    """Return whether anybody ever had a role in an organisation."""
    return bool(
        await tx.fetch_value(
            "SELECT EXISTS (SELECT FROM role_grants WHERE organisation_id = $1)", organisation_id
        )
    )


async def find_held(database: Database, grant_id: UUID) -> Held | None:
    """Return a grant that has not ended."""
    return await database.fetch_one(f"{_HELD} AND id = $1", grant_id, into=Held)


async def find_shown(tx: Transaction, grant_id: UUID) -> RoleGranted | None:
    """Return a grant as people see it."""
    return await tx.fetch_one(f"{_SHOWN} WHERE id = $1", grant_id, into=RoleGranted)


async def list_shown(
    database: Database,
    *,
    account_id: UUID | None,
    role: str | None,
    organisation_id: UUID | None,
    include_ended: bool,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> list[RoleGranted]:
    """Return grants, the latest first, after the keyset position `before`."""
    granted_at, grant_id = before or (None, None)
    return await database.fetch(
        f"""
        {_SHOWN}
        WHERE ($1::uuid IS NULL OR account_id = $1) AND ($2::text IS NULL OR role = $2)
          AND ($3::uuid IS NULL OR organisation_id = $3) AND ($4 OR revoked_at IS NULL)
          AND ($5::timestamptz IS NULL OR (granted_at, id) < ($5, $6))
        ORDER BY granted_at DESC, id DESC
        LIMIT $7
        """,
        account_id,
        role,
        organisation_id,
        include_ended,
        granted_at,
        grant_id,
        limit,
        into=RoleGranted,
    )


async def list_expired(database: Database, now: datetime, limit: int) -> list[Held]:
    """Return grants whose time is over and that have not ended yet."""
    return await database.fetch(
        f"{_HELD} AND expires_at <= $1 ORDER BY expires_at LIMIT $2", now, limit, into=Held
    )


async def delete_ended_before(tx: Transaction, moment: datetime, limit: int) -> int:
    """Delete up to `limit` grants that ended before `moment`."""
    return await tx.execute(
        "DELETE FROM role_grants WHERE id IN (SELECT id FROM role_grants WHERE revoked_at < $1 LIMIT $2)",
        moment,
        limit,
    )
