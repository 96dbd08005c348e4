"""Seeing receipts through to a register. While the service is away they wait, and nothing else does."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
import structlog

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.services.payment.moscow import MOSCOW
from samovar.services.payment.payouts.payees.regimes import regimes_of
from samovar.services.payment.receipts.sending import alarm, repository
from samovar.services.payment.receipts.sending.adapters import (
    Declined,
    Done,
    Failed,
    Lost,
    Registers,
    RegistersAway,
    Taken,
    Waiting,
)
from samovar.services.payment.receipts.sending.documents import (
    Seller,
    document_of,
    external_id_of,
    wire_of,
)
from samovar.services.payment.receipts.sending.repository import Due

BATCH_MAX = 50
CONCURRENT_MAX = 4
LEASE = timedelta(minutes=2)
# A register that has refused a receipt may take it later; after so many a person looks.
ATTEMPTS_MAX = 5
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (1, 2, 4, 8, 15, 30, 60))
AWAY = timedelta(seconds=15)
AFTER_REFUSAL = timedelta(minutes=10)
log = structlog.get_logger(__name__)


class Sending:
    """Hands receipts in and asks what became of them.

    Args:
        registers: The service; none where the operator has named none: then all wait.
        late_after: When a receipt on its way raises an alarm.
    """

    def __init__(
        self,
        database: Database,
        *,
        registers: Registers | None,
        seller: Seller | None,
        late_after: timedelta,
        clock: Clock,
    ) -> None:
        self._database = database
        self._registers = registers
        self._seller = seller
        self._late_after = late_after
        self._clock = clock

    async def send_due(self) -> int:
        """Do what is due, and return how many receipts it was; 0 also while the service is away."""
        due = await self.claim()
        turns = asyncio.Semaphore(CONCURRENT_MAX)
        away: list[Due] = []

        async def step(one: Due) -> None:
            async with turns:
                if away:
                    away.append(one)
                    return
                try:
                    await self.send_one(one)
                except RegistersAway as error:
                    away.append(one)
                    log.warning("the cash registers are away", error=str(error))

        async with asyncio.TaskGroup() as group:
            for one in due:
                group.create_task(step(one))
        if away:
            await self.put_off(away)
        return len(due) - len(away)

    async def measure(self) -> None:
        """Set the metrics that alarms stand on."""
        now = self._clock.now()
        backlog = await repository.measure(self._database, now - self._late_after)
        alarm.tell(backlog, now)

    async def claim(self) -> list[Due]:
        """Return what is due, with what is to be sent of it; nobody else gets it for a while. Nothing where there is no service."""
        if self._registers is None or self._seller is None:
            return []
        now = self._clock.now()
        async with self._database.transaction() as tx:
            due = await repository.claim_due(tx, now, now + LEASE, BATCH_MAX)
            new = [one for one in due if one.document is None]
            if not new:
                return due
            ids = list({item.organisation_id for one in new for item in one.items if item.organisation_id})
            suppliers = {one.organisation_id: one for one in await repository.suppliers_of(tx, ids)}
            regimes = await regimes_of(tx, ids)
            made = {one.id: document_of(one, suppliers, regimes, self._seller) for one in new}
            await repository.write_documents(tx, made)
        return [msgspec.structs.replace(one, document=made.get(one.id, one.document)) for one in due]

    async def send_one(self, one: Due) -> None:
        """Take a claimed receipt a step on: hand it in, or ask what became of it.

        Raises:
            RegistersAway: The service does not say; the receipt is as it was.
        """
        if one.document is None or self._registers is None or self._seller is None:
            return
        outcome: Taken | Declined | Waiting | Done | Failed | Lost
        if one.state == "sent" and one.remote_id:
            outcome = await self._registers.report(one.remote_id)
        else:
            body = wire_of(one.document, external_id_of(one), self._seller)
            outcome = await self._registers.send(one.operation, body)
        after = _after(one, outcome, self._clock.now())
        async with self._database.transaction() as tx:
            await repository.update(tx, after, was_attempt=one.attempt)
        if after.state == "refused":
            log.error("a receipt is refused", receipt_id=str(one.id), failure=after.failure)

    async def put_off(self, some: Sequence[Due]) -> None:
        """Let claimed receipts wait: the service is away."""
        await repository.put_off(self._database, [one.id for one in some], self._clock.now() + AWAY)


def _after(one: Due, outcome: Taken | Declined | Waiting | Done | Failed | Lost, now: datetime) -> Due:
    """Return a receipt as an outcome leaves it."""
    later = now + PAUSES[min(one.tries, len(PAUSES) - 1)]
    one = msgspec.structs.replace(one, tries=one.tries + 1, next_try_at=later)
    match outcome:
        case Taken(remote_id):
            return msgspec.structs.replace(
                one,
                state="sent",
                remote_id=remote_id,
                sent_at=one.sent_at or now,
                tries=0,
                next_try_at=now + PAUSES[0],
            )
        case Done():
            moment = datetime.strptime(outcome.moment, "%d.%m.%Y %H:%M:%S").replace(tzinfo=MOSCOW)
            return msgspec.structs.replace(
                one,
                state="registered",
                drive=outcome.drive,
                number=outcome.number,
                sign=outcome.sign,
                link=outcome.link,
                registered_at=moment,
                settled_at=now,
                failure=None,
                next_try_at=None,
            )
        case Lost():
            return msgspec.structs.replace(one, state="planned", remote_id=None)
        case Failed(text) if one.attempt < ATTEMPTS_MAX:
            return msgspec.structs.replace(
                one,
                state="planned",
                attempt=one.attempt + 1,
                remote_id=None,
                failure=text,
                next_try_at=now + AFTER_REFUSAL,
            )
        case Failed(text) | Declined(text):
            return msgspec.structs.replace(
                one, state="refused", failure=text, settled_at=now, next_try_at=None
            )
        case _:
            return one
