"""What one can do with the activity history."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.pagination import Page, decode_cursor, page_of
from samovar.services.account.activity import repository
from samovar.services.account.activity.schemas import Action

DELETED_AT_ONCE_MAX = 5_000
BATCHES_MAX = 200


class ActionPosition(msgspec.Struct, frozen=True):
    """Where a page of actions ended."""

    happened_at: datetime
    id: UUID


class Activity:
    """The activity history, for reading."""

    def __init__(self, database: Database, *, clock: Clock, kept_days: int) -> None:
        self._database = database
        self._clock = clock
        self._kept = timedelta(days=kept_days)

    async def page(self, account_id: UUID, *, limit: int, cursor: str | None) -> Page[Action]:
        """Return a page of the account's history, newest first."""
        position = decode_cursor(cursor, ActionPosition)
        rows = await repository.list_actions(
            self._database,
            account_id,
            before=(position.happened_at, position.id) if position else None,
            limit=limit + 1,
        )
        return page_of(rows, limit, lambda action: ActionPosition(action.happened_at, action.id))

    async def forget_old(self) -> int:
        """Delete what is older than is kept, by small transactions, and return how much that was."""
        moment = self._clock.now() - self._kept
        forgotten = 0
        for _ in range(BATCHES_MAX):
            async with self._database.transaction() as tx:
                deleted = await repository.delete_actions_before(tx, moment, DELETED_AT_ONCE_MAX)
            forgotten += deleted
            if deleted < DELETED_AT_ONCE_MAX:
                break
        return forgotten
