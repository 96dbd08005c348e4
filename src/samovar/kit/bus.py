"""NATS JetStream: the connection, one stream per publishing service, publishing in order.

`SAMOVAR_AUTH` holds `samovar.auth.>`. Streams and consumers are made by whoever needs them first, publisher or consumer, and
made again when NATS comes back without its data. NATS away never stops a service: what it publishes waits in the outbox.
"""

import asyncio
import time
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import count
from typing import Self

import msgspec
import nats.errors
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DeliverPolicy,
    DiscardPolicy,
    StorageType,
    StreamConfig,
)
from nats.js.errors import BadRequestError

from samovar.kit import metrics
from samovar.kit.errors import Unavailable
from samovar.kit.events import SUBJECT_PREFIX
from samovar.kit.settings import Secret
from samovar.kit.subscriptions import PULL_MESSAGES_MAX, Subscription

CONNECT_TIMEOUT_S = 2
RECONNECT_WAIT_S = 0.5
# A dead connection that says nothing is noticed after three pings.
PING_EVERY_S = 5
PINGS_MISSED_MAX = 2
ACK_TIMEOUT_S = 5.0
# NATS takes 1,000 messages in a batch. A batch costs about six waits for the disk, a single message one.
ATOMIC_MIN = 8

# PostgreSQL ends a transaction that idles for a minute, and the relay's idles meanwhile.
ONE_BY_ONE_MAX_S = 10.0

# The archive is the publisher's outbox: a stream only has to outlive the longest failure of a consumer.
STREAM_AGE_MAX_S = 7 * 24 * 3_600
STREAM_BYTES_MAX = 512 * 1_024 * 1_024
DEDUPE_WINDOW_S = 120
DELETING_IDLE_S = 30.0

_STREAM_DIFFERS = 10_058
_NO_RESPONDERS = "503"
_NO_HEADERS: Mapping[str, str] = {}

