"""Asking providers about what they told, right after it was acknowledged."""

import asyncio
from contextlib import suppress

import structlog

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.errors import SamovarError
from samovar.services.payment.payments.domain import gap
from samovar.services.payment.payments.driver import Driver
from samovar.services.payment.payments.settling.returning import Returns
from samovar.services.payment.payments.webhooks import domain, repository
from samovar.services.payment.payments.webhooks.domain import ProviderEvent

AT_ONCE_MAX = 16
# What another process kept and did not get to, and what is to be tried again.
LOOK_EVERY_S = 5.0

log = structlog.get_logger(__name__)


class Inbox:
    """What was told and not asked about yet.

    Args:
        database: Of payment.
        driver: Asks about payments.
        returns: Asks about refunds.
        told: Set when something was kept in this process.
        clock: Where time comes from.
    """

    def __init__(
        self, database: Database, *, driver: Driver, returns: Returns, told: asyncio.Event, clock: Clock
    ) -> None:
        self._database = database
        self._driver = driver
        self._returns = returns
        self._told = told
        self._clock = clock

    async def run(self) -> None:
        """Ask, as soon as something was told, until cancelled."""
        while True:
            self._told.clear()
            while await self.tick() >= AT_ONCE_MAX:
                pass
            with suppress(TimeoutError):
                async with asyncio.timeout(await self._pause_s()):
                    await self._told.wait()

    async def _pause_s(self) -> float:
        """Return how long nothing is to be asked; what has to rest is looked at again after its rest."""
        soonest = await repository.soonest(self._database)
        if soonest is None:
            return LOOK_EVERY_S
        left_s = (soonest - self._clock.now()).total_seconds()
        return min(LOOK_EVERY_S, max(domain.REST.total_seconds(), left_s))

    async def tick(self) -> int:
        """Ask about the events that wait; returns how many they were."""
        events = await self.claim()
        async with asyncio.TaskGroup() as tasks:
            for event in events:
                tasks.create_task(self._try(event))
        return len(events)

    async def claim(self) -> list[ProviderEvent]:
        """Return events that wait; nobody else gets them for a while."""
        now = self._clock.now()
        async with self._database.transaction() as tx:
            return await repository.take_events(tx, now, now + domain.TURN, AT_ONCE_MAX, rest=domain.REST)

    async def resolve_one(self, event: ProviderEvent) -> None:
        """Ask about a claimed event, and write whether it is done with."""
        try:
            is_heard = await self._driver.hear(event.payment_id, self._remote_id(event))
            is_heard = await self._returns.hear(event.payment_id) and is_heard
        except SamovarError as error:
            log.warning("an event was not asked about", event_id=str(event.id), error=str(error))
            is_heard = False
        await self._close(event, is_heard=is_heard)

    async def _try(self, event: ProviderEvent) -> None:
        try:
            await self.resolve_one(event)
        except Exception:
            log.exception("an event was not asked about", event_id=str(event.id))
            await self._close(event, is_heard=False)

    async def _close(self, event: ProviderEvent, *, is_heard: bool) -> None:
        now = self._clock.now()
        again = None if is_heard or event.tries >= domain.TRIES_MAX else now + gap(event.tries)
        async with self._database.transaction() as tx:
            await repository.close_event(tx, event, now if is_heard else None, again)

    @staticmethod
    def _remote_id(event: ProviderEvent) -> str | None:
        """Return the provider's id of the payment, where the event is about the payment itself."""
        return None if event.kind.startswith("refund.") else event.object_id
