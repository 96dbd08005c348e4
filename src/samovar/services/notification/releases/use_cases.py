"""Who waits for a release, and telling them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.services.notification.domain import RELEASE, Story
from samovar.services.notification.releases import repository
from samovar.services.notification.releases.repository import Preorder
from samovar.services.notification.telling.teller import RECIPIENTS_MAX, Teller
from samovar.services.payment.contract.events import GiftAccepted, OrderPaid

PAGES_A_RUN_MAX = 400
LOST_LINES_KEPT = timedelta(days=45)
DELETED_AT_ONCE_MAX = 5_000


class Releases:
    """Pre-orders, until those who have them are told."""

    def __init__(self, database: Database, *, teller: Teller, clock: Clock) -> None:
        self._database = database
        self._teller = teller
        self._clock = clock

    async def note_order(self, tx: Transaction, event: OrderPaid) -> None:
        """Keep who has bought what before it was out; a gift counts once it is accepted."""
        waiting = [
            Preorder(app_id, line.recipient_id, line.line_id)
            for line in event.lines
            if line.is_preorder and not line.is_gift
            for app_id in line.app_ids
        ]
        if waiting:
            await repository.put(tx, waiting, event.paid_at)

    async def note_gift(self, tx: Transaction, event: GiftAccepted) -> None:
        """Keep who was given what is not out yet."""
        if event.app_ids and not await repository.is_out(tx, event.app_ids):
            waiting = [Preorder(app_id, event.recipient_id, event.line_id) for app_id in event.app_ids]
            await repository.put(tx, waiting, event.accepted_at)

    async def lose(self, tx: Transaction, line_ids: Sequence[UUID], at: datetime) -> None:
        """Let nobody wait by lines that are taken back."""
        if line_ids:
            await repository.remove_lines(tx, line_ids, at)

    async def tell(self) -> int:
        """Tell of all releases, page by page, each page in a transaction of its own; return how many were told.

        A crash repeats no page and leaves none out.
        """
        told = 0
        for _ in range(PAGES_A_RUN_MAX):
            async with self._database.transaction() as tx:
                app_id = await repository.find_released(tx)
                waiting = await repository.take_waiting(tx, app_id, RECIPIENTS_MAX) if app_id else []
                if app_id is None or not waiting:
                    break
                story = Story(
                    kind="preorder_released",
                    topic=RELEASE,
                    cause=app_id,
                    # Whoever has bought the game may have been told as somebody who wants it.
                    stage=2,
                    app_id=app_id,
                    happened_at=self._clock.now(),
                )
                await self._teller.tell(tx, waiting, story)
                told += len(waiting)
        return told

    async def forget_lost_lines(self) -> int:
        """Forget lines whose purchase cannot come any more."""
        async with self._database.transaction() as tx:
            return await repository.delete_old_lost_lines(
                tx, self._clock.now() - LOST_LINES_KEPT, DELETED_AT_ONCE_MAX
            )
