"""How many notifications people have not read, kept in memory, and who waits in this process for that to change.

`inbox_changed` reaches every process right after the commit of what changed: it drops the count that is kept, and wakes those who
wait. Should it be lost, a count is at most `KEPT_S` old.
"""

import asyncio
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable
from uuid import UUID

import msgspec
from prometheus_client import Counter, Gauge

from samovar.kit.database import Database
from samovar.services.notification.inbox import repository
from samovar.services.notification.inbox.schemas import UnreadCount

KEPT_S = 30.0
KEPT_MAX = 20_000

WAITING = Gauge(
    "samovar_notification_waiting",
    "Clients that wait in this process for their count of unread notifications.",
)
READS = Counter(
    "samovar_notification_counts_total",
    "Counts of unread notifications that were asked for: kept or counted.",
    ["outcome"],
)


class _Kept(msgspec.Struct, frozen=True):
    count: UnreadCount
    until: float


class Bell:
    """Counts, and wakes who waits.

    Args:
        monotonic: A clock that never goes back, in seconds.
        waiting_max: How many may wait at a time; more are answered at once.
    """

    def __init__(self, database: Database, *, monotonic: Callable[[], float], waiting_max: int) -> None:
        self._database = database
        self._monotonic = monotonic
        self._waiting_max = waiting_max
        self._kept: OrderedDict[UUID, _Kept] = OrderedDict()
        self._rings = 0
        self._waiting: defaultdict[UUID, set[asyncio.Event]] = defaultdict(set)
        self._waiting_count = 0

    def ring(self, account_ids: Iterable[UUID]) -> None:
        """Something has changed in these inboxes."""
        self._rings += 1
        for account_id in account_ids:
            self._kept.pop(account_id, None)
            for woken in self._waiting.get(account_id, ()):
                woken.set()

    async def count(self, account_id: UUID) -> UnreadCount:
        """Return how many notifications somebody has not read."""
        kept = self._kept.get(account_id)
        if kept is not None and kept.until > self._monotonic():
            READS.labels("kept").inc()
            return kept.count
        READS.labels("counted").inc()
        rings = self._rings
        counted = await repository.count_unread(self._database, account_id)
        # What was counted while something changed may be older than the change.
        if rings == self._rings:
            self._kept[account_id] = _Kept(counted, self._monotonic() + KEPT_S)
            self._kept.move_to_end(account_id)
            while len(self._kept) > KEPT_MAX:
                self._kept.popitem(last=False)
        return counted

    async def await_other(
        self, account_id: UUID, known: Callable[[UnreadCount], bool], wait_s: float
    ) -> UnreadCount:
        """Return the count once it is another than the one that is known, or after a while in any case.

        Args:
            account_id: Whose.
            known: Whether the client has this count.
            wait_s: How long to wait at most.
        """
        ends_at = self._monotonic() + wait_s
        woken = asyncio.Event()
        if self._waiting_count >= self._waiting_max:
            return await self.count(account_id)
        self._waiting_count += 1
        self._waiting[account_id].add(woken)
        WAITING.set(self._waiting_count)
        try:
            while True:
                woken.clear()
                count = await self.count(account_id)
                left_s = ends_at - self._monotonic()
                if left_s <= 0 or not known(count):
                    return count
                try:
                    async with asyncio.timeout(left_s):
                        await woken.wait()
                except TimeoutError:
                    return count
        finally:
            self._waiting[account_id].discard(woken)
            if not self._waiting[account_id]:
                del self._waiting[account_id]
            self._waiting_count -= 1
            WAITING.set(self._waiting_count)
