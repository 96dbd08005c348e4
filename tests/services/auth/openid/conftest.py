"""Auth at an address of its own, so that real relying parties reach it; account beside it; browsers and people."""

import base64
import hashlib
import os
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import UUID, uuid4

import aiohttp
import msgspec
import pytest

from samovar.embedded.nats import NatsServer
from samovar.embedded.ports import ReservedPort
from samovar.embedded.postgres import PostgresServer
from samovar.kit.database import Database
from samovar.kit.host import Host
from samovar.kit.migrations import migrate
from samovar.kit.settings import PlatformSettings, Secret, ServiceAddress
from samovar.services.account.app import service as account_service
from samovar.services.auth.app import service
from samovar.services.auth.commands import roles_in
from samovar.services.auth.roles.domain import Wanted
from tests.services.auth.conftest import LISTENERS, PASSWORD, Auth, Installation, new_address, new_email

CALLBACK = "https://game.example/callback"
AFTER_LOGOUT = "https://game.example/bye"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


class Shown(msgspec.Struct, frozen=True):
    """What a browser got."""

    status: int
    text: str
    headers: Mapping[str, str]

    @property
    def location(self) -> str:
        """Where it is sent."""
        return self.headers.get("Location", "")

    @property
    def params(self) -> dict[str, str]:
        """The parameters of where it is sent."""
        return {name: values[0] for name, values in parse_qs(urlsplit(self.location).query).items()}

    @property
    def form(self) -> str:
        """The hidden field of its form."""
        return unescape(self.text.partition('name="form" value="')[2].partition('"')[0])

    @property
    def action(self) -> str:
        """Where its form goes."""
        return unescape(re.findall(r'<form[^>]* action="([^"]*)"', self.text)[0])


class Json(msgspec.Struct, frozen=True):
    """What a machine got."""

    status: int
    body: Any
    headers: Mapping[str, str]


class Person(msgspec.Struct, frozen=True):
    """Somebody who has registered."""

    email: str
    account_id: UUID
    access_token: str


class Program(msgspec.Struct, frozen=True):
    """A registered client."""

    id: str
    secret: str | None

    @property
    def credentials(self) -> dict[str, str]:
        """What it sends to prove itself."""
        return {"client_id": self.id, **({"client_secret": self.secret} if self.secret else {})}


class Browser:
    """A browser with cookies, from an address of its own."""

    def __init__(self, origin: str, session: aiohttp.ClientSession) -> None:
        self.origin = origin
        self.session = session
        self.address = new_address()

    async def get(self, path: str, **params: str) -> Shown:
        """Open a page, without following redirects."""
        return await self._ask("GET", f"{path}?{urlencode(params)}" if params else path)

    async def post(self, path: str, **fields: str) -> Shown:
        """Send a form."""
        return await self._ask("POST", path, fields)

    async def follow(self, shown: Shown) -> Shown:
        """Go where the browser is sent, for as long as that is on the platform."""
        while shown.status == 303 and shown.location.startswith("/"):
            shown = await self._ask("GET", shown.location)
        return shown

    async def sign_in(self, shown: Shown, person: Person, password: str = PASSWORD) -> Shown:
        """Fill in the sign-in page, and go on."""
        assert shown.action == "/oauth2/sign-in", shown.text
        return await self.follow(
            await self.post(shown.action, form=shown.form, login=person.email, password=password)
        )

    async def decide(self, shown: Shown, decision: str = "allow") -> Shown:
        """Answer the consent page."""
        assert shown.action == "/oauth2/authorize/consent", shown.text
        return await self.follow(await self.post(shown.action, form=shown.form, decision=decision))

    async def authorize(self, person: Person, query: Mapping[str, str]) -> Shown:
        """Go all the way with a request: sign in and agree where asked."""
        shown = await self.follow(await self.get("/oauth2/authorize", **query))
        if "/oauth2/sign-in" in shown.text:
            shown = await self.sign_in(shown, person)
        if "/oauth2/authorize/consent" in shown.text:
            shown = await self.decide(shown)
        return shown

    @property
    def session_cookie(self) -> str | None:
        """The cookie of the person's session."""
        return next(
            (cookie.value for cookie in self.session.cookie_jar if cookie.key == "samovar_session"), None
        )

    async def _ask(self, method: str, path: str, fields: Mapping[str, str] | None = None) -> Shown:
        headers = {"X-Forwarded-For": self.address, "Accept-Language": "ru"}
        async with self.session.request(
            method, self.origin + path, data=fields, headers=headers, allow_redirects=False
        ) as answer:
            return Shown(answer.status, await answer.text(), answer.headers)


