"""Whatever was left undone: outcomes that were lost, players who have not paid yet, money that is to go back."""

import asyncio
from collections.abc import Sequence
from typing import Final, Literal
from uuid import UUID

import structlog

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.errors import SamovarError
from samovar.services.payment.payments import repository
from samovar.services.payment.payments.driver import Driver
from samovar.services.payment.payments.settling.returning import Returns

Kind = Literal["payment", "refund"]
KINDS: Final[tuple[Kind, ...]] = ("payment", "refund")
AT_ONCE_MAX = 200
# How many providers are spoken with at a time; each conversation holds a connection for two short transactions.
TOGETHER_MAX = 8

log = structlog.get_logger(__name__)


class Janitor:
    """Looks at what is due."""

    def __init__(self, database: Database, *, driver: Driver, returns: Returns, clock: Clock) -> None:
        self._database = database
        self._driver = driver
        self._returns = returns
        self._clock = clock

    async def tick(self) -> int:
        """Bring forward everything that is due, `AT_ONCE_MAX` payments and as many refunds; returns how many they were."""
        found = 0
        for kind in KINDS:
            due = await self.due(kind)
            await self._each(kind, due)
            found += len(due)
        return found

    async def due(self, kind: Kind) -> list[UUID]:
        """Return what of a kind is to be brought forward now."""
        now = self._clock.now()
        if kind == "payment":
            return await repository.due_payments(self._database, now, AT_ONCE_MAX)
        return await repository.due_returns(self._database, now, AT_ONCE_MAX)

    async def resolve_one(self, kind: Kind, item: UUID) -> None:
        """Bring one forward.

        Raises:
            SamovarError: It cannot be now; it stays due.
        """
        if kind == "payment":
            await self._driver.advance(item)
        else:
            await self._returns.advance(item)

    async def _each(self, kind: Kind, ids: Sequence[UUID]) -> None:
        """Advance each; one that fails stays due and does not keep the others."""
        turns = asyncio.Semaphore(TOGETHER_MAX)

        async def one(item: UUID) -> None:
            async with turns:
                try:
                    await self.resolve_one(kind, item)
                except SamovarError as error:
                    log.warning("a payment was not brought forward", id=str(item), error=str(error))
                except Exception:
                    log.exception("a payment was not brought forward", id=str(item))

        async with asyncio.TaskGroup() as tasks:
            for item in ids:
                tasks.create_task(one(item))
