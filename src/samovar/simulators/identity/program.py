"""All services as one program on one port."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

from samovar.simulators.identity import services
from samovar.simulators.identity.clients import Service, settings_of
from samovar.simulators.identity.faults import FAULTS, Faults
from samovar.simulators.identity.signing import MiniAppSigner, RsaSigner

HOST = "127.0.0.1"
BODY_BYTES_MAX = 65_536
SHUTDOWN_TIMEOUT_S = 0.1


@dataclass(frozen=True)
class Simulators:
    """The running program, for those who start it themselves.

    Attributes:
        address: `http://127.0.0.1:port`.
        faults: What each service does wrong.
        telegram: Signs as the simulated Telegram bot.
        rsa: Signs Telegram's ID tokens.
    """

    address: str
    faults: Faults = field(default_factory=Faults)
    telegram: MiniAppSigner = field(default_factory=services.telegram_signer)
    rsa: RsaSigner = field(default_factory=RsaSigner)

    def plant(self, service: Service, fault: str) -> None:
        """Let a service do something wrong from now on."""
        self.faults.plant(service, fault)

    def application(self) -> web.Application:
        """Return the application."""
        application = web.Application(client_max_size=BODY_BYTES_MAX)
        application.add_routes(
            [
                web.get("/", self._index),
                web.get("/healthz", _say_ok),
                web.put("/faults/{service}", self.faults.put),
                *services.vk(self.faults),
                *services.yandex(self.faults),
                *services.tid(self.faults),
                *services.sber(self.faults, self.address),
                *services.telegram(self.faults, self.address, self.rsa, self.telegram),
                *services.max_messenger(),
            ]
        )
        return application

    async def _index(self, request: web.Request) -> web.Response:
        """Say what is here; the settings are those of the platform in development."""
        del request
        return web.json_response(
            {
                "settings": settings_of(self.address),
                "signed_data": [
                    f"{self.address}/telegram/signed?person=anna",
                    f"{self.address}/max/signed?person=anna",
                ],
                "faults": {"how": f"PUT {self.address}/faults/vk", "which": FAULTS},
            }
        )


async def _say_ok(request: web.Request) -> web.Response:
    del request
    return web.Response(text="ok")


@asynccontextmanager
async def running(port: int, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[Simulators]:
    """Run the program for as long as the block lasts.

    Args:
        port: Where it listens.
        tls: For a service that is reached over TLS, as Sber ID with its client certificates.
    """
    simulators = Simulators(f"{'https' if tls else 'http'}://{HOST}:{port}")
    runner = web.AppRunner(simulators.application(), access_log=None, shutdown_timeout=SHUTDOWN_TIMEOUT_S)
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, port, ssl_context=tls, reuse_address=True).start()
        yield simulators
    finally:
        await runner.cleanup()
