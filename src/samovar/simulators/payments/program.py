"""Both providers put together: their calls with their faults, the pages, the notifications."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

from aiohttp import web

from samovar.simulators.money.faults import Faults, Handler
from samovar.simulators.money.keeping import Keeping
from samovar.simulators.payments import tbank, yookassa_parts
from samovar.simulators.payments.book import Book, Payment, Refund
from samovar.simulators.payments.desk import Desk
from samovar.simulators.payments.tbank import TBank
from samovar.simulators.payments.webhooks import Sender
from samovar.simulators.payments.yookassa import YooKassa

TICK_S = 1.0


class Payments:
    """The two providers.

    Args:
        address: `http://host:port` of the program.
        webhooks: Where notifications go: this address and `/yookassa` or `/tbank`; without one nowhere until a test says so.
        keeping: Where payments outlive the process.
    """

    def __init__(self, address: str, webhooks: str | None, faults: Faults, keeping: Keeping) -> None:
        self._keeping = keeping
        self._faults = faults
        self._sender = Sender(self._faults)
        if webhooks:
            self._sender.urls = {name: f"{webhooks}/{name}" for name in self._sender.urls}
        self._book = Book(self._notify, keeping)
        self._yookassa = YooKassa(self._book, self._sender, address, keeping)
        self._tbank = TBank(self._book, self._sender, address, keeping)
        self._desk = Desk(self._book, self._sender, address)

    def routes(self) -> list[web.RouteDef]:
        """Return all routes."""
        calls = [
            *((self._yookassa, "yookassa", *call) for call in self._yookassa.routes()),
            *((self._tbank, "tbank", *call) for call in self._tbank.routes()),
        ]
        return [
            *(
                web.route(method, path, self._spoilt(dialect, side, operation, handler))
                for dialect, side, method, path, operation, handler in calls
            ),
            *self._desk.routes(),
        ]

    def behave(self) -> None:
        """Let go what was held back, and let refunds succeed at once."""
        self._book.refunds_wait = False
        self._sender.release()

    async def run(self, application: web.Application) -> AsyncIterator[None]:
        """Send notifications and let time pass while the program runs."""
        del application
        await self._sender.open()
        ticking = asyncio.create_task(self._tick())
        yield
        ticking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await ticking
        await self._sender.close()

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            for payment_id in list(self._book.payments):
                self._book.find(payment_id)
            self._keeping.commit()

    def _notify(self, kind: str, payment: Payment, refund: Refund | None) -> None:
        dialect: Any = self._yookassa if payment.provider == "yookassa" else self._tbank
        dialect.notify(kind, payment, refund)

    def _spoilt(self, dialect: Any, side: str, operation: str, handler: Any) -> Handler:
        words: Any = yookassa_parts if side == "yookassa" else tbank

        async def handle(request: web.Request) -> web.Response:
            answer: web.Response = await dialect.answer(request, handler)
            return answer

        return self._faults.spoil(
            side,
            operation,
            handle,
            wrong_amount=words.spoiled,
            unknown_payment=lambda _: words.unknown(),
        )
