"""What one can do with one's inbox."""

from datetime import timedelta
from uuid import UUID

import msgspec

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.i18n import Language
from samovar.kit.pagination import Page, decode_cursor, page_of
from samovar.services.notification.contract.events import InboxChanged
from samovar.services.notification.domain import KINDS
from samovar.services.notification.inbox import repository
from samovar.services.notification.inbox.bell import Bell
from samovar.services.notification.inbox.rendering import Renderer
from samovar.services.notification.inbox.schemas import Notification, ReadMark, UnreadCount

DELETED_AT_ONCE_MAX = 5_000
BATCHES_MAX = 200


class NotificationPosition(msgspec.Struct, frozen=True):
    """Where a page of notifications ended."""

    id: UUID


class Inbox:
    """What people were told.

    Args:
        kept_days: How far it goes back.
    """

    def __init__(
        self, database: Database, *, renderer: Renderer, bell: Bell, clock: Clock, kept_days: int
    ) -> None:
        self._database = database
        self._renderer = renderer
        self._bell = bell
        self._clock = clock
        self._kept = timedelta(days=kept_days)

    async def page(
        self, account_id: UUID, *, language: Language, is_unread: bool, limit: int, cursor: str | None
    ) -> Page[Notification]:
        """Return a page of one's inbox, the latest first."""
        position = decode_cursor(cursor, NotificationPosition)
        rows = await repository.list_rows(
            self._database,
            account_id,
            before=position.id if position else None,
            is_unread=is_unread,
            limit=limit + 1,
        )
        page = page_of(rows, limit, lambda row: NotificationPosition(row.id))
        # A newer release beside this one may tell of what has no sentence here.
        shown = [self._renderer.notification(row, language) for row in page.items if row.kind in KINDS]
        return Page(shown, page.next_cursor)

    async def mark_read(self, account_id: UUID, mark: ReadMark) -> UnreadCount:
        """Mark notifications as read, and return how many are left.

        Raises:
            InvalidInput: Both of `ids` and `up_to` are given, or neither.
        """
        if (mark.ids is None) == (mark.up_to is None):
            raise InvalidInput(fields=[FieldError("ids", "one_of", "exactly one of ids and up_to")])
        now = self._clock.now()
        async with self._database.transaction() as tx:
            marked = await repository.mark_read(tx, account_id, ids=mark.ids, up_to=mark.up_to, now=now)
            if marked:
                await tx.publish(InboxChanged(account_ids=(account_id,), changed_at=now))
        # The next request of the same client must not find the count of before.
        self._bell.ring([account_id])
        return await self._bell.count(account_id)

    async def forget_old(self) -> int:
        """Delete what is older than is kept, by small transactions, and return how much that was."""
        moment = self._clock.now() - self._kept
        forgotten = 0
        for _ in range(BATCHES_MAX):
            async with self._database.transaction() as tx:
                deleted = await repository.delete_older(tx, moment, DELETED_AT_ONCE_MAX)
            forgotten += deleted
            if deleted < DELETED_AT_ONCE_MAX:
                break
        return forgotten
