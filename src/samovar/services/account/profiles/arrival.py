"""Somebody who has just registered: they have a token some milliseconds before auth's event is here."""

import asyncio
from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.services.account.errors import AccountNotReady
from samovar.services.account.profiles import repository

POLL_S = 0.05


class Arrival:
    """Waits for the rows of accounts that must come: never a false 404 for one who has a token.

    Args:
        database: Where the rows come.
        clock: Measures the time.
        timeout_ms: How long to wait.
    """

    def __init__(self, database: Database, *, clock: Clock, timeout_ms: int) -> None:
        self._database = database
        self._clock = clock
        self._timeout_s = timeout_ms / 1000

    async def wait(self, account_id: UUID) -> None:
        """Return when the account is known here: before a change, or where its row was missed.

        Raises:
            AccountNotReady: It did not come in time.
        """
        until = self._clock.monotonic() + self._timeout_s
        while not await repository.exists(self._database, account_id):
            if self._clock.monotonic() >= until:
                raise AccountNotReady(f"{account_id} has a token and no row")
            await asyncio.sleep(POLL_S)
