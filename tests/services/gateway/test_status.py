"""The platform says how it is, also when parts of it are away."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from samovar.kit.settings import PlatformSettings, Secret, ServiceAddress
from samovar.services.gateway import status
from samovar.services.gateway.status import Statuses

READY = {"status": "ready", "checks": {"redis": {"ok": True, "vital": False, "detail": "answers"}}}
DEGRADED = {
    "status": "degraded",
    "checks": {"redis": {"ok": False, "vital": False, "detail": "refused by 10.0.0.1"}},
}


class Probed:
    """Services that answer `/readyz` as the test says.

    Attributes:
        asked: The names of those that were asked, in that order.
    """

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._addresses: dict[str, str] = {}
        self._runners: list[web.AppRunner] = []

    async def start(self, name: str, answer: object) -> None:
        async def readyz(_request: web.Request) -> web.Response:
            self.asked.append(name)
            return web.Response(text=answer) if isinstance(answer, str) else web.json_response(answer)

        app = web.Application()
        app.router.add_get("/readyz", readyz)
        runner = web.AppRunner(app)
        self._runners.append(runner)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self._addresses[name] = f"127.0.0.1:{runner.addresses[0][1]}"

    async def stop(self) -> None:
        for runner in self._runners:
            await runner.cleanup()

    def statuses(self, session: aiohttp.ClientSession, *names: str) -> Statuses:
        none = Secret("none")
        platform = PlatformSettings(
            redis_url=none,
            nats_url=none,
            rpc_secret=none,
            addresses={
                name: ServiceAddress(rest=self._addresses.get(name, "127.0.0.1:1"), rpc="") for name in names
            },
        )
        return Statuses(session, platform, list(names), timeout_s=1)


@pytest.fixture
async def probed() -> AsyncIterator[Probed]:
    probed = Probed()
    for name, answer in {"auth": READY, "social": DEGRADED, "odd": "not json"}.items():
        await probed.start(name, answer)
    yield probed
    await probed.stop()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def test_every_service_is_shown_with_what_it_depends_on(
    probed: Probed, session: aiohttp.ClientSession
) -> None:
    found = await probed.statuses(session, "auth", "social", "odd", "away").now()
    assert found.status == "degraded"
    assert {name: one.status for name, one in found.services.items()} == {
        "auth": "ready",
        "social": "degraded",
        "odd": "unreachable",
        "away": "unreachable",
    }
    # Whether it answers; not the address at which it does not.
    assert found.services["social"].checks == {"redis": False}


async def test_all_ready_is_ready_and_none_is_unavailable(
    probed: Probed, session: aiohttp.ClientSession
) -> None:
    assert (await probed.statuses(session, "auth").now()).status == "ready"
    assert (await probed.statuses(session, "away").now()).status == "unavailable"


async def test_many_who_ask_at_once_cost_one_question(
    probed: Probed, session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    statuses = probed.statuses(session, "auth")
    for _ in range(10):
        await statuses.now()
    assert probed.asked == ["auth"]
    monkeypatch.setattr(status, "KEPT_S", 0.0)
    await probed.statuses(session, "auth").now()
    assert probed.asked == ["auth", "auth"]
