"""A process of services: it starts, says what it depends on, and drains."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace

import aiohttp
import pytest

from samovar.embedded.postgres import PostgresServer
from samovar.kit.routes import get
from samovar.kit.runtime import Kit, Service
from samovar.kit.settings import ServiceSettings, SettingsError
from samovar.kit.workers import every
from samovar.testing.hosting import Running, running
from samovar.testing.issuer import Issuer


class Greeter:
    """What `build` makes."""

    def greet(self) -> str:
        return "Здравствуйте"


@get("/v1/greetings", auth="public")
async def greet(greeter: Greeter) -> dict[str, str]:
    """Greet."""
    return {"text": greeter.greet()}


@get("/v1/secrets", auth="staff", permissions=("greeting.secret.read",))
async def show_secret() -> dict[str, str]:
    """Show what only staff may see."""
    return {"secret": "чай"}


async def build(_kit: Kit, _settings: ServiceSettings) -> Mapping[str, object]:
    return {"greeter": Greeter()}


service = Service(
    name="greeting",
    summary="Greets",
    package="samovar.kit.rest",  # has neither migrations nor sentences
    build=build,
    routes=(greet, show_secret),
    permissions={"greeting.secret.read": ("moderator",)},
)


@pytest.fixture(scope="module")
async def greeting(
    postgres: PostgresServer, redis_url: str, nats_url: str, issuer: Issuer
) -> AsyncIterator[Running]:
    async with running(
        service, postgres=postgres, redis_url=redis_url, nats_url=nats_url, issuer=issuer
    ) as started:
        yield started


async def test_a_handler_gets_what_build_made(greeting: Running) -> None:
    answer = await greeting.request("GET", "/v1/greetings")
    assert (answer.status, answer.body) == (200, {"text": "Здравствуйте"})


@pytest.mark.parametrize(
    ("roles", "status"), [(None, 401), (("player",), 403), (("support",), 403), (("moderator",), 200)]
)
async def test_only_those_with_the_permission_pass(
    greeting: Running, roles: tuple[str, ...] | None, status: int
) -> None:
    token = greeting.issuer.token(roles=roles) if roles else None
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    assert (await greeting.request("GET", "/v1/secrets", headers=headers)).status == status


async def test_readiness_names_everything_it_depends_on(greeting: Running) -> None:
    answer = await greeting.request("GET", "/readyz")
    assert (answer.status, answer.body["status"]) == (200, "ready")
    assert set(answer.body["checks"]) == {"greeting.postgresql", "greeting.schema", "nats", "redis"}


async def test_the_metrics_page_counts_requests_by_route(greeting: Running) -> None:
    await greeting.request("GET", "/v1/greetings")
    page = (await greeting.request("GET", "/metrics")).body.decode()
    assert (
        'samovar_http_requests_total{method="GET",route="/v1/greetings",service="greeting",status="200"}'
        in page
    )


async def test_a_stopped_host_listens_no_more(
    postgres: PostgresServer, redis_url: str, nats_url: str, issuer: Issuer
) -> None:
    async with running(
        service, postgres=postgres, redis_url=redis_url, nats_url=nats_url, issuer=issuer
    ) as started:
        address = started.host.rest_address
        phase = started.host.health.phase
    assert (phase, started.host.health.phase) == ("running", "draining")
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientConnectorError):
            await session.get(f"http://{address}/livez")


async def test_a_wrong_setting_is_named_at_start(
    postgres: PostgresServer, redis_url: str, nats_url: str, issuer: Issuer
) -> None:
    with pytest.raises(SettingsError, match="SAMOVAR_GREETING__POOL_SIZE_MAX"):
        async with running(
            service,
            postgres=postgres,
            redis_url=redis_url,
            nats_url=nats_url,
            issuer=issuer,
            pool_size_max="many",
        ):
            pass


async def test_a_worker_runs_the_heavy_jobs_and_serves_nothing_else(
    postgres: PostgresServer, redis_url: str, nats_url: str, issuer: Issuer
) -> None:
    ran = {"inline": asyncio.Event(), "worker": asyncio.Event()}

    @every(0.01)
    async def watch_greetings() -> None:
        ran["inline"].set()

    @every(0.01, where="worker")
    async def count_greetings() -> None:
        ran["worker"].set()

    busy = replace(service, jobs=(watch_greetings, count_greetings))
    async with running(
        busy, postgres=postgres, redis_url=redis_url, nats_url=nats_url, issuer=issuer, where="worker"
    ) as worker:
        async with asyncio.timeout(10):
            await ran["worker"].wait()
        assert (await worker.request("GET", "/v1/greetings")).status == 404
        assert (await worker.request("GET", "/readyz")).status == 200
    assert not ran["inline"].is_set()
