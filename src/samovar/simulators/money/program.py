"""All of them as one program on one port."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Handler

from samovar.simulators.bank.desk import Bank
from samovar.simulators.fiscal.desk import Fiscal
from samovar.simulators.money.faults import Faults
from samovar.simulators.money.keeping import Keeping
from samovar.simulators.payments.page import layout
from samovar.simulators.payments.program import Payments
from samovar.simulators.payments.words import language_of
from samovar.simulators.taxpayers.desk import Taxpayers

HOST = "127.0.0.1"
BODY_BYTES_MAX = 262_144
SHUTDOWN_TIMEOUT_S = 0.1
_FRONT = {
    "ru": (
        "Деньги",
        "Имитаторы для разработки: платёжные сервисы, онлайн-касса и банк. Деньги не двигаются.",
        ("Платежи", "Чеки", "Выплаты"),
    ),
    "en": (
        "Money",
        "Simulators for development: payment providers, cash registers and a bank. No money moves.",
        ("Payments", "Receipts", "Payouts"),
    ),
}


class Program:
    """Everything, and what goes wrong on request."""

    def __init__(self, address: str, webhooks: str | None, keeping: Keeping) -> None:
        self._keeping = keeping
        self._faults = Faults(keeping.commit)
        self._payments = Payments(address, webhooks, self._faults, keeping)
        self._fiscal = Fiscal(address, self._faults, keeping)
        self._bank = Bank(self._faults, keeping)
        self._taxpayers = Taxpayers(self._faults)

    def application(self) -> web.Application:
        """Return the application."""
        application = web.Application(client_max_size=BODY_BYTES_MAX, middlewares=[self._kept])
        application.add_routes(
            [
                web.get("/", self._front),
                web.get("/healthz", _say_ok),
                web.put("/faults/{side}", self._ask_fault),
                web.delete("/faults", self._behave),
                *self._payments.routes(),
                *self._fiscal.routes(),
                *self._bank.routes(),
                *self._taxpayers.routes(),
            ]
        )
        application.cleanup_ctx.append(self._payments.run)
        return application

    @web.middleware
    async def _kept(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let what a request has done outlive the process before it is answered."""
        try:
            return await handler(request)
        finally:
            self._keeping.commit()

    async def _front(self, request: web.Request) -> web.Response:
        language = language_of(request.query.get("lang") or request.headers.get("accept-language") or "")
        title, about, names = _FRONT[language]
        links = "".join(
            f'<section class="box"><a class="button main" href="{path}?lang={language}">{name}</a></section>'
            for path, name in zip(("/payments", "/receipts", "/payouts"), names, strict=True)
        )
        content = f'<h1>{title}</h1><p class="demo">{about}</p>{links}'
        return web.Response(
            text=layout(title, content, language=language, narrow=True), content_type="text/html"
        )

    async def _ask_fault(self, request: web.Request) -> web.Response:
        """Misbehave; see `faults`."""
        try:
            wanted = await request.json()
            self._faults.ask(request.match_info["side"], wanted)
        except (AttributeError, TypeError, ValueError) as error:
            return web.json_response({"error": str(error)}, status=422)
        return web.Response(status=204)

    async def _behave(self, request: web.Request) -> web.Response:
        """Behave; what was held back goes on."""
        del request
        self._faults.clear()
        self._payments.behave()
        return web.Response(status=204)


async def _say_ok(request: web.Request) -> web.Response:
    del request
    return web.json_response({"status": "ok"})


@asynccontextmanager
async def running(
    port: int, *, webhooks: str | None = None, folder: Path | None = None
) -> AsyncIterator[str]:
    """Run the program for as long as the block lasts, and return its address; what it keeps in the folder it knows the next time."""
    address = f"http://{HOST}:{port}"
    keeping = Keeping(folder)
    runner = web.AppRunner(
        Program(address, webhooks, keeping).application(),
        access_log=None,
        shutdown_timeout=SHUTDOWN_TIMEOUT_S,
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, port, reuse_address=True).start()
        yield address
    finally:
        await runner.cleanup()
        keeping.close()
