"""Auth running as in production, verifying its own tokens by its own public address."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import aiohttp
import msgspec
import pytest

from samovar.cli.serve import refuse_old_roles, refuse_session
from samovar.embedded.nats import NatsServer
from samovar.embedded.ports import ReservedPort
from samovar.embedded.postgres import PostgresServer
from samovar.embedded.simulator import SimulatorServer
from samovar.kit.database import Database
from samovar.kit.events import Event
from samovar.kit.host import Host
from samovar.kit.migrations import migrate
from samovar.kit.settings import PlatformSettings, Secret
from samovar.services.auth.app import service
from samovar.testing.hosting import announce
from samovar.testing.messages import Messages

PASSWORD = "зелёная кочка под луной"
ORIGIN = "http://samovar.test"
# What every process of the platform hears.
LISTENERS = (refuse_session, refuse_old_roles)


class Answer(msgspec.Struct, frozen=True):
    """What REST answered."""

    status: int
    headers: Mapping[str, str]
    body: Any

    @property
    def code(self) -> str:
        """The code of the problem."""
        return str(self.body["code"])


class Page(msgspec.Struct, frozen=True):
    """What a browser was shown, and what it sends next time."""

    status: int
    text: str
    browser: str
    headers: Mapping[str, str]

    @property
    def form(self) -> str:
        """The hidden field of its form."""
        return self.text.partition('name="form" value="')[2].partition('"')[0]


class Auth:
    """One process of auth, as a test speaks to it."""

    def __init__(self, host: Host, database: Database, platform: PlatformSettings) -> None:
        self.host = host
        self.database = database
        self.platform = platform
        # The server closes a connection that is idle for 10 s: nothing is written into one at that moment.
        idle = aiohttp.TCPConnector(keepalive_timeout=5)
        self._session = aiohttp.ClientSession(f"http://{host.rest_address}", connector=idle)

    async def ask(
        self, method: str, path: str, body: object = None, *, token: str | None = None, **headers: str
    ) -> Answer:
        """Ask over REST; names of headers are written with underscores."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if token:
            sent["authorization"] = f"Bearer {token}"
        async with self._session.request(
            method, path, json=body, headers=sent, skip_auto_headers=("content-type",) if body is None else ()
        ) as answer:
            raw = await answer.read()
            return Answer(answer.status, answer.headers, msgspec.json.decode(raw) if raw else None)

    async def post_raw(self, path: str, body: bytes) -> int:
        """Send bytes as JSON and return the status."""
        headers = {"content-type": "application/json"}
        async with self._session.post(path, data=body, headers=headers) as answer:
            return answer.status

    async def register(self, *, address: str | None = None, **changes: Any) -> Answer:
        """Register somebody new, from an address of their own unless one is given."""
        body = {"email": new_email(), "password": PASSWORD, "display_name": "Анна", "consents": ["terms"]}
        body = {name: value for name, value in {**body, **changes}.items() if value is not None}
        return await self.ask("POST", "/v1/auth/register", body, x_forwarded_for=address or new_address())

    async def log_in(
        self, login: str, password: str = PASSWORD, *, address: str | None = None, **more: str
    ) -> Answer:
        """Sign in, from an address of its own unless one is given."""
        body = {"login": login, "password": password, **more}
        return await self.ask("POST", "/v1/auth/login", body, x_forwarded_for=address or new_address())

    async def refresh(self, token: str) -> Answer:
        """Exchange a refresh token."""
        return await self.ask("POST", "/v1/auth/refresh", {"refresh_token": token})

    async def step_up(self, token: str, password: str = PASSWORD) -> Answer:
        """Prove once more who one is, by the password."""
        return await self.ask(
            "POST", "/v1/auth/step-up", {"method": "password", "password": password}, token=token
        )

    async def me(self, token: str) -> Answer:
        """Ask who the token is."""
        return await self.ask("GET", "/v1/auth/me", token=token)

    async def events(self, kind: type[Event], account_id: str | UUID) -> list[Any]:
        """Return the events of a kind about an account, oldest first."""
        rows = await self.database.fetch(
            "SELECT payload::text AS payload FROM kit.outbox WHERE subject = $1 ORDER BY seq",
            kind.subject,
            into=_Payload,
        )
        events: list[Any] = [msgspec.json.decode(row.payload, type=kind) for row in rows]
        return [event for event in events if str(event.account_id) == str(account_id)]

    async def announce(self, event: Event) -> None:
        """Send an event of another service."""
        await announce(self.platform.nats_url, event)

    async def page(
        self, method: str, path: str, fields: Mapping[str, str] | None = None, *, browser: str = ""
    ) -> Page:
        """Ask for a page, as a browser with a cookie jar of one string."""
        headers = {"Cookie": browser} if browser else {}
        async with self._session.request(
            method, path, data=fields, headers=headers, allow_redirects=False
        ) as answer:
            text = await answer.text()
            cookies = "; ".join(line.partition(";")[0] for line in answer.headers.getall("Set-Cookie", []))
            return Page(answer.status, text, cookies or browser, answer.headers)

    async def close(self) -> None:
        """Close the client's side."""
        await self._session.close()


