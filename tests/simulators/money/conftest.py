"""Calls in the dialects of the simulated services."""

import asyncio
import base64
import hashlib
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import aiohttp
import pytest
from aiohttp import web

from samovar.testing.money import WAIT_S, SimulatedMoney


class YooKassaCaller:
    """Speaks YooKassa's API."""

    def __init__(self, money: SimulatedMoney) -> None:
        self._url = money.settings["yookassa_url"]
        self._shop_id = money.settings["yookassa_shop_id"]
        self._secret = money.settings["yookassa_secret_key"]

    async def call(
        self, method: str, path: str, body: Any = None, *, key: str | None = None, secret: str | None = None
    ) -> tuple[int, dict[str, Any]]:
        """Return status and body."""
        word = base64.b64encode(f"{self._shop_id}:{secret or self._secret}".encode()).decode()
        headers = {"Authorization": f"Basic {word}"}
        if method == "POST":
            headers["Idempotence-Key"] = str(uuid4()) if key is None else key
        async with (
            aiohttp.ClientSession() as session,
            session.request(method, f"{self._url}{path}", json=body, headers=headers) as answer,
        ):
            return answer.status, await answer.json()

    async def create(self, value: str = "1299.00", **more: Any) -> dict[str, Any]:
        """Make a payment that is captured at once."""
        status, made = await self.call("POST", "/payments", self.payment(value, **more))
        assert status == 200, made
        return made

    @staticmethod
    def payment(value: str = "1299.00", **more: Any) -> dict[str, Any]:
        """Return the body of a new payment."""
        return {
            "amount": {"value": value, "currency": "RUB"},
            "capture": True,
            "confirmation": {"type": "redirect", "return_url": "http://127.0.0.1:1/back"},
            "description": "Заказ 42",
            **more,
        }


class TBankCaller:
    """Speaks T-Bank's API."""

    def __init__(self, money: SimulatedMoney) -> None:
        self._money = money

    async def call(self, name: str, *, password: str | None = None, **body: Any) -> dict[str, Any]:
        """Sign, call, and return the answer."""
        settings = self._money.settings
        body["TerminalKey"] = settings["tbank_terminal_key"]
        body["Token"] = sign(body, password or settings["tbank_password"])
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{settings['tbank_url']}/{name}", json=body) as answer,
        ):
            return dict(await answer.json())


def sign(body: dict[str, Any], password: str) -> str:
    """Return the token of a body."""
    flat = {name: value for name, value in body.items() if not isinstance(value, dict | list)}
    flat["Password"] = password
    words = [
        str(flat[name]) if not isinstance(flat[name], bool) else str(flat[name]).lower()
        for name in sorted(flat)
    ]
    return hashlib.sha256("".join(words).encode()).hexdigest()


@pytest.fixture
def yookassa(money: SimulatedMoney) -> YooKassaCaller:
    """Return who speaks YooKassa's API."""
    return YooKassaCaller(money)


@pytest.fixture
def tbank(money: SimulatedMoney) -> TBankCaller:
    """Return who speaks T-Bank's API."""
    return TBankCaller(money)


class Shop:
    """Where notifications arrive: a small real server.

    Attributes:
        url: Its address.
        heard: The bodies that came, oldest first.
        answers: What it answers next: a status and a text; then 200 and OK.
    """

    def __init__(self) -> None:
        self.url = ""
        self.heard: list[dict[str, Any]] = []
        self.answers: list[tuple[int, str]] = []

    async def hear(self, request: web.Request) -> web.Response:
        """Take a notification."""
        self.heard.append(await request.json())
        status, text = self.answers.pop(0) if self.answers else (200, "OK")
        return web.Response(status=status, text=text)

    async def until(self, count: int) -> list[dict[str, Any]]:
        """Wait until `count` notifications have come."""
        async with asyncio.timeout(WAIT_S):
            while len(self.heard) < count:  # noqa: ASYNC110  another process decides
                await asyncio.sleep(0.01)
        return self.heard


@pytest.fixture
async def shop(money: SimulatedMoney) -> AsyncIterator[Shop]:
    """Return a shop that the providers notify."""
    shop, application = Shop(), web.Application()
    application.add_routes([web.post("/{provider}", shop.hear)])
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    shop.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    await money.webhooks_to(shop.url)
    yield shop
    await money.webhooks_to(None)
    await runner.cleanup()
