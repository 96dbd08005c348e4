"""Auth and account in one process, as `samovar serve auth account` runs them, over databases of their own."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import aiohttp
import msgspec
import pytest
from redis.asyncio import Redis

from samovar.cli.serve import refuse_old_roles, refuse_session
from samovar.embedded.ports import ReservedPort
from samovar.embedded.postgres import PostgresServer
from samovar.embedded.simulator import SimulatorServer
from samovar.kit.database import Database
from samovar.kit.host import Host
from samovar.kit.migrations import migrate
from samovar.kit.settings import PlatformSettings, Secret, ServiceAddress
from samovar.services.account.app import service as account_service
from samovar.services.auth.app import service as auth_service
from samovar.testing.hosting import Answer
from samovar.testing.messages import Messages
from tests.services.account.conftest import ACCOUNT_SETTINGS

SERVICES = {"auth": auth_service, "account": account_service}
PASSWORD = "зелёная кочка под луной"
WAIT_S = 30.0


class Somebody(msgspec.Struct):
    """A person who has registered."""

    account_id: UUID
    email: str
    token: str
    name: str


class House:
    """A process of auth and account, and what lies beneath."""

    def __init__(
        self, host: Host, databases: dict[str, Database], messages: Messages, redis_url: str
    ) -> None:
        self.databases = databases
        self.messages = messages
        self.redis_url = redis_url
        self._session = aiohttp.ClientSession(f"http://{host.rest_address}")

    async def ask(self, method: str, path: str, token: str | None = None, **more: Any) -> Answer:
        """Ask over REST."""
        headers = {**more.pop("headers", {}), **({"Authorization": f"Bearer {token}"} if token else {})}
        async with self._session.request(method, path, headers=headers, **more) as answer:
            body = await answer.read()
            is_json = "json" in answer.content_type
            return Answer(
                answer.status, dict(answer.headers), msgspec.json.decode(body) if body and is_json else body
            )

    async def register(self) -> Somebody:
        """Let somebody register whose name and address are nobody else's."""
        # Letters alone: ten digits in a row are taken for a phone number, which no display name may be.
        letters = uuid4().hex.translate(str.maketrans("0123456789", "ghijklmnop"))
        email, name = f"{uuid4().hex}@example.org", f"Имя{letters}"
        answer = await self.ask(
            "POST",
            "/v1/auth/register",
            json={
                "email": email,
                "password": PASSWORD,
                "display_name": name,
                "birth_date": "1990-05-17",
                "country": "RU",
                "consents": ["terms", "personal_data"],
            },
        )
        who = Somebody(UUID(answer.body["account_id"]), email, answer.body["access_token"], name)

        async def has_arrived() -> bool:
            return (await self.ask("GET", "/v1/accounts/me", who.token)).status == 200

        await self.until(has_arrived)
        await self.messages.last(to=email)
        return who

    async def log_in(self, who: Somebody) -> str:
        """Sign in, and return the token."""
        answer = await self.ask("POST", "/v1/auth/login", json={"login": who.email, "password": PASSWORD})
        return str(answer.body["access_token"])

    async def until(self, true: Callable[[], Awaitable[Any]]) -> Any:
        """Wait until something is true, and return it."""
        async with asyncio.timeout(WAIT_S):
            while not (value := await true()):  # noqa: ASYNC110  other tasks decide
                await asyncio.sleep(0.05)
        return value

    async def state(self, who: Somebody, kind: str) -> str | None:
        """Return the state of the latest wish of a kind, as the database has it."""
        found: str | None = await self.databases["account"].fetch_value(
            "SELECT state FROM data_requests WHERE account_id = $1 AND kind = $2 ORDER BY requested_at DESC LIMIT 1",
            who.account_id,
            kind,
        )
        return found

    async def done(self, who: Somebody, kind: str) -> None:
        """Wait until a wish is met."""

        async def is_done() -> bool:
            return await self.state(who, kind) == "done"

        await self.until(is_done)

    async def let_the_grace_pass(self, who: Somebody) -> None:
        """Let the time for second thoughts be over."""
        async with self.databases["account"].transaction() as tx:
            await tx.execute(
                "UPDATE data_requests SET begins_at = now() WHERE account_id = $1 AND kind = 'erasure'",
                who.account_id,
            )
            await tx.execute("UPDATE data_steps SET next_attempt_at = now() WHERE done_at IS NULL")

    async def traces(self, *words: str) -> list[str]:
        """Return where any of the words stands: in which table of which database, or in Redis."""
        found = []
        for name, database in self.databases.items():
            tables = await database.fetch_value(
                """
                SELECT array_agg(format('%I.%I', table_schema, table_name)) FROM information_schema.tables
                WHERE table_schema IN ('public', 'kit') AND table_type = 'BASE TABLE'
                """
            )
            for table in tables:
                for word in words:
                    sql = f"SELECT count(*) FROM {table} AS row WHERE row::text ILIKE '%' || $1 || '%'"
                    if await database.fetch_value(sql, word):
                        found.append(f"{name}: {table}: {word}")
        async with Redis.from_url(self.redis_url) as redis:
            keys = [key.decode() async for key in redis.scan_iter(count=1_000)]
        return found + [key for key in keys for word in words if word in key]

    async def close(self) -> None:
        """Close the client's side."""
        await self._session.close()