log = structlog.get_logger(__name__)


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One message to publish.

    Attributes:
        message_id: What JetStream drops repetitions by, within `DEDUPE_WINDOW_S`.
    """

    subject: str
    message_id: str
    headers: dict[str, str]
    payload: bytes


class _Refusal(msgspec.Struct, frozen=True):
    description: str = ""
    err_code: int = 0


class _Ack(msgspec.Struct, frozen=True):
    count: int = 0
    error: _Refusal | None = None


class Published(msgspec.Struct, frozen=True):
    """How a batch went.

    Attributes:
        stored: How many messages, from the front of the batch, NATS has on disk.
        error: Why not all; none where they were stored so slowly that the rest had better wait for its turn.
    """

    stored: int
    error: Unavailable | None


class NoStream(Unavailable):
    """The stream is not there: never made, or lost."""


class Bus:
    """A connection to NATS that comes back by itself. Shared by all that runs in a process."""

    def __init__(self, url: Secret, service: str, *, replicas: int) -> None:
        self._url = url
        self._service = service
        self._replicas = replicas
        self._client = Client()
        self._closed = asyncio.Event()
        self._is_closing = False
        metrics.NATS_CONNECTED.labels(service).set_function(lambda: self.is_connected)
        self._answers: dict[str, asyncio.Future[Msg | None]] = {}
        self._answer_prefix = ""
        self._tokens = count()
        self._keeper: asyncio.Task[None] | None = None

    @classmethod
    async def connect(cls, url: Secret, service: str, *, replicas: int = 1) -> Self:
        """Begin to connect, and return when connected or after `CONNECT_TIMEOUT_S`: NATS may come later.

        Args:
            url: `nats://[user:password@]host:port`, several with commas between them.
            service: The name that NATS shows for this connection.
            replicas: On how many servers of a cluster each stream lies.
        """
        bus = cls(url, service, replicas=replicas)
        ready = asyncio.Event()
        bus._keeper = asyncio.create_task(bus._keep_connected(ready))
        with suppress(TimeoutError):
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                await ready.wait()
        return bus

    async def close(self) -> None:
        """Close the connection."""
        self._is_closing = True
        if self._keeper is not None:
            self._keeper.cancel()
            with suppress(asyncio.CancelledError):
                await self._keeper

    @property
    def is_connected(self) -> bool:
        """Whether NATS answers now."""
        return bool(self._client.is_connected)

    async def ensure_stream(self, publisher: str) -> None:
        """Make the stream of a publishing service, or bring it to what this release wants.

        Raises:
            Unavailable: NATS is away or refuses.
        """
        config = StreamConfig(
            name=stream_of(publisher),
            subjects=[f"{SUBJECT_PREFIX}{publisher}.>"],
            storage=StorageType.FILE,
            discard=DiscardPolicy.OLD,
            max_age=STREAM_AGE_MAX_S,
            max_bytes=STREAM_BYTES_MAX,
            duplicate_window=DEDUPE_WINDOW_S,
            allow_atomic=True,
            num_replicas=self._replicas,
        )
        jetstream = self._jetstream()
        try:
            try:
                await jetstream.add_stream(config)
            except BadRequestError as error:
                if error.err_code != _STREAM_DIFFERS:
                    raise
                await jetstream.update_stream(config)
        except (nats.errors.Error, OSError) as error:
            raise Unavailable(f"NATS: cannot make {config.name}: {error}") from error

    async def publish(self, batch: Sequence[Message]) -> Published:
        """Store a batch, in its order.

        From `ATOMIC_MIN` messages on all go in one atomic batch: one wait for the disk instead of one each. A batch that
        NATS refuses as a whole, because a part of it is stored already, goes one by one, as small ones do: each after the
        last one's acknowledgement, so that none overtakes another whatever breaks.
        """
        if len(batch) >= ATOMIC_MIN:
            try:
                ack = await self._send_atomically(batch)
            except Unavailable as error:
                return Published(0, error)
            if ack.count == len(batch):
                return Published(len(batch), None)
        enough_at = time.monotonic() + ONE_BY_ONE_MAX_S
        for index, message in enumerate(batch):
            try:
                ack = await self._send(message)
            except Unavailable as error:
                return Published(index, error)
            if ack.error is not None:
                text = f"NATS: {ack.error.description} ({ack.error.err_code})"
                return Published(index, Unavailable(text))
            if time.monotonic() > enough_at:
                return Published(index + 1, None)
        return Published(len(batch), None)

    async def _send_atomically(self, batch: Sequence[Message]) -> _Ack:
        batch_id = str(next(self._tokens))
        for sequence, message in enumerate(batch[:-1], start=1):
            await self._send_without_answer(message, _batch_headers(batch_id, sequence), "")
        return await self._send(batch[-1], _batch_headers(batch_id, len(batch)) | {"Nats-Batch-Commit": "1"})

    async def _send(self, message: Message, more: Mapping[str, str] = _NO_HEADERS) -> _Ack:
        """Publish and wait for the answer.

        Raises:
            NoStream: There is no stream for the subject.
            Unavailable: NATS is away or does not answer in time; the message may be stored all the same.
        """
        token = str(next(self._tokens))
        answer = self._answers[token] = asyncio.get_running_loop().create_future()
        try:
            await self._send_without_answer(message, more, self._answer_prefix + token)
            async with asyncio.timeout(ACK_TIMEOUT_S):
                return _ack(await answer)
        except TimeoutError:
            raise Unavailable("NATS did not acknowledge in time") from None
        finally:
            self._answers.pop(token, None)

    async def _send_without_answer(self, message: Message, more: Mapping[str, str], reply: str) -> None:
        if not self.is_connected or not self._answer_prefix:
            raise Unavailable("NATS is away")
        headers = {"Nats-Msg-Id": message.message_id, **message.headers, **more}
        try:
            await self._client.publish(message.subject, message.payload, reply=reply, headers=headers)
        except (nats.errors.Error, OSError) as error:
            raise Unavailable(f"NATS is away: {error}") from error

    async def subscribe(self, publisher: str, config: ConsumerConfig) -> Subscription:
        """Make the stream and the consumer where they are missing, and ask for messages.

        Args:
            publisher: Whose stream.
            config: The consumer; one without a durable name lives as long as the subscription.

        Raises:
            Unavailable: NATS is away or refuses.
        """
        await self.ensure_stream(publisher)
        stream = stream_of(publisher)
        try:
            info = await self._jetstream().add_consumer(stream, config)
            subscription = Subscription(self._client, stream, info.name, acks=config.durable_name is not None)
            await subscription.open()
        except (nats.errors.Error, OSError) as error:
            raise Unavailable(f"NATS: cannot consume {config.filter_subject}: {error}") from error
        return subscription

    async def delete(
        self, publisher: str, subject: str, event_ids: Collection[str], *, since: datetime
    ) -> int:
        """Delete events from a stream, and return how many were there. What is written over them is noise.

        Args:
            publisher: Whose stream.
            subject: The subject of all of them.
            event_ids: Their ids.
            since: A moment before the first of them.

        Raises:
            Unavailable: NATS is away or refuses.
        """
        config = ConsumerConfig(
            filter_subject=subject,
            deliver_policy=DeliverPolicy.BY_START_TIME,
            opt_start_time=since.isoformat(),  # type: ignore[arg-type]  # It is sent as it is; the server reads text.
            ack_policy=AckPolicy.NONE,
            inactive_threshold=DELETING_IDLE_S,
        )
        found: list[int] = []
        async with await self.subscribe(publisher, config) as subscription:
            left = (
                await self._jetstream().consumer_info(stream_of(publisher), subscription.consumer)
            ).num_pending
            while left:
                for message in await subscription.next(PULL_MESSAGES_MAX):
                    left = message.metadata.num_pending
                    if (message.headers or {}).get("ce-id") in event_ids:
                        found.append(message.metadata.sequence.stream)
        try:
            for sequence in found:
                await self._jetstream().delete_msg(stream_of(publisher), sequence)
        except (nats.errors.Error, OSError) as error:
            raise Unavailable(f"NATS: {error}") from error
        return len(found)

    async def backlog(self, publisher: str, consumer: str) -> tuple[int, int]:
        """Return how many messages a durable consumer has not been given, and was given but has not acknowledged.

        Raises:
            Unavailable: NATS is away, or there is no such consumer.
        """
        try:
            info = await self._jetstream().consumer_info(stream_of(publisher), consumer)
        except (nats.errors.Error, OSError) as error:
            raise Unavailable(f"NATS: {error}") from error
        return info.num_pending or 0, info.num_ack_pending or 0

    async def stream_created_at(self, publisher: str) -> str:
        """Return what tells one making of a stream from the next.

        Raises:
            Unavailable: NATS is away, or there is no such stream.
        """
        try:
            return str((await self._jetstream().stream_info(stream_of(publisher))).created)
        except (nats.errors.Error, OSError) as error:
            raise Unavailable(f"NATS: {error}") from error

    def _jetstream(self) -> JetStreamContext:
        if not self.is_connected:
            raise Unavailable("NATS is away")
        return self._client.jetstream(timeout=ACK_TIMEOUT_S)

    async def _keep_connected(self, ready: asyncio.Event) -> None:
        """Connect, and connect anew whenever the client gives up, which it does on any error that the server names."""
        while True:
            self._closed.clear()
            client = Client()
            try:
                await client.connect(
                    self._url.reveal().split(","),
                    name=self._service,
                    connect_timeout=CONNECT_TIMEOUT_S,
                    reconnect_time_wait=RECONNECT_WAIT_S,  # type: ignore[arg-type]  # It sleeps; a float will do.
                    max_reconnect_attempts=-1,
                    ping_interval=PING_EVERY_S,
                    max_outstanding_pings=PINGS_MISSED_MAX,
                    pending_size=0,  # What cannot be sent now is not kept: its sender will try again.
                    error_cb=self._on_error,
                    disconnected_cb=self._on_disconnected,
                    reconnected_cb=self._on_reconnected,
                    closed_cb=self._on_closed,
                )
                prefix = client.new_inbox()
                await client.subscribe(f"{prefix}.*", cb=self._on_answer)
                self._client, self._answer_prefix = client, f"{prefix}."
                log.info("connected to NATS", service=self._service)
                ready.set()
                await self._closed.wait()
            except (nats.errors.Error, OSError) as error:
                log.warning("cannot connect to NATS", service=self._service, error=str(error))
            finally:
                await client.close()
            await asyncio.sleep(RECONNECT_WAIT_S)

    async def _on_answer(self, message: Msg) -> None:
        answer = self._answers.get(message.subject.removeprefix(self._answer_prefix))
        if answer is not None and not answer.done():
            answer.set_result(message)

    async def _on_error(self, error: Exception) -> None:
        log.debug("NATS", service=self._service, error=str(error))

    async def _on_disconnected(self) -> None:
        if not self._is_closing:
            log.warning("NATS is away", service=self._service)
        for answer in self._answers.values():
            if not answer.done():
                answer.set_result(None)

    async def _on_reconnected(self) -> None:
        log.info("NATS is back", service=self._service)

    async def _on_closed(self) -> None:
        self._closed.set()


def stream_of(publisher: str) -> str:
    """Return the name of a service's stream: `SAMOVAR_AUTH`."""
    return f"SAMOVAR_{publisher.upper()}"


def _batch_headers(batch_id: str, sequence: int) -> dict[str, str]:
    """Return what makes a message part of an atomic batch (ADR-50 of NATS)."""
    return {"Nats-Batch-Id": batch_id, "Nats-Batch-Sequence": str(sequence)}


def _ack(answer: Msg | None) -> _Ack:
    """Read the answer to a publication; there is none when the connection broke.

    Raises:
        NoStream: There is no stream for the subject.
        Unavailable: It is no answer of JetStream's.
    """
    if answer is None:
        raise Unavailable("the connection to NATS broke")
    if (answer.headers or {}).get("Status") == _NO_RESPONDERS:
        raise NoStream("NATS has no stream for the subject")
    try:
        return msgspec.json.decode(answer.data, type=_Ack)
    except msgspec.DecodeError as error:
        raise Unavailable(f"NATS answered nonsense: {error}") from error
