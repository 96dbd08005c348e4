"""Tickets: short permissions to fetch. Each names where the objects are; one that is over is exchanged once, for all who fetch."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import NamedTuple

# A ticket with less time left is exchanged before it is used.
AHEAD_S = 30


class Ticket(NamedTuple):
    """A ticket.

    Attributes:
        bases: What stands in front of the keys of objects, one for each mirror, in the order of the platform's choice.
        expires: Unix time in seconds.
    """

    bases: tuple[str, ...]
    expires: float


class Tickets:
    """Holds the ticket in use.

    Args:
        first: The ticket that is there already.
        renew: Gets another one.
        clock: Unix time in seconds.
    """

    def __init__(
        self, first: Ticket, renew: Callable[[], Awaitable[Ticket]], clock: Callable[[], float]
    ) -> None:
        self._ticket = first
        self.renew = renew
        self._clock = clock
        self._renewing = asyncio.Lock()

    async def current(self) -> Ticket:
        """Return a ticket that is not over."""
        if self._ticket.expires - self._clock() < AHEAD_S:
            return await self.instead_of(self._ticket)
        return self._ticket

    async def instead_of(self, refused: Ticket) -> Ticket:
        """Return another ticket than one that was refused; whoever comes second gets the one that the first got."""
        async with self._renewing:
            if self._ticket is refused:
                self._ticket = await self.renew()
            return self._ticket