@asynccontextmanager
async def house(
    redis_url: str,
    nats_url: str,
    messages: Messages,
    databases: dict[str, str],
    **settings: str,
) -> AsyncIterator[House]:
    """Run auth and account."""
    rest, rpc = ReservedPort(), ReservedPort()
    rest.lend()
    rpc.lend()
    address = ServiceAddress(rest=f"127.0.0.1:{rest.number}", rpc=f"127.0.0.1:{rpc.number}")
    platform = PlatformSettings(
        environment="test",
        origin=f"http://127.0.0.1:{rest.number}",
        redis_url=Secret(redis_url),
        nats_url=Secret(nats_url),
        jwks_url=f"http://{address.rest}/.well-known/jwks.json",
        rpc_secret=Secret(uuid4().hex),
        rest_port=rest.number,
        rpc_port=rpc.number,
        addresses=dict.fromkeys(SERVICES, address),
        drain_timeout_s=2.0,
        mail_url=Secret(messages.settings["mail_url"]),
        phone_gateway_url=Secret(messages.settings["phone_gateway_url"]),
    )
    values = {
        "AUTH": {"token_secret": "t" * 40, "password_pepper": "p" * 40},
        "ACCOUNT": {**ACCOUNT_SETTINGS, "data_services": '["auth", "account"]', **settings},
    }
    environ = {
        f"SAMOVAR_{section}__{name.upper()}": str(value)
        for section, ones in values.items()
        for name, value in ones.items()
    }
    environ |= {f"SAMOVAR_{name.upper()}__DATABASE_URL": url for name, url in databases.items()}
    async with AsyncExitStack() as closing:
        closing.callback(rest.release)
        closing.callback(rpc.release)
        opened = {}
        for name, url in databases.items():
            opened[name] = await Database.open(Secret(url), service=name, pool_size_min=0, pool_size_max=2)
            closing.push_async_callback(opened[name].close)
        host = Host(
            list(SERVICES.values()),
            platform=platform,
            environ=environ,
            listeners=(refuse_session, refuse_old_roles),
        )
        await closing.enter_async_context(host)
        made = House(host, opened, messages, redis_url)
        closing.push_async_callback(made.close)
        yield made


@pytest.fixture(scope="module")
async def databases(postgres: PostgresServer) -> dict[str, str]:
    """Make the databases of both."""
    urls = {}
    for name, service in SERVICES.items():
        urls[name] = await postgres.create(f"{name}_{uuid4().hex[:12]}")
        await migrate(Secret(urls[name]), service.migrations)
    return urls


@pytest.fixture(scope="module")
async def together(
    redis_url: str,
    nats_url: str,
    messages_simulator: SimulatorServer,
    databases: dict[str, str],
) -> AsyncIterator[House]:
    """Run both."""
    messages = Messages.of(messages_simulator)
    async with house(redis_url, nats_url, messages, databases) as running:
        yield running
