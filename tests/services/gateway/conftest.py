"""A real Envoy with the compiled configuration of a small contract, a real edge with Redis, and a shop behind them."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar, cast
from uuid import UUID, uuid4

import aiohttp
import msgspec
import pytest
from joserfc import jwt
from redis.asyncio import Redis
from yarl import URL

from samovar.embedded.envoy import EnvoyServer
from samovar.embedded.ports import ReservedPort
from samovar.kit.clock import SystemClock
from samovar.kit.errors import Unavailable
from samovar.kit.i18n import Catalogue
from samovar.kit.identity.keys import KeySet
from samovar.kit.identity.revocations import Revocations
from samovar.kit.identity.verifier import Verifier
from samovar.kit.limits import Limits
from samovar.kit.settings import PlatformSettings, Secret, ServiceAddress
from samovar.services.auth.contract.v1_pb2 import ExchangeApiKeyRequest, ExchangeApiKeyResponse
from samovar.services.gateway.domain import RouteTable, route_table
from samovar.services.gateway.edge.api_keys import ApiKeys
from samovar.services.gateway.edge.application import Edge
from samovar.services.gateway.edge.authz import Authorisation
from samovar.services.gateway.edge.cache import ResponseCache
from samovar.services.gateway.edge.server import EdgeServer
from samovar.services.gateway.edge.upstream import Services
from samovar.services.gateway.envoy import listener
from samovar.services.gateway.envoy.compiler import structure
from samovar.services.gateway.envoy.filling import Listening, fill, places, write
from samovar.services.gateway.settings import GatewaySettings
from samovar.testing.hosting import WAIT_S
from samovar.testing.issuer import ORIGIN, Issuer
from tests.services.gateway.shop import Shop, contract, routes

PAGES_ORIGIN = "https://pages.example"
CACHE_BYTES_MAX = 1_000_000
_POLL_S = 0.02

T = TypeVar("T")


class Answer(msgspec.Struct, frozen=True):
    """What came back.

    Attributes:
        headers: Names in lower case.
        body: Decoded where it is JSON.
    """

    status: int
    headers: Mapping[str, str]
    body: Any


async def until(true: Callable[[], Awaitable[T]]) -> T:
    """Ask until the answer is true, and return it."""
    async with asyncio.timeout(WAIT_S):
        while True:
            if value := await true():
                return value
            await asyncio.sleep(_POLL_S)


class Gateway:
    """The gateway, as a test speaks to it.

    Attributes:
        table: What Envoy was compiled from.
        lines: What Envoy has written.
        cache: The edge's.
    """

    def __init__(
        self,
        table: RouteTable,
        envoy: EnvoyServer,
        shop: Shop,
        issuer: Issuer,
        platform: PlatformSettings,
        lines: list[str],
    ) -> None:
        self.table = table
        self.envoy = envoy
        self.shop = shop
        self.lines = lines
        self.cache: ResponseCache
        self.redis: Redis
        self.auth = FakeAuth()
        self.inside_port = _free_port()
        self.settings = GatewaySettings(edge_port=_free_port(), cors_origins=(PAGES_ORIGIN,))
        self._issuer = issuer
        self._platform = platform
        self._edge: EdgeServer | None = None
        self._session = aiohttp.ClientSession(
            f"http://127.0.0.1:{envoy.port}", auto_decompress=False, skip_auto_headers=("accept-encoding",)
        )

    async def ask(
        self,
        path: str,
        method: str = "GET",
        *,
        token: str | None = None,
        envoy: EnvoyServer | None = None,
        port: int = 0,
        **more: Any,
    ) -> Answer:
        """Send a request through Envoy, as it stands: the path is not made tidy on the way."""
        headers = dict(more.pop("headers", {})) | ({"authorization": f"Bearer {token}"} if token else {})
        url = URL(f"http://127.0.0.1:{port or (envoy or self.envoy).port}{path}", encoded=True)
        async with self._session.request(method, url, headers=headers, **more) as answer:
            body = await answer.read()
            is_json = "json" in answer.content_type and "content-encoding" not in answer.headers
            return Answer(
                answer.status,
                {name.lower(): value for name, value in answer.headers.items()},
                msgspec.json.decode(body) if is_json and body else body,
            )

    def token(self, *roles: str, account_id: UUID | None = None, **claims: Any) -> str:
        """Return a token for somebody; `claims` replace those of a good one."""
        now = int(time.time())
        good = {
            "iss": ORIGIN,
            "aud": "samovar",
            "sub": str(account_id or uuid4()),
            "sid": str(uuid4()),
            "roles": ["player", *roles],
            "scope": "*",
            "amr": ["pwd"],
            "acr": "aal1",
            "auth_time": now,
            "iat": now,
            "exp": now + 600,
        }
        header = {"alg": "ES256", "typ": "at+jwt", "kid": "test"}
        return jwt.encode(header, good | claims, self._issuer._key)

    def write(self, table: RouteTable, envoy: EnvoyServer | None = None, **changes: Any) -> None:
        """Write an Envoy's files for a route table; if it runs, it takes them over. `changes` are of the platform's settings."""
        envoy = envoy or self.envoy
        folder = envoy.config.parent
        values = places(
            table.services,
            listening=Listening(
                folder=folder,
                port=envoy.port,
                admin_port=envoy.admin_port,
                inside_port=self.inside_port,
            ),
            platform=msgspec.structs.replace(self._platform, **changes),
            settings=self.settings,
        )
        write(folder, {name: fill(part, values) for name, part in structure(table).items()})

    async def start_edge(self) -> None:
        """Run the Python side, with an empty cache."""
        packages = ("samovar.kit", "samovar.services.gateway")
        self.cache = ResponseCache(CACHE_BYTES_MAX)
        edge = Edge(
            self.table,
            authorisation=Authorisation(
                self.table, Limits(self.redis, "gateway"), api_keys(self.auth, self._platform.jwks_url)
            ),
            cache=self.cache,
            services=Services(self._session, self._platform),
            catalogue=Catalogue.load(resources.files(package) / "locale" for package in packages),
        )
        self._edge = EdgeServer(edge.answer, "127.0.0.1", self.settings.edge_port)
        await self._edge.start()

    async def stop_edge(self) -> None:
        """Let the Python side be away."""
        if self._edge:
            await self._edge.stop()
            self._edge = None

    async def admin(self, path: str) -> str:
        """Ask Envoy's admin page."""
        async with self._session.get(f"http://127.0.0.1:{self.envoy.admin_port}{path}") as answer:
            return await answer.text()

    async def statistic(self, name: str) -> int:
        """Return one of Envoy's counters."""
        stats = json.loads(await self.admin(f"/stats?format=json&filter=^{name}$"))["stats"]
        return sum(stat["value"] for stat in stats if "value" in stat)

    async def close(self) -> None:
        """Close the client's side."""
        await self._session.close()


