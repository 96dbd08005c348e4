"""What becomes of a paid order: its lines get their licences, are delivered, and the order is fulfilled."""

from collections.abc import Collection
from datetime import timedelta
from typing import Protocol
from uuid import UUID

import structlog

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import SamovarError
from samovar.services.payment import repository as orders
from samovar.services.payment.domain import OrderLine
from samovar.services.payment.orders import delivery
from samovar.services.payment.orders import repository as lines_repository
from samovar.services.payment.orders.fulfilment import repository
from samovar.services.payment.orders.fulfilment.counters import LICENCES_ASKED
from samovar.services.payment.orders.fulfilment.domain import OVERDUE_AFTER, REST

AT_ONCE_MAX = 200
APPS_AT_ONCE_MAX = 500
# Long enough for every line of a release to have been looked at.
RELEASES_KEPT = timedelta(days=1)

log = structlog.get_logger(__name__)


class Library(Protocol):
    """Whoever gives licences."""

    async def grant(self, line: OrderLine) -> UUID | None:
        """Have the licence of a line given, once however often it is asked; none where it was taken back since."""
        ...


class Releases(Protocol):
    """Whoever knows what is out."""

    async def out_among(self, app_ids: Collection[UUID]) -> set[UUID]:
        """Return which of these apps are out, at most 500."""
        ...


class Fulfilment:
    """Gives what was paid for."""

    def __init__(self, database: Database, *, library: Library, releases: Releases, clock: Clock) -> None:
        self._database = database
        self._library = library
        self._releases = releases
        self._clock = clock

    async def note_licence(self, tx: Transaction, line_id: UUID, licence_id: UUID) -> None:
        """Take note that a line has its licence; what was not out when it was bought waits for its release."""
        now = self._clock.now()
        locked = await lines_repository.lock_orders_of(tx, [line_id])
        found = await orders.find_lines(tx, [line_id])
        if not locked or not found or locked[0].paid_at is None:
            log.warning("a licence was given for a line that nobody has paid", line_id=str(line_id))
            return
        if await lines_repository.mark_licensed(tx, line_id, licence_id, now):
            if not found[0].is_preorder:
                await delivery.deliver(tx, [line_id], now=now)
            await delivery.complete(tx, [locked[0].id], now=now)

    async def note_end(self, tx: Transaction, line_id: UUID) -> None:
        """Take note that the licence of a line is over: the package may be bought again, which after a refund the refund says."""
        await lines_repository.lock_orders_of(tx, [line_id])
        await repository.release_claim_unless_refunded(tx, line_id)

    async def note_release(self, tx: Transaction, app_id: UUID) -> None:
        """Take note that an app came out."""
        await repository.mark_released(tx, [app_id], self._clock.now())

    async def repeat(self) -> int:
        """Ask library for licences that have not come within minutes; returns how many lines that were.

        Library may have lost the event, or payment its answer: asking is the same thing once more, under the same name.
        """
        now = self._clock.now()
        lines = await repository.overdue_licences(
            self._database, now - OVERDUE_AFTER, now - REST, AT_ONCE_MAX
        )
        if lines:
            async with self._database.transaction() as tx:
                await repository.remember_asked(tx, [line.id for line in lines], now)
        for line in lines:
            await self._ask(line)
        return len(lines)

    async def deliver_late(self) -> int:
        """Deliver what has its licence, and was held back by a refund that came to nothing; returns how many lines that were."""
        found = await repository.undelivered(self._database, AT_ONCE_MAX)
        return await self._deliver(found)

    async def deliver_released(self) -> int:
        """Deliver what was bought before it was out and is out in whole now; returns how many lines that were."""
        after_id, count = None, 0
        while rows := await repository.awaiting(self._database, after_id, AT_ONCE_MAX):
            out = await self._out_among({app_id for row in rows for app_id in row.app_ids})
            count += await self._deliver([row.id for row in rows if out.issuperset(row.app_ids)])
            after_id = rows[-1].id
        async with self._database.transaction() as tx:
            await repository.forget_released(tx, self._clock.now() - RELEASES_KEPT)
        return count

    async def look_for_releases(self) -> int:
        """Ask catalog of everything that is waited for, lest an event was missed; returns how many apps are newly out."""
        after_id, count = None, 0
        while awaited := await repository.awaited_apps(self._database, after_id, APPS_AT_ONCE_MAX):
            out = await self._releases.out_among(awaited)
            async with self._database.transaction() as tx:
                count += await repository.mark_released(tx, out, self._clock.now())
            after_id = awaited[-1]
        return count

    async def _out_among(self, app_ids: Collection[UUID]) -> set[UUID]:
        wanted, out = sorted(app_ids), set[UUID]()
        for start in range(0, len(wanted), APPS_AT_ONCE_MAX):
            out |= await self._releases.out_among(wanted[start : start + APPS_AT_ONCE_MAX])
        return out

    async def _deliver(self, line_ids: list[UUID]) -> int:
        if not line_ids:
            return 0
        now = self._clock.now()
        async with self._database.transaction() as tx:
            delivered = await delivery.deliver(tx, line_ids, now=now)
            await delivery.complete(tx, sorted({line.order_id for line in delivered}), now=now)
        return len(delivered)

    async def _ask(self, line: OrderLine) -> None:
        try:
            licence_id = await self._library.grant(line)
        except SamovarError as error:
            LICENCES_ASKED.labels("failed").inc()
            log.warning("library did not give a licence", line_id=str(line.id), error=str(error))
            return
        LICENCES_ASKED.labels("given" if licence_id else "taken_back").inc()
        if licence_id:
            async with self._database.transaction() as tx:
                await self.note_licence(tx, line.id, licence_id)