class _Payload(msgspec.Struct, frozen=True):
    payload: str


class Installation(msgspec.Struct, frozen=True):
    """One database with its servers: processes of auth that share it."""

    database_url: str
    redis_url: str
    nats_url: str
    secret: str
    messages: Messages

    @asynccontextmanager
    async def process(self, *, origin: str = ORIGIN, **settings: object) -> AsyncIterator[Auth]:
        """Run a process of auth."""
        port = ReservedPort()
        port.lend()
        platform = PlatformSettings(
            environment="test",
            origin=origin,
            redis_url=Secret(self.redis_url),
            nats_url=Secret(self.nats_url),
            rpc_secret=Secret(self.secret),
            rest_port=port.number,
            rpc_port=0,
            jwks_url=f"http://127.0.0.1:{port.number}/.well-known/jwks.json",
            drain_timeout_s=1.0,
            mail_url=Secret(self.messages.settings["mail_url"]),
            phone_gateway_url=Secret(self.messages.settings["phone_gateway_url"]),
        )
        values = {
            "database_url": self.database_url,
            "token_secret": self.secret,
            "password_pepper": self.secret,
            **settings,
        }
        environ = {f"SAMOVAR_AUTH__{name.upper()}": str(value) for name, value in values.items()}
        database = await Database.open(
            Secret(self.database_url), service="auth", pool_size_min=0, pool_size_max=2
        )
        async with AsyncExitStack() as closing:
            closing.callback(port.release)
            closing.push_async_callback(database.close)
            process = Host([service], platform=platform, environ=environ, listeners=LISTENERS)
            host = await closing.enter_async_context(process)
            auth = Auth(host, database, platform)
            closing.push_async_callback(auth.close)
            yield auth


async def new_installation(
    postgres: PostgresServer, redis_url: str, nats_url: str, simulator: SimulatorServer, *, database: str
) -> Installation:
    """Make a database of auth, beside what mails and text messages go to."""
    database_url = await postgres.create(database)
    await migrate(Secret(database_url), service.migrations)
    messages = Messages(http_port=simulator.ports["http"], smtp_port=simulator.ports["smtp"])
    return Installation(database_url, redis_url, nats_url, secret=uuid4().hex, messages=messages)


@pytest.fixture(scope="session")
async def installation(
    postgres: PostgresServer, redis_url: str, nats_url: str, messages_simulator: SimulatorServer
) -> Installation:
    """Make auth's database."""
    return await new_installation(postgres, redis_url, nats_url, messages_simulator, database="auth")


@pytest.fixture(scope="session")
async def auth(installation: Installation) -> AsyncIterator[Auth]:
    """Run auth."""
    async with installation.process() as auth:
        yield auth


@pytest.fixture
async def lone(installation: Installation, postgres: PostgresServer, tmp_path: Path) -> AsyncIterator[Auth]:
    """Run auth on a database in which nobody else is, and a NATS on which nobody else takes its events."""
    database_url = await postgres.create(f"auth_{uuid4().hex[:12]}")
    await migrate(Secret(database_url), service.migrations)
    async with NatsServer(tmp_path) as nats:
        alone = msgspec.structs.replace(installation, database_url=database_url, nats_url=nats.url)
        async with alone.process() as auth:
            yield auth


def new_email() -> str:
    """Return an address that nobody has."""
    return f"{uuid4().hex}@example.com"


def new_address() -> str:
    """Return a network address from which nothing has come yet (RFC 3849)."""
    return f"2001:db8:{uuid4().hex[:4]}:{uuid4().hex[:4]}::1"
