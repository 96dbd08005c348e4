"""Whether an account is held, remembered for a moment."""

from collections import OrderedDict
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.clock import Clock
from samovar.kit.rpc.client import Peers
from samovar.services.payment.asking.holds import AccountHolds
from samovar.services.payment.errors import AccountHeld

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
