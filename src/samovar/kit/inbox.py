"""The inbox: an event has its effect exactly once, however often it comes.

Before a `queue` handler runs, `(consumer, event_id)` goes into `kit.inbox` in the transaction of the handler's own
changes: an event that is there has been applied and is only acknowledged. The acknowledgement follows the commit, so a
crash between the two brings the event again, to be dropped.

Events that have come together are applied in one transaction, in the stream's order, which saves most of the commits; when
one of them fails, all are rolled back and each gets a transaction of its own. One that fails comes again after a growing
while; after `ATTEMPTS_MAX` attempts, or at once when it cannot be decoded, it becomes a dead letter. `Unavailable` does
not kill an event: what it needs is away and will be back.

The last attempt writes the dead letter first and takes it back with its success, so that an event which kills the process
that handles it does so `ATTEMPTS_MAX` times and not for ever.
"""

import asyncio
import random
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec
import structlog
from nats.aio.msg import Msg
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

from samovar.kit import dead_letters, metrics, subscriptions, tracing
from samovar.kit.bus import Bus
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import SamovarError, Unavailable
from samovar.kit.events import Consumer, Delivery, Event
from samovar.kit.subscriptions import Subscription, delivery_of, follow
from samovar.kit.tasks import stoppable
from samovar.kit.workers import repeat

BATCH_MAX = 32
HANDLING_TIMEOUT_S = 20.0
# Slow handlers get fewer events in a transaction, so that it holds its locks no longer than about this.
TRANSACTION_AIM_S = 1.0
ATTEMPTS_MAX = 8
RETRY_MIN_S = 1.0
RETRY_MAX_S = 300.0
RETRY_JITTER = 0.2
UNACKED_MAX = 1_024
# Longer than an outbox keeps its rows: a replayed event that was applied is always known.
KEPT_DAYS = 37
PURGE_EVERY_S = 600.0
PURGE_ROWS_MAX = 1_000
MEASURE_EVERY_S = 15.0
LETTERS_EVERY_S = 2.0

_REMEMBER = """
    INSERT INTO kit.inbox (consumer, event_id) SELECT $1, id FROM unnest($2::uuid[]) AS id ORDER BY id
    ON CONFLICT DO NOTHING RETURNING event_id
"""
_PURGE = """
    DELETE FROM kit.inbox WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM kit.inbox WHERE applied_at < now() - make_interval(days => $2) LIMIT $1
    ))
"""
_DIED = "the process or its database died at the last attempt"

log = structlog.get_logger(__name__)


class _Fresh(msgspec.Struct, frozen=True):
    event_id: UUID


class _Incoming(msgspec.Struct, frozen=True):
    """An event in hand; `message` is none for a dead letter that is applied again."""

    event: Event
    delivery: Delivery
    payload: bytes
    message: Msg | None = None


class Inbox:
    """Applies the events that a service's `queue` consumers listen to, until cancelled.

    Args:
        service: Whose consumers.
        consumers: All of the service's; those that broadcast are passed over.
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
        database: Database,
    ) -> None:
        self._service = service
        self._bus = bus
        self._database = database
        queued = [consumer for consumer in consumers if consumer.mode == "queue"]
        self._queues = {consumer.name: _Queue(service, consumer, provides, database) for consumer in queued}
        if len(self._queues) < len(queued):
            raise ValueError(f"{service}: two consumers have the same name")

    async def run(self) -> None:
        """Consume, apply requested dead letters, measure and purge until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for queue in self._queues.values():
                tasks.create_task(stoppable(queue.run(self._bus)))
            for step, every_s in (
                (self._apply_letters, LETTERS_EVERY_S),
                (self._measure, MEASURE_EVERY_S),
                (self._purge, PURGE_EVERY_S),
            ):
                name = f"inbox{step.__name__}"
                tasks.create_task(stoppable(repeat(step, name=name, service=self._service, every_s=every_s)))

    async def _apply_letters(self) -> None:
        while letter := await dead_letters.next_requested(self._database, list(self._queues)):
            await self._queues[letter.consumer].apply_letter(letter)

    async def _measure(self) -> None:
        counts = await dead_letters.counts(self._database)
        for name, queue in self._queues.items():
            metrics.DEAD_LETTERS.labels(self._service, name).set(counts.get(name, 0))
            await queue.measure(self._bus)

    async def _purge(self) -> None:
        while await purge(self._database) == PURGE_ROWS_MAX:
            pass


