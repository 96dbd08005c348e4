"""Events for what a process keeps in memory: revocations, caches, an index.

Every process hears all of them, in order: the last `CATCH_UP_S` at start, and again from where it was after NATS was away.
Nothing remembers what was heard, so a handler must not mind hearing it twice. One that keeps failing is passed over after
`ATTEMPTS_MAX` attempts, loudly: those behind it matter too.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from datetime import timedelta

import msgspec
import structlog
from nats.aio.msg import Msg
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

from samovar.kit import metrics, tracing
from samovar.kit.bus import Bus
from samovar.kit.clock import Clock, SystemClock
from samovar.kit.errors import Unavailable
from samovar.kit.events import Consumer
from samovar.kit.subscriptions import Subscription, delivery_of, follow
from samovar.kit.tasks import stoppable

# A little longer than the longest life of an access token, so that no revocation is missed.
CATCH_UP_S = 1_200.0
BATCH_MAX = 64
ATTEMPTS_MAX = 3
RETRY_S = 0.2
HANDLING_TIMEOUT_S = 10.0
# NATS forgets a listener that died after this long.
FORGOTTEN_AFTER_S = 60.0

log = structlog.get_logger(__name__)


class Broadcasts:
    """Hears what `broadcast` consumers listen to, until cancelled.

    Args:
        service: Whose consumers.
        consumers: All of them; those that queue are passed over.
        provides: What handlers may ask for by name.

    Raises:
        MissingDependency: A handler asks for a name that nobody provides.
    """

    def __init__(
        self,
        service: str,
        consumers: Sequence[Consumer],
        provides: Mapping[str, object],
        *,
        bus: Bus,
        clock: Clock | None = None,
    ) -> None:
        self._bus = bus
        self._listeners = [
            _Listener(service, consumer, provides, clock or SystemClock())
            for consumer in consumers
            if consumer.mode == "broadcast"
        ]

    async def run(self) -> None:
        """Listen until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for listener in self._listeners:
                tasks.create_task(stoppable(listener.run(self._bus)))


class _Listener:
    """One consumer, and where in the stream it is."""

    def __init__(
        self, service: str, consumer: Consumer, provides: Mapping[str, object], clock: Clock
    ) -> None:
        self._service = service
        self._consumer = consumer
        self._handle = consumer.bind(provides)
        self._decode = msgspec.json.Decoder(consumer.event).decode
        self._clock = clock
        self._stream_created_at: str | None = None
        self._last_in_stream: int | None = None
        self._last_for_us = 0
        labels = (service, consumer.name)
        self._handled = metrics.CONSUMER_EVENTS.labels(*labels, "handled")
        self._failed = metrics.CONSUMER_EVENTS.labels(*labels, "failed")
        self._pending = metrics.CONSUMER_PENDING.labels(*labels)
        self._lag = metrics.CONSUMER_LAG_SECONDS.labels(*labels)
        self._seconds = metrics.CONSUMER_SECONDS.labels(*labels)

    async def run(self, bus: Bus) -> None:
        """Listen until cancelled."""
        name = f"{self._service}-{self._consumer.name}"
        await follow(name, lambda: self._subscribe(bus), self._take, batch_max=BATCH_MAX)

    async def _subscribe(self, bus: Bus) -> Subscription:
        publisher = self._consumer.event.publisher()
        await bus.ensure_stream(publisher)
        created_at = await bus.stream_created_at(publisher)
        if created_at != self._stream_created_at:
            # A stream that was made anew counts from 1 again.
            self._stream_created_at, self._last_in_stream = created_at, None
        self._last_for_us = 0
        resumes = self._last_in_stream is not None
        config = ConsumerConfig(
            filter_subject=self._consumer.event.subject,
            ack_policy=AckPolicy.NONE,
            deliver_policy=DeliverPolicy.BY_START_SEQUENCE if resumes else DeliverPolicy.BY_START_TIME,
            opt_start_seq=(self._last_in_stream or 0) + 1 if resumes else None,
            opt_start_time=None if resumes else self._clock.now() - timedelta(seconds=CATCH_UP_S),
            inactive_threshold=FORGOTTEN_AFTER_S,
            mem_storage=True,
        )
        return await bus.subscribe(publisher, config)

    async def _take(self, _subscription: Subscription, messages: Sequence[Msg]) -> None:
        for message in messages:
            place = message.metadata.sequence
            if place.consumer != self._last_for_us + 1:
                raise Unavailable("a message was lost on its way: starting again behind the last one")
            await self._hear(message)
            self._last_for_us, self._last_in_stream = place.consumer, place.stream
        self._pending.set(messages[-1].metadata.num_pending)

    async def _hear(self, message: Msg) -> None:
        for attempt in range(1, ATTEMPTS_MAX + 1):
            try:
                await self._run_handler(message)
            except Exception:
                self._failed.inc()
                log.exception(
                    "an event could not be applied",
                    service=self._service,
                    consumer=self._consumer.name,
                    attempt=attempt,
                )
                await asyncio.sleep(RETRY_S * attempt)
            else:
                self._handled.inc()
                return

    async def _run_handler(self, message: Msg) -> None:
        delivery = delivery_of(message)
        event = self._decode(message.data)
        started = time.perf_counter()
        with (
            tracing.extracted(delivery.headers),
            tracing.span(f"{self._service} {self._consumer.name}", kind="consumer", service=self._service),
        ):
            async with asyncio.timeout(HANDLING_TIMEOUT_S):
                await self._handle(event=event, delivery=delivery)
        self._seconds.observe(time.perf_counter() - started)
        self._lag.set(max(0.0, time.time() - delivery.time.timestamp()))