class Issuer:
    """The platform as browsers and programs meet it."""

    def __init__(self, origin: str, database: Database, session: aiohttp.ClientSession) -> None:
        self.origin = origin
        self.database = database
        self._session = session

    @asynccontextmanager
    async def browser(self) -> AsyncIterator[Browser]:
        """Open a browser."""
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(cookie_jar=jar) as session:
            yield Browser(self.origin, session)

    async def post(
        self,
        path: str,
        fields: Mapping[str, str | None],
        *,
        auth: tuple[str, str] | None = None,
        bearer: str | None = None,
    ) -> Json:
        """Send a form as a program; None leaves a field out."""
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        if auth:
            headers["Authorization"] = "Basic " + base64.b64encode(":".join(auth).encode()).decode()
        form = {name: value for name, value in fields.items() if value is not None}
        async with self._session.post(self.origin + path, data=form, headers=headers) as answer:
            raw = await answer.read()
            return Json(answer.status, msgspec.json.decode(raw) if raw else None, answer.headers)

    async def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        token: str | None = None,
        if_match: str | None = None,
    ) -> Json:
        """Ask over REST."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        headers |= {"If-Match": if_match} if if_match else {}
        headers["X-Forwarded-For"] = new_address()
        async with self._session.request(method, self.origin + path, json=body, headers=headers) as answer:
            raw = await answer.read()
            return Json(answer.status, msgspec.json.decode(raw) if raw else None, answer.headers)

    async def person(self, *, developer: bool = False, **changes: Any) -> Person:
        """Register somebody."""
        email = new_email()
        body = {
            "email": email,
            "password": PASSWORD,
            "display_name": "Анна",
            "consents": ["terms"],
            "birth_date": "2010-01-01",
            **changes,
        }
        made = await self.ask("POST", "/v1/auth/register", body)
        assert made.status == 201, made.body
        token = made.body["access_token"]
        if developer:
            roles = roles_in(self.database, phone_region="RU")
            await roles.grant(email, Wanted(role="developer"), reason="test")
            signed_in = await self.ask("POST", "/v1/auth/login", {"login": email, "password": PASSWORD})
            token = signed_in.body["access_token"]
        return Person(email, UUID(made.body["account_id"]), token)

    async def program(self, developer: Person, **changes: Any) -> Program:
        """Register a client."""
        body = {
            "name": "Чайник",
            "developer_name": "ООО Кипяток",
            "is_confidential": True,
            "redirect_uris": [CALLBACK],
            "post_logout_redirect_uris": [AFTER_LOGOUT],
            "grant_types": ["authorization_code", "refresh_token", "client_credentials"],
            "scopes": ["openid", "profile", "email", "age", "offline_access"],
            **changes,
        }
        made = await self.ask("POST", "/v1/auth/clients", body, token=developer.access_token)
        assert made.status == 201, made.body
        return Program(made.body["client"]["client_id"], made.body["client_secret"])

    async def redeem(self, program: Program, code: str, **changes: str | None) -> Json:
        """Exchange a code as a well-behaved client."""
        fields: dict[str, str | None] = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER,
            **program.credentials,
            **changes,
        }
        return await self.post("/oauth2/token", fields)

    async def tokens(
        self, person: Person, program: Program, scope: str = "openid profile offline_access"
    ) -> dict[str, Any]:
        """Let somebody sign in to a program, and return its tokens."""
        async with self.browser() as browser:
            back = await browser.authorize(person, query_of(program, scope=scope))
        answer = await self.redeem(program, back.params["code"])
        assert answer.status == 200, answer.body
        tokens: dict[str, Any] = answer.body
        return tokens

    async def show_picture(self, person: Person, content: bytes) -> str:
        """Let somebody choose a picture, and return its path."""
        headers = {"Authorization": f"Bearer {person.access_token}", "Content-Type": "image/png"}
        async with self._session.put(
            f"{self.origin}/v1/accounts/me/avatar", data=content, headers=headers
        ) as answer:
            assert answer.status == 200, await answer.text()
            return str((await answer.json())["avatar_url"])

    async def user_info(self, access_token: str) -> Json:
        """Ask what the person lets the client know."""
        return await self.ask("GET", "/oauth2/userinfo", token=access_token)


def query_of(program: Program, **changes: str | None) -> dict[str, str]:
    """Return the parameters of a well-formed request; None leaves one out."""
    query: dict[str, str | None] = {
        "response_type": "code",
        "client_id": program.id,
        "redirect_uri": CALLBACK,
        "scope": "openid profile",
        "state": "s-1",
        "nonce": "n-1",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        **changes,
    }
    return {name: value for name, value in query.items() if value is not None}


@pytest.fixture(scope="session")
async def of_its_own(
    installation: Installation, postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Installation]:
    """Make a database and a NATS that no other test's processes work on.

    They would call clients with other settings, and processes of two databases would take each other's events.
    """
    database_url = await postgres.create(f"auth_{uuid4().hex[-12:]}")
    await migrate(Secret(database_url), service.migrations)
    async with NatsServer(tmp_path_factory.mktemp("nats_of_its_own")) as nats:
        yield msgspec.structs.replace(installation, database_url=database_url, nats_url=nats.url)


@pytest.fixture
async def without_account(of_its_own: Installation) -> AsyncIterator[Auth]:
    """Run a process beside the issuer that reaches no account service, for one test: it tells clients by another origin."""
    async with of_its_own.process(allow_private_callbacks="true") as auth:
        yield auth


@pytest.fixture(scope="session")
async def issuer(of_its_own: Installation, postgres: PostgresServer) -> AsyncIterator[Issuer]:
    """Run auth and account in one process, which is its own origin."""
    installation = of_its_own
    account_url = await postgres.create(f"account_{uuid4().hex[-12:]}")
    await migrate(Secret(account_url), account_service.migrations)
    async with AsyncExitStack() as closing:
        ports = [ReservedPort(), ReservedPort()]
        for port in ports:
            port.lend()
            closing.callback(port.release)
        rest, rpc = (f"127.0.0.1:{port.number}" for port in ports)
        platform = PlatformSettings(
            environment="test",
            origin=f"http://{rest}",
            redis_url=Secret(installation.redis_url),
            nats_url=Secret(installation.nats_url),
            rpc_secret=Secret(installation.secret),
            rest_port=ports[0].number,
            rpc_port=ports[1].number,
            addresses={"account": ServiceAddress(rest=rest, rpc=rpc)},
            jwks_url=f"http://{rest}/.well-known/jwks.json",
            drain_timeout_s=1.0,
            mail_url=Secret(installation.messages.settings["mail_url"]),
            phone_gateway_url=Secret(installation.messages.settings["phone_gateway_url"]),
        )
        environ = {
            "SAMOVAR_AUTH__DATABASE_URL": installation.database_url,
            "SAMOVAR_AUTH__TOKEN_SECRET": installation.secret,
            "SAMOVAR_AUTH__PASSWORD_PEPPER": installation.secret,
            "SAMOVAR_AUTH__ALLOW_PRIVATE_CALLBACKS": "true",
            "SAMOVAR_ACCOUNT__DATABASE_URL": account_url,
            "SAMOVAR_ACCOUNT__CODE_SECRET": os.urandom(32).hex(),
        }
        database = await Database.open(
            Secret(installation.database_url), service="auth", pool_size_min=0, pool_size_max=2
        )
        closing.push_async_callback(database.close)
        await closing.enter_async_context(
            Host([service, account_service], platform=platform, environ=environ, listeners=LISTENERS)
        )
        session = await closing.enter_async_context(
            aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        )
        yield Issuer(platform.origin, database, session)


@pytest.fixture(scope="session")
async def developer(issuer: Issuer) -> Person:
    """Register a developer."""
    return await issuer.person(developer=True)


@pytest.fixture(scope="session")
async def program(issuer: Issuer, developer: Person) -> Program:
    """Register a game's site."""
    return await issuer.program(developer)
