"""Splitting without end."""

import asyncio

from samovar.services.payment.revenue.splitting.splitter import BATCH_MAX, Splitter

# Nobody waits for a split; half a second keeps the pages of developers fresh.
LOOK_EVERY_S = 0.5


class Splitting:
    """Runs the splitter."""

    def __init__(self, splitter: Splitter) -> None:
        self._splitter = splitter

    async def watch(self) -> None:
        """Split what is delivered, until cancelled."""
        while True:
            while await self._splitter.split_batch() == BATCH_MAX:
                pass
            await asyncio.sleep(LOOK_EVERY_S)

    async def release_all(self) -> None:
        """Give back all that was kept long enough."""
        while await self._splitter.release_batch() == BATCH_MAX:
            pass
