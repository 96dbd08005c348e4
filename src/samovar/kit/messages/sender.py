"""The loop that sends what waits. Every process runs one, and all of them may work at once.

A message is claimed in one transaction, which leases it; handed over outside any; and settled in another one. Mail and phone have
a loop each, so that a mail server which hangs holds up no text message.
"""

import asyncio
import random
from collections.abc import Mapping
from contextlib import suppress
from functools import partial

import structlog

from samovar.kit import metrics
from samovar.kit.database import Database
from samovar.kit.errors import SamovarError
from samovar.kit.messages import outgoing
from samovar.kit.messages.channels import Way
from samovar.kit.messages.outcomes import Refused, TryAgain
from samovar.kit.messages.outgoing import Channel, Claimed, Outgoing
from samovar.kit.tasks import stoppable
from samovar.kit.workers import Step, repeat

BATCH_MAX = 8
DELIVERY_TIMEOUT_S = 30.0
# Longer than a delivery and the noting of its outcome: nobody else sends what is being sent.
LEASE_S = 90.0
# The loop is woken by commits of its own process; it looks for what others left behind this often.
POLL_S = 1.0
FAILURE_WAIT_S = 2.0
PAUSES_S = (2.0, 5.0, 15.0, 30.0, 60.0, 120.0, 300.0)
PAUSE_JITTER = 0.2
NOTING_PAUSES_S = (0.0, 0.2, 1.0, 5.0, 15.0)
KEPT_DAYS = 30
PURGE_EVERY_S = 600.0
PURGE_ROWS_MAX = 1_000
MEASURE_EVERY_S = 5.0

log = structlog.get_logger(__name__)


class Sender:
    """Sends what waits in one service's database, until cancelled.

    Args:
        database: The service's.
        written: The service's, to be woken by it.
        ways: The way out of each channel.
        lease_s: How long a message is this process's alone.
    """

    def __init__(
        self, database: Database, written: Outgoing, ways: Mapping[Channel, Way], *, lease_s: float = LEASE_S
    ) -> None:
        self._database = database
        self._written = written
        self._ways = ways
        self._lease_s = lease_s
        self._service = database.service
        self._is_draining = False
        self._under_way: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Send, measure and purge until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for channel in self._ways:
                tasks.create_task(stoppable(self._follow(channel)))
            for step, every_s in ((self._measure, MEASURE_EVERY_S), (self._purge, PURGE_EVERY_S)):
                name = f"messages{step.__name__}"
                tasks.create_task(stoppable(repeat(step, name=name, service=self._service, every_s=every_s)))

    async def drain(self) -> None:
        """Claim nothing more, and let what is being handed over be noted: else it would be sent again."""
        self._is_draining = True
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=DELIVERY_TIMEOUT_S)

    async def send_batch(self, channel: Channel) -> int:
        """Send what is due, `BATCH_MAX` messages at most, and return how many were tried.

        Raises:
            Unavailable: PostgreSQL is away; the messages wait.
        """
        for expired in await outgoing.expire(self._database, channel, count=BATCH_MAX):
            self._tell("expired", channel, id=str(expired.id), attempts=expired.attempts)
        claimed = await outgoing.claim(self._database, channel, count=BATCH_MAX, lease_s=self._lease_s)
        tasks = [asyncio.create_task(self._send(channel, one)) for one in claimed]
        self._under_way.update(tasks)
        for task in tasks:
            task.add_done_callback(self._under_way.discard)
        await asyncio.gather(*tasks)
        return len(tasks)

    async def _follow(self, channel: Channel) -> None:
        written = self._written.written[channel]
        while not self._is_draining:
            written.clear()
            try:
                tried = await self.send_batch(channel)
            except SamovarError as error:
                log.warning("messages wait", service=self._service, channel=channel, error=str(error))
                await asyncio.sleep(FAILURE_WAIT_S)
                continue
            if not tried:
                with suppress(TimeoutError):
                    async with asyncio.timeout(POLL_S):
                        await written.wait()

    async def _send(self, channel: Channel, claimed: Claimed) -> None:
        """Hand one message over and note how it went."""
        about = {"id": str(claimed.id), "attempts": claimed.attempts}
        try:
            async with asyncio.timeout(DELIVERY_TIMEOUT_S):
                await self._ways[channel].deliver(claimed)
        except Refused as error:
            await self._note(
                partial(outgoing.settle, self._database, claimed.id, "refused", str(error)), about
            )
            self._tell("refused", channel, error=str(error), **about)
        except TryAgain as error:
            await self._postpone(channel, claimed, str(error), after_s=error.after_s)
        except TimeoutError:
            await self._postpone(channel, claimed, "no answer in time")
        except Exception as error:
            log.exception(
                "a message could not be handed over", service=self._service, channel=channel, **about
            )
            await self._postpone(channel, claimed, type(error).__name__)
        else:
            await self._note(partial(outgoing.settle, self._database, claimed.id, "sent"), about)
            self._tell("sent", channel, **about)

    async def _postpone(
        self, channel: Channel, claimed: Claimed, error: str, *, after_s: float | None = None
    ) -> None:
        about = {"id": str(claimed.id), "attempts": claimed.attempts}
        pause_s = PAUSES_S[min(claimed.attempts, len(PAUSES_S)) - 1]
        pause_s = max(pause_s * random.uniform(1, 1 + PAUSE_JITTER), after_s or 0)  # noqa: S311  no secret
        await self._note(partial(outgoing.postpone, self._database, claimed, error, pause_s=pause_s), about)
        self._tell("failed", channel, error=error, **about)

    async def _note(self, write: Step, about: Mapping[str, object]) -> None:
        """Write an outcome down; with PostgreSQL away, a few times: what is not noted is sent again."""
        for pause_s in NOTING_PAUSES_S:
            await asyncio.sleep(pause_s)
            try:
                await write()
            except SamovarError as error:
                reason = str(error)
            else:
                return
        log.error("what became of a message is not noted", service=self._service, error=reason, **about)

    def _tell(self, outcome: str, channel: Channel, **about: object) -> None:
        """Count an outcome, and log it by ids alone."""
        metrics.MESSAGES.labels(self._service, channel, outcome).inc()
        level = log.info if outcome == "sent" else log.warning
        level(f"a message was {outcome}", service=self._service, channel=channel, **about)

    async def _measure(self) -> None:
        for channel in self._ways:
            waiting = await outgoing.backlog(self._database, channel)
            metrics.MESSAGES_WAITING.labels(self._service, channel).set(waiting.count)
            metrics.MESSAGES_OLDEST_SECONDS.labels(self._service, channel).set(waiting.oldest_s)

    async def _purge(self) -> None:
        count = PURGE_ROWS_MAX
        while count == PURGE_ROWS_MAX:
            count = await outgoing.purge(self._database, count=PURGE_ROWS_MAX, kept_days=KEPT_DAYS)
