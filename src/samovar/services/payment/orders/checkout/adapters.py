"""What others say before an order is made: whether an account is held, remembered for a moment, and who still has which game."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.clock import Clock
from samovar.kit.errors import FieldError
from samovar.kit.rpc.client import Peers
from samovar.services.payment.asking.holds import AccountHolds
from samovar.services.payment.asking.library import Library
from samovar.services.payment.errors import AccountHeld
from samovar.services.payment.orders.checkout.errors import BaseNeeded
from samovar.services.payment.quotes.domain import BASE_NEEDED, QuoteLine, bases_outside

# As long as a hold may be seen too late: somebody buys several things in a row.
TTL_S = 5.0
KEPT_MAX = 20_000


class _Kept(msgspec.Struct, frozen=True):
    held_until: datetime | None
    until: float


class Holds:
    """Asks auth, and keeps the answer for a moment."""

    def __init__(self, peers: Peers, clock: Clock) -> None:
        self._asked = AccountHolds(peers)
        self._clock = clock
        self._kept: OrderedDict[UUID, _Kept] = OrderedDict()

    async def require_free(self, account_id: UUID) -> None:
        """Let pass whoever may spend.

        Raises:
            AccountHeld: Nothing of value leaves the account for a while.
            HoldsAway: Auth does not say.
        """
        held_until = await self._held_until(account_id)
        if held_until is not None and held_until > self._clock.now():
            raise AccountHeld(f"{account_id}", until=held_until.isoformat(timespec="minutes"))

    async def _held_until(self, account_id: UUID) -> datetime | None:
        kept = self._kept.get(account_id)
        if kept and kept.until > self._clock.monotonic():
            return kept.held_until
        held_until = (await self._asked.of([account_id])).get(account_id)
        self._kept[account_id] = _Kept(held_until, self._clock.monotonic() + TTL_S)
        self._kept.move_to_end(account_id)
        while len(self._kept) > KEPT_MAX:
            self._kept.popitem(last=False)
        return held_until


class Bases:
    """Asks library whether the games of DLC are still there: between quote and order one may have been given back."""

    def __init__(self, library: Library) -> None:
        self._library = library

    async def require(self, lines: Sequence[QuoteLine]) -> None:
        """Let pass lines whose games their recipients have or get with them; asks only where there is DLC of other games.

        Raises:
            BaseNeeded: Somebody would have DLC without its game.
            LibraryAway: Nobody can say.
        """
        needed = bases_outside(lines)
        owned = await asyncio.gather(
            *(self._library.owned(recipient_id, games) for recipient_id, games in needed.items())
        )
        lacking = {
            place
            for games, had in zip(needed.values(), owned, strict=True)
            for app_id, places in games.items()
            if app_id not in had
            for place in places
        }
        if lacking:
            text = "its game is neither owned nor bought with it"
            faults = [
                FieldError(f"lines[{place}].package_id", f"item_{BASE_NEEDED}", text)
                for place in sorted(lacking)
            ]
            raise BaseNeeded(f"{len(faults)} without their games", fields=faults)
