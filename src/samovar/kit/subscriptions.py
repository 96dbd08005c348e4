"""What a consumer gets out of a stream: a standing request, answered as messages come.

The client library's own `fetch` keeps the first message back until the batch is full or its time is over.
"""

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime
from types import TracebackType
from typing import Self
from uuid import UUID

import nats.errors
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription as Inbox

from samovar.kit.errors import Unavailable
from samovar.kit.events import Delivery

PULL_MESSAGES_MAX = 128
PULL_EXPIRES_S = 30.0
HEARTBEAT_S = 1.0
SILENCE_MAX_S = 3.0
# Longer than NATS may be silent, so that work on a message goes on uninterrupted by a second delivery.
ACK_WAIT_S = 30.0
REQUEST_TIMEOUT_S = 5.0
RETRY_MIN_S = 0.2
RETRY_MAX_S = 5.0

_NANOSECONDS = 1_000_000_000
_HEARTBEAT, _NOTHING, _EXPIRED = "100", "404", "408"

log = structlog.get_logger(__name__)


class Subscription:
    """A standing request for the messages of one consumer; made by `Bus.subscribe`.

    What was handed out and not yet acknowledged is reported as still in work, so that slow handling brings no second
    delivery.
    """

    def __init__(self, client: Client, stream: str, consumer: str, *, acks: bool) -> None:
        self._client = client
        self._subject = f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{consumer}"
        self._stream = stream
        self._consumer = consumer
        self._acks = acks
        self._inbox: Inbox | None = None
        self._reply = ""
        self._arrived: deque[Msg] = deque()
        self._held: dict[str, Msg] = {}
        self._wake = asyncio.Event()
        self._asked_for = 0
        self._fault: str | None = None
        self._keeper: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop asking; what is not done with is given back at once."""
        if self._keeper is not None:
            self._keeper.cancel()
        with suppress(nats.errors.Error, OSError):
            if self._inbox is not None:
                await self._inbox.unsubscribe()
            for message in self._held.values():
                await message.nak()
            if not self._acks:
                await self._client.jetstream(timeout=REQUEST_TIMEOUT_S).delete_consumer(
                    self._stream, self._consumer
                )

    @property
    def consumer(self) -> str:
        """The consumer's name."""
        return self._consumer

    async def open(self) -> None:
        """Begin to listen."""
        self._reply = self._client.new_inbox()
        self._inbox = await self._client.subscribe(self._reply, cb=self._on_message)
        if self._acks:
            self._keeper = asyncio.create_task(self._keep_held())

    async def next(self, count_max: int) -> list[Msg]:
        """Wait for messages and return at least one, at most `count_max`, in the stream's order.

        Raises:
            Unavailable: The consumer has gone or NATS is silent: subscribe anew.
        """
        while not self._arrived:
            if self._fault is not None:
                raise Unavailable(f"NATS: {self._consumer}: {self._fault}")
            if self._asked_for <= 0:
                await self._ask()
            self._wake.clear()
            try:
                async with asyncio.timeout(SILENCE_MAX_S):
                    await self._wake.wait()
            except TimeoutError:
                raise Unavailable(f"NATS is silent about {self._consumer}") from None
        return [self._arrived.popleft() for _ in range(min(count_max, len(self._arrived)))]

    async def acknowledge(self, message: Msg) -> None:
        """Tell NATS that the message is done with; when that gets lost, it comes again."""
        self._held.pop(message.reply, None)
        with suppress(nats.errors.Error, OSError):
            await message.ack()

    async def ask_again(self, message: Msg, delay_s: float) -> None:
        """Have the message delivered again, after a while."""
        self._held.pop(message.reply, None)
        with suppress(nats.errors.Error, OSError):
            await message.nak(delay=delay_s)

    async def _ask(self) -> None:
        self._asked_for = PULL_MESSAGES_MAX
        request = {
            "batch": PULL_MESSAGES_MAX,
            "expires": int(PULL_EXPIRES_S * _NANOSECONDS),
            "idle_heartbeat": int(HEARTBEAT_S * _NANOSECONDS),
        }
        try:
            await self._client.publish(self._subject, json.dumps(request).encode(), reply=self._reply)
        except (nats.errors.Error, OSError) as error:
            raise Unavailable(f"NATS is away: {error}") from error

    async def _on_message(self, message: Msg) -> None:
        status = (message.headers or {}).get("Status")
        if status is None:
            self._asked_for -= 1
            self._arrived.append(message)
            if self._acks:
                self._held[message.reply] = message
        elif status in {_NOTHING, _EXPIRED}:
            self._asked_for = 0
        elif status != _HEARTBEAT:
            self._fault = f"{status} {(message.headers or {}).get('Description', '')}"
        self._wake.set()

    async def _keep_held(self) -> None:
        while True:
            await asyncio.sleep(ACK_WAIT_S / 3)
            for message in tuple(self._held.values()):
                with suppress(nats.errors.Error, OSError):
                    await message.in_progress()


async def follow(
    consumer: str,
    subscribe: Callable[[], Awaitable[Subscription]],
    handle: Callable[[Subscription, Sequence[Msg]], Awaitable[None]],
    *,
    batch_max: int,
) -> None:
    """Handle what a consumer gets, until cancelled; subscribe anew whenever that breaks.

    When cancelled, the batch in hand is finished first.
    """
    wait_s = RETRY_MIN_S
    waiting = False
    while True:
        try:
            async with await subscribe() as subscription:
                if waiting:
                    waiting = False
                    log.info("a consumer goes on", consumer=consumer)
                while True:
                    messages = await subscription.next(batch_max)
                    await _to_its_end(handle(subscription, messages))
                    wait_s = RETRY_MIN_S
        except Unavailable as error:
            if not waiting:
                log.warning("a consumer waits", consumer=consumer, error=str(error))
            waiting = True
        except Exception:
            log.exception("a consumer failed", consumer=consumer)
        await asyncio.sleep(wait_s)
        wait_s = min(wait_s * 2, RETRY_MAX_S)


def delivery_of(message: Msg) -> Delivery:
    """Read how a message came.

    Raises:
        ValueError: Its CloudEvents headers are missing or broken.
    """
    headers = {name.lower(): value for name, value in (message.headers or {}).items()}
    try:
        event_id, published_at = UUID(headers["ce-id"]), datetime.fromisoformat(headers["ce-time"])
    except KeyError as error:
        raise ValueError(f"the header {error} is missing") from None
    return Delivery(
        id=event_id,
        time=published_at,
        subject=message.subject,
        attempt=message.metadata.num_delivered,
        headers=headers,
    )


async def _to_its_end(work: Awaitable[None]) -> None:
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise
