"""Webhooks on their way out: sent again and again until they are taken, spoiled on request."""

import asyncio
import contextlib
import itertools
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from samovar.simulators.money.faults import Faults

KEPT_MAX = 2_000
WAITING_MAX = 10_000
CONCURRENT_MAX = 32
TIMEOUT_S = 10.0
# Real ones go on for a day with growing pauses; a person at a console does not wait so long.
PAUSES_S = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 60.0, 120.0, 300.0)
_OK = 200


@dataclass
class Webhook:
    """One notification.

    Attributes:
        body: What is sent, JSON.
        wrong: What is sent instead by each fault that changes the body.
        needs: The text that the receiver must answer with; empty when 200 is enough.
        answers: What came back, oldest first: a status, or what kept it from arriving.
    """

    number: int
    provider: str
    kind: str
    about: str
    url: str | None
    body: dict[str, Any]
    wrong: dict[str, Callable[[dict[str, Any]], dict[str, Any]]]
    needs: str
    answers: list[str] = field(default_factory=list)
    is_taken: bool = False


class Sender:
    """Sends what the dialects tell it to, within `async with`."""

    def __init__(self, faults: Faults) -> None:
        self.urls: dict[str, str | None] = {"yookassa": None, "tbank": None}
        self.kept: deque[Webhook] = deque(maxlen=KEPT_MAX)
        self._faults = faults
        self._numbers = itertools.count(1)
        self._held: list[Webhook] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._turns = asyncio.Semaphore(CONCURRENT_MAX)
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Be ready to send."""
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_S))

    async def close(self) -> None:
        """Drop what is still on its way."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session:
            await self._session.close()

    def send(
        self,
        *,
        provider: str,
        kind: str,
        about: str,
        body: dict[str, Any],
        wrong: dict[str, Callable[[dict[str, Any]], dict[str, Any]]],
        url: str | None = None,
        needs: str = "",
    ) -> None:
        """Send a notification soon, spoiled if that was asked for; without an address it is only kept."""
        url = url or self.urls[provider]
        webhook = Webhook(next(self._numbers), provider, kind, about, url, body, wrong, needs)
        self.kept.append(webhook)
        if url is None or len(self._tasks) >= WAITING_MAX:
            return
        fault = self._faults.take("webhooks")
        spoiled = fault.kind if fault else ""
        if spoiled in wrong:
            webhook.body = wrong[spoiled](body)
        if spoiled == "reorder":
            self._held.append(webhook)
            return
        if spoiled == "lost":
            webhook.answers.append("lost, as was asked")
            return
        released, self._held = self._held, []
        self._start(webhook, fault.delay_s if fault and spoiled == "delay" else 0.0, then=released)
        if spoiled == "duplicate":
            self._start(webhook, 0.0)

    def again(self, number: int) -> bool:
        """Send a kept notification once more; false when there is none, or no address."""
        for webhook in self.kept:
            if webhook.number == number and (webhook.url or self.urls.get(webhook.provider)):
                webhook.url = webhook.url or self.urls[webhook.provider]
                self._start(webhook, 0.0)
                return True
        return False

    def release(self) -> None:
        """Let go what a `reorder` holds back."""
        released, self._held = self._held, []
        for webhook in released:
            self._start(webhook, 0.0)

    def _start(self, webhook: Webhook, delay_s: float, *, then: list[Webhook] | None = None) -> None:
        task = asyncio.create_task(self._deliver(webhook, delay_s, then or []))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, webhook: Webhook, delay_s: float, then: list[Webhook]) -> None:
        await asyncio.sleep(delay_s)
        for pause_s in (*PAUSES_S, 0.0):
            async with self._turns:
                webhook.is_taken = await self._attempt(webhook)
            for held in then:
                self._start(held, 0.0)
            then = []
            if webhook.is_taken:
                return
            await asyncio.sleep(pause_s)

    async def _attempt(self, webhook: Webhook) -> bool:
        if self._session is None or webhook.url is None:
            return False
        try:
            async with self._session.post(webhook.url, json=webhook.body) as answer:
                text = (await answer.content.read(1_000)).decode(errors="replace")
                webhook.answers.append(str(answer.status))
                return answer.status == _OK and webhook.needs in text
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            webhook.answers.append(repr(error))
            return False
        finally:
            with contextlib.suppress(IndexError):
                del webhook.answers[: -len(PAUSES_S) - 1]
