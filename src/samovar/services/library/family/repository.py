"""The SQL of families."""

from datetime import datetime
from uuid import UUID

from samovar.kit.database import Transaction


async def put_member(
    tx: Transaction, family_id: UUID, account_id: UUID, *, version: int, is_member: bool
) -> None:
    """Keep whether an account belongs to a family; what was told before changes nothing."""
    await tx.execute(
        """
        INSERT INTO family_members (family_id, account_id, family_version, is_member) VALUES ($1, $2, $3, $4)
        ON CONFLICT (family_id, account_id) DO UPDATE SET family_version = excluded.family_version, is_member = excluded.is_member
        WHERE family_members.family_version < excluded.family_version
        """,
        family_id,
        account_id,
        version,
        is_member,
    )


async def lock_family(tx: Transaction, account_id: UUID) -> None:
    """Let what one family borrows be decided one after the other."""
    await tx.execute(
        """
        SELECT pg_advisory_xact_lock(hashtextextended('family ' || family_id, 0))
        FROM family_members WHERE account_id = $1 AND is_member
        """,
        account_id,
    )


async def count_lent(tx: Transaction, account_id: UUID, app_id: UUID, now: datetime) -> int:
    """Return how many others of the account's family own an app in a way that they can lend."""
    count = await tx.fetch_value(
        """
        SELECT count(DISTINCT la.account_id)
        FROM family_members mine
        JOIN family_members m ON m.family_id = mine.family_id AND m.is_member AND m.account_id <> mine.account_id
        JOIN licence_apps la ON la.account_id = m.account_id AND la.app_id = $2
            AND la.kind IN ('purchase', 'gift', 'key', 'grant') AND (la.expires_at IS NULL OR la.expires_at > $3)
        WHERE mine.account_id = $1 AND mine.is_member
        """,
        account_id,
        app_id,
        now,
    )
    return int(count)


async def count_playing(
    tx: Transaction,
    account_id: UUID,
    app_id: UUID,
    *,
    heard_since: datetime,
    begun_before: datetime,
    now: datetime,
) -> int:
    """Return how many others of the family come before the account: owners who play, and borrowers who began before."""
    count = await tx.fetch_value(
        """
        SELECT count(DISTINCT s.account_id)
        FROM family_members mine
        JOIN family_members m ON m.family_id = mine.family_id AND m.is_member AND m.account_id <> mine.account_id
        JOIN play_sessions s ON s.account_id = m.account_id AND s.app_id = $2 AND s.ended_at IS NULL AND s.last_beat_at >= $3
        WHERE mine.account_id = $1 AND mine.is_member AND (
            s.started_at < $4
            OR EXISTS (
                SELECT FROM licence_apps la
                WHERE la.account_id = s.account_id AND la.app_id = $2 AND (la.expires_at IS NULL OR la.expires_at > $5)
            )
        )
        """,
        account_id,
        app_id,
        heard_since,
        begun_before,
        now,
    )
    return int(count)
