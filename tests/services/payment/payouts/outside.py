"""The bank and the tax service, as payouts meet them: real HTTP on a free port, in the dialects of T-API and of statusnpd.nalog.ru."""

import asyncio
import json
from typing import Any

from aiohttp import web


class Outside:
    """Both of them, and what a test lets them do.

    Attributes:
        url: Where they answer.
        payments: What the bank was told, by id, with where it stands.
        refuses: The bank makes no payment.
        loses: It makes the payment, and its answer is lost.
        is_away: It answers 503 and does nothing.
        payers: The INN of those who pay НПД; None: the tax service is away.
    """

    url: str

    def __init__(self) -> None:
        self.payments: dict[str, dict[str, Any]] = {}
        self.asked: list[str] = []
        self.refuses = False
        self.loses = False
        self.is_away = False
        self.payers: set[str] | None = set()
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        app = web.Application()
        app.router.add_post("/api/v1/payment/ruble-transfer/pay", self._pay)
        app.router.add_get("/api/v1/payment/{id}", self._state)
        app.router.add_post("/api/v1/tracker/taxpayer_status", self._status)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"

    async def stop(self) -> None:
        if self._runner:
            await self._runner.cleanup()

    def settle(self, status: str, message: str | None = None) -> None:
        """Let all payments end so."""
        for payment in self.payments.values():
            payment.update({"status": status} | ({"errorMessage": message} if message else {}))

    async def _pay(self, request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == "Bearer a token"
        raw = await request.text()
        order = json.loads(raw, parse_float=str)
        self.asked.append(order["id"])
        await asyncio.sleep(0)
        if self.is_away:
            return web.Response(status=503)
        if self.refuses:
            return web.json_response(
                {"errorCode": "ACCOUNT_CLOSED", "errorMessage": "Счёт закрыт"}, status=422
            )
        self.payments.setdefault(order["id"], {"status": "IN_PROGRESS", "order": order})
        return web.Response(status=500 if self.loses else 201)

    async def _state(self, request: web.Request) -> web.Response:
        if self.is_away:
            return web.Response(status=503)
        payment = self.payments.get(request.match_info["id"])
        return web.json_response(payment) if payment else web.json_response({}, status=404)

    async def _status(self, request: web.Request) -> web.Response:
        if self.payers is None:
            return web.json_response({"code": "taxpayer.status.service.limited.error"}, status=422)
        inn = (await request.json())["inn"]
        return web.json_response({"status": inn in self.payers, "message": "…"})
