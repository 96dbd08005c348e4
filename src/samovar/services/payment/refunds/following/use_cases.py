"""Moving refunds on."""

from datetime import timedelta
from uuid import UUID

import structlog

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import SamovarError
from samovar.services.payment import repository as orders
from samovar.services.payment.refunds import granting, repository, settling
from samovar.services.payment.refunds.domain import RefundLine
from samovar.services.payment.refunds.judging.adapters import Library

# Library answers within a second when it is there.
PATIENCE = timedelta(seconds=30)
RESUMED_AT_ONCE_MAX = 100
log = structlog.get_logger(__name__)


class Following:
    """What happens to a refund once it is granted."""

    def __init__(self, database: Database, *, library: Library, clock: Clock) -> None:
        self._database = database
        self._library = library
        self._clock = clock

    async def licence_ended(self, tx: Transaction, line_id: UUID) -> None:
        """Go on with the refund that waited for the end of this licence, if there is one."""
        await settling.licence_ended(tx, line_id, now=self._clock.now())

    async def resume(self) -> None:
        """Ask library for the licences that should have gone by now; where it never gave one, tell it again of the refund."""
        before = self._clock.now() - PATIENCE
        waiting = await repository.waiting_for_library(self._database, before, RESUMED_AT_ONCE_MAX)
        for line in waiting:
            try:
                await self._resume(line)
            except SamovarError as error:
                log.warning("a refund waits for library", refund=str(line.refund_id), error=str(error))

    async def _resume(self, line: RefundLine) -> None:
        is_gone = await self._library.revoke(line.line_id)
        now = self._clock.now()
        async with self._database.transaction() as tx:
            if is_gone:
                await settling.licence_ended(tx, line.line_id, now=now)
                return
            refund = await settling.lock(tx, line.refund_id)
            if refund is not None and refund.status == "revoking":
                lines = await orders.find_lines(tx, [line.line_id])
                await tx.publish(granting.started(refund, [(line, each) for each in lines], now))
