"""The SQL of the activity history."""

from datetime import datetime
from uuid import UUID

from samovar.kit.database import Database, Transaction
from samovar.services.account.activity.schemas import Action


async def insert_action(tx: Transaction, account_id: UUID, action: Action) -> None:
    """Add an action to the history of an account."""
    await tx.execute(
        """
        INSERT INTO actions (id, account_id, kind, params, session_id, happened_at) VALUES ($1, $2, $3, $4, $5, $6)
        """,
        action.id,
        account_id,
        action.kind,
        action.params,
        action.session_id,
        action.happened_at,
    )


async def list_actions(
    database: Database, account_id: UUID, *, before: tuple[datetime, UUID] | None, limit: int
) -> list[Action]:
    """Return the actions of an account, newest first, after the keyset position `before`."""
    happened_at, action_id = before or (None, None)
    return await database.fetch(
        """
        SELECT id, kind, params, session_id, happened_at FROM actions
        WHERE account_id = $1 AND ($2::timestamptz IS NULL OR (happened_at, id) < ($2, $3))
        ORDER BY happened_at DESC, id DESC
        LIMIT $4
        """,
        account_id,
        happened_at,
        action_id,
        limit,
        into=Action,
    )


async def delete_actions_before(tx: Transaction, moment: datetime, limit: int) -> int:
    """Delete up to `limit` actions that are older."""
    return await tx.execute(
        "DELETE FROM actions WHERE id = ANY(ARRAY(SELECT id FROM actions WHERE happened_at < $1 LIMIT $2))",
        moment,
        limit,
    )