class FakeAuth:
    """Auth, as far as it knows API keys: those in `tokens`; of all others it does not answer."""

    def __init__(self) -> None:
        self.tokens: dict[str, str] = {}

    async def ExchangeApiKey(self, request: ExchangeApiKeyRequest) -> ExchangeApiKeyResponse:  # noqa: N802
        """Answer, or be away."""
        if request.key not in self.tokens:
            raise Unavailable("auth is away")
        return ExchangeApiKeyResponse(access_token=self.tokens[request.key], expires_in_s=600)


def api_keys(auth: FakeAuth, jwks_url: str) -> ApiKeys:
    """Return the edge's API keys, which no revocation reaches."""
    clock = SystemClock()
    verifier = Verifier(
        issuer=ORIGIN, keys=KeySet(jwks_url, clock), revocations=Revocations(Redis(), clock), clock=clock
    )
    return ApiKeys(cast("Any", auth), verifier, clock)


def _free_port() -> int:
    port = ReservedPort()
    port.release()
    return port.number


@pytest.fixture(scope="session")
async def gateway(tmp_path_factory: pytest.TempPathFactory, redis_url: str) -> AsyncIterator[Gateway]:
    """Start Envoy, the edge and the shop."""
    table = route_table([contract(*routes())])
    async with AsyncExitStack() as closing:
        shop, issuer = Shop(), Issuer(ORIGIN)
        for server in (shop, issuer):
            await server.start()
            closing.push_async_callback(server.stop)
        platform = PlatformSettings(
            origin=ORIGIN,
            redis_url=Secret(redis_url),
            nats_url=Secret("nats://127.0.0.1:1"),
            rpc_secret=Secret("none"),
            jwks_url=issuer.jwks_url,
            addresses={
                "shop": ServiceAddress(rest=f"127.0.0.1:{shop.port}", rpc="127.0.0.1:1"),
                "gateway": ServiceAddress(rest="127.0.0.1:1", rpc="127.0.0.1:1"),
                # To Envoy the web client is one more place that answers.
                "client": ServiceAddress(rest=f"127.0.0.1:{shop.port}", rpc="127.0.0.1:1"),
            },
        )
        folder: Path = tmp_path_factory.mktemp("envoy")
        lines: list[str] = []
        envoy = EnvoyServer(folder, folder / "envoy.json", on_line=lines.append)
        gateway = Gateway(table, envoy, shop, issuer, platform, lines)
        closing.push_async_callback(gateway.close)
        redis = await closing.enter_async_context(Redis.from_url(redis_url, db=2))
        gateway.redis = redis
        await gateway.start_edge()
        closing.push_async_callback(gateway.stop_edge)
        with pytest.MonkeyPatch.context() as lowered:
            lowered.setattr(listener, "HEADERS_TIMEOUT", "0.5s")
            lowered.setattr(listener, "STREAM_IDLE_TIMEOUT", "1s")
            gateway.write(table)
            await closing.enter_async_context(envoy)
            yield gateway


@pytest.fixture
async def edge_away(gateway: Gateway) -> AsyncIterator[None]:
    """Stop the Python side for one test."""
    await gateway.stop_edge()
    yield
    await gateway.start_edge()
