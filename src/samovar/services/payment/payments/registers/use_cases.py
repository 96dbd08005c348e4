"""Holding the registers of providers against payments, and showing what came of it."""

from datetime import date

import msgspec
import structlog

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.errors import SamovarError
from samovar.kit.pagination import Page, decode_cursor, page_of
from samovar.services.payment.payments.registers import domain, repository
from samovar.services.payment.payments.registers.domain import Register
from samovar.services.payment.providers.port import Provider
from samovar.services.payment.providers.routing import Router

log = structlog.get_logger(__name__)


class RegisterKey(msgspec.Struct, frozen=True):
    """What the list is sorted by."""

    day: date
    provider: str


class Registers:
    """The registers of all providers."""

    def __init__(self, database: Database, *, router: Router, clock: Clock) -> None:
        self._database = database
        self._router = router
        self._clock = clock

    async def compare(self) -> int:
        """Compare the days that are over and recent; returns how many of them differ."""
        differing = 0
        for provider in self._router.all:
            for day in domain.days_to_check(self._clock.now()):
                register = await self._compared(provider, day)
                async with self._database.transaction() as tx:
                    await repository.save_register(tx, register)
                if register.status == "differs":
                    differing += 1
                    log.error(
                        "a register differs", provider=provider.name, day=str(day), found=register.found
                    )
        return differing

    async def show(self, *, differing: bool, cursor: str | None, limit: int) -> Page[Register]:
        """Return comparisons, the newest first."""
        after = decode_cursor(cursor, RegisterKey)
        rows = await repository.registers(
            self._database, (after.day, after.provider) if after else None, limit + 1, differing=differing
        )
        return page_of(rows, limit, lambda row: RegisterKey(row.day, row.provider))

    async def _compared(self, provider: Provider, day: date) -> Register:
        since, until = domain.span_of(day)
        now = self._clock.now()
        listed = provider.register(since, until)
        if listed is None:
            return Register(provider=provider.name, day=day, status="none", checked_at=now)
        try:
            there = [row async for row in listed]
        except SamovarError as error:
            log.warning("a register cannot be read", provider=provider.name, error=str(error))
            return Register(provider=provider.name, day=day, status="unread", checked_at=now)
        here = await repository.movements(self._database, provider.name, since, until)
        known = await repository.known_movements(
            self._database,
            provider.name,
            [row.id for row in there if row.kind == "payment"],
            [row.id for row in there if row.kind == "refund"],
        )
        return domain.compared(
            provider.name,
            day,
            there,
            here,
            known={(one.kind, one.id): one.amount for one in known},
            now=now,
        )