class _Queue:
    """One consumer."""

    def __init__(
        self, service: str, consumer: Consumer, provides: Mapping[str, object], database: Database
    ) -> None:
        self._service = service
        self._consumer = consumer
        self._name = consumer.name
        self._durable = f"{service}-{consumer.name}"
        self._publisher = consumer.event.publisher()
        self._handle = consumer.bind(provides)
        self._decode = msgspec.json.Decoder(consumer.event).decode
        self._database = database
        self._seconds_each = TRANSACTION_AIM_S / BATCH_MAX
        labels = (service, consumer.name)
        self._outcomes = {
            outcome: metrics.CONSUMER_EVENTS.labels(*labels, outcome)
            for outcome in ("handled", "duplicate", "failed", "dead_lettered")
        }
        self._redelivered = metrics.CONSUMER_REDELIVERED.labels(*labels)
        self._pending = metrics.CONSUMER_PENDING.labels(*labels)
        self._unacked = metrics.CONSUMER_UNACKED.labels(*labels)
        self._lag = metrics.CONSUMER_LAG_SECONDS.labels(*labels)
        self._seconds = metrics.CONSUMER_SECONDS.labels(*labels)

    async def run(self, bus: Bus) -> None:
        """Consume until cancelled."""
        config = ConsumerConfig(
            name=self._durable,
            durable_name=self._durable,
            filter_subject=self._consumer.event.subject,
            deliver_policy=DeliverPolicy.ALL,
            ack_policy=AckPolicy.EXPLICIT,
            ack_wait=subscriptions.ACK_WAIT_S,
            max_ack_pending=UNACKED_MAX,
            # NATS would drop an event that has used up its deliveries without a word. We count, and keep a letter.
            max_deliver=-1,
        )

        async def subscribe() -> Subscription:
            await self._check_database()
            return await bus.subscribe(self._publisher, config)

        await follow(self._durable, subscribe, self._take, batch_max=BATCH_MAX)

    async def measure(self, bus: Bus) -> None:
        """Show how much waits, while NATS can tell."""
        with suppress(Unavailable):
            pending, unacked = await bus.backlog(self._publisher, self._durable)
            self._pending.set(pending)
            self._unacked.set(unacked)

    async def apply_letter(self, letter: dead_letters.DeadLetter) -> None:
        """Apply an event that was dead; when that fails again, note why."""
        delivery = Delivery(
            id=letter.event_id,
            time=letter.event_time,
            subject=letter.subject,
            attempt=letter.attempts + 1,
            headers=letter.headers,
        )
        try:
            event = self._decode(letter.payload)
            await self._apply([_Incoming(event, delivery, letter.payload)])
        except Exception as error:  # noqa: BLE001  A handler may fail in any way; each way is a letter's error.
            await self._bury(delivery, letter.payload, error)

    async def _take(self, subscription: Subscription, messages: Sequence[Msg]) -> None:
        """Apply a batch and tell NATS of each message how it went."""
        batch = [incoming for message in messages if (incoming := await self._read(subscription, message))]
        last = [incoming for incoming in batch if incoming.delivery.attempt >= ATTEMPTS_MAX]
        usual = [incoming for incoming in batch if incoming.delivery.attempt < ATTEMPTS_MAX]
        while usual:
            size = max(1, min(len(usual), int(TRANSACTION_AIM_S / self._seconds_each)))
            await self._take_together(subscription, usual[:size])
            usual = usual[size:]
        for incoming in last:
            await self._last_attempt(subscription, incoming)

    async def _take_together(self, subscription: Subscription, batch: Sequence[_Incoming]) -> None:
        try:
            await self._apply(batch)
        except Exception as error:  # noqa: BLE001  As above; which of them it was shows one by one.
            await self._one_by_one(subscription, batch, error)
        else:
            for incoming in batch:
                await self._acknowledge(subscription, incoming)

    async def _read(self, subscription: Subscription, message: Msg) -> _Incoming | None:
        """Decode a message; one that cannot be decoded becomes a dead letter at once."""
        if message.metadata.num_delivered > 1:
            self._redelivered.inc()
        delivery: Delivery | None = None
        try:
            delivery = delivery_of(message)
            return _Incoming(self._decode(message.data), delivery, message.data, message)
        except (ValueError, msgspec.DecodeError) as error:
            await self._bury(delivery or _unreadable(message), message.data, error)
            await subscription.acknowledge(message)
            return None

    async def _one_by_one(
        self, subscription: Subscription, batch: Sequence[_Incoming], error: Exception
    ) -> None:
        if isinstance(error, Unavailable):
            await self._check_database()
        if len(batch) == 1:
            await self._ask_again(subscription, batch[0], error)
            return
        for incoming in batch:
            try:
                await self._apply([incoming])
            except Exception as failure:  # noqa: BLE001  As above.
                await self._ask_again(subscription, incoming, failure)
            else:
                await self._acknowledge(subscription, incoming)

    async def _check_database(self) -> None:
        """Raise when PostgreSQL is away: to go on would only use up the attempts of what is in hand."""
        await self._database.fetch_value("SELECT 1")

    async def _last_attempt(self, subscription: Subscription, incoming: _Incoming) -> None:
        known = "SELECT EXISTS (SELECT FROM kit.inbox WHERE consumer = $1 AND event_id = $2)"
        try:
            is_applied = await self._database.fetch_value(known, self._name, incoming.delivery.id)
            if not is_applied and await self._bury(incoming.delivery, incoming.payload, None):
                await self._apply([incoming])
        except Unavailable as error:
            async with self._database.transaction() as tx:
                await dead_letters.remove(tx, consumer=self._name, event_id=incoming.delivery.id)
            await self._ask_again(subscription, incoming, error)
            return
        except Exception as error:  # noqa: BLE001  As above.
            await self._bury(incoming.delivery, incoming.payload, error)
        await self._acknowledge(subscription, incoming)

    async def _apply(self, batch: Sequence[_Incoming]) -> None:
        """Run the handler for those that are new, all in one transaction with their inbox rows."""
        handled = 0
        started = time.perf_counter()
        async with asyncio.timeout(HANDLING_TIMEOUT_S), self._database.transaction() as tx:
            ids = [incoming.delivery.id for incoming in batch]
            fresh = {row.event_id for row in await tx.fetch(_REMEMBER, self._name, ids, into=_Fresh)}
            for incoming in batch:
                if incoming.delivery.id in fresh:
                    fresh.discard(incoming.delivery.id)
                    await self._run_handler(tx, incoming)
                    handled += 1
                if incoming.message is None or incoming.delivery.attempt >= ATTEMPTS_MAX:
                    await dead_letters.remove(tx, consumer=self._name, event_id=incoming.delivery.id)
        self._seconds_each = (time.perf_counter() - started) / len(batch)
        self._outcomes["handled"].inc(handled)
        self._outcomes["duplicate"].inc(len(batch) - handled)
        self._lag.set(max(0.0, time.time() - batch[-1].delivery.time.timestamp()))

    async def _run_handler(self, tx: Transaction, incoming: _Incoming) -> None:
        delivery = incoming.delivery
        started = time.perf_counter()
        with (
            tracing.extracted(delivery.headers),
            tracing.span(f"{self._service} {self._name}", kind="consumer", service=self._service) as span,
        ):
            span.set_attribute("messaging.system", "nats")
            span.set_attribute("messaging.destination.name", delivery.subject)
            span.set_attribute("messaging.message.id", str(delivery.id))
            await self._handle(event=incoming.event, tx=tx, delivery=delivery)
        self._seconds.observe(time.perf_counter() - started)

    async def _acknowledge(self, subscription: Subscription, incoming: _Incoming) -> None:
        if incoming.message is not None:
            await subscription.acknowledge(incoming.message)

    async def _ask_again(self, subscription: Subscription, incoming: _Incoming, error: Exception) -> None:
        self._outcomes["failed"].inc()
        delivery = incoming.delivery
        delay_s = retry_delay_s(delivery.attempt, random.random())  # noqa: S311  no secret
        log.warning(
            "an event could not be applied",
            service=self._service,
            consumer=self._name,
            event_id=str(delivery.id),
            attempt=delivery.attempt,
            retry_in_s=round(delay_s, 1),
            error=f"{type(error).__name__}: {error}",
            exc_info=None if isinstance(error, SamovarError) else error,
        )
        if incoming.message is not None:
            await subscription.ask_again(incoming.message, delay_s)

    async def _bury(self, delivery: Delivery, payload: bytes, error: Exception | None) -> bool:
        """Keep the event as a dead letter; false when it was one already."""
        text = _DIED if error is None else f"{type(error).__name__}: {error}"
        async with self._database.transaction() as tx:
            is_new = await dead_letters.bury(
                tx,
                consumer=self._name,
                event_id=delivery.id,
                subject=delivery.subject,
                headers=delivery.headers,
                payload=payload,
                error=text,
                attempts=delivery.attempt,
            )
        if error is not None:
            self._outcomes["dead_lettered"].inc()
            log.error(
                "an event became a dead letter",
                service=self._service,
                consumer=self._name,
                event_id=str(delivery.id),
                error=text,
            )
        return is_new


def retry_delay_s(attempt: int, chance: float) -> float:
    """Return how long to wait after the failed `attempt`, 1 or more: twice as long each time, give or take a fifth.

    Args:
        attempt: Which attempt failed.
        chance: 0 to 1, so that events that failed together do not come back together.
    """
    doubled_s = RETRY_MIN_S * 2.0 ** min(attempt - 1, 30)
    return min(RETRY_MAX_S, doubled_s) * (1 - RETRY_JITTER + 2 * RETRY_JITTER * chance)


async def purge(database: Database) -> int:
    """Forget a few of the events that were applied longer ago than `KEPT_DAYS`, and return how many."""
    async with database.transaction() as tx:
        return await tx.execute(_PURGE, PURGE_ROWS_MAX, KEPT_DAYS)


def _unreadable(message: Msg) -> Delivery:
    """Describe a message without headers of ours: its place in the stream stands for its id."""
    place = f"{message.metadata.stream}/{message.metadata.sequence.stream}"
    return Delivery(
        id=uuid5(NAMESPACE_URL, place),
        time=message.metadata.timestamp,
        subject=message.subject,
        attempt=message.metadata.num_delivered,
        headers=dict(message.headers or {}),
    )
