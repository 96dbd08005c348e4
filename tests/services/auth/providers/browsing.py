"""A browser and a client on the way through outside sign-in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import aiohttp
import msgspec

from samovar.services.auth.providers.domain import s256
from tests.services.auth.conftest import Answer, Auth, new_address
from tests.services.auth.providers.travelling import come_back, query_of

RETURN_TO = "/welcome?from=provider"
LOOPBACK = "http://127.0.0.1:49152/done"
VERIFIER = "a-verifier-of-the-client-that-is-long-enough-to-count"


class Browser:
    """A browser with its cookies, in front of auth."""

    def __init__(self, auth: Auth) -> None:
        self._auth = auth
        # Cookies of a bare address are kept only when asked to.
        self._session = aiohttp.ClientSession(
            f"http://{auth.host.rest_address}", cookie_jar=aiohttp.CookieJar(unsafe=True)
        )
        self.address = new_address()

    async def close(self) -> None:
        """Close it."""
        await self._session.close()

    async def open(self, path: str) -> Answer:
        """Open an address of ours without following where it leads."""
        headers = {"x-forwarded-for": self.address}
        async with self._session.get(path, headers=headers, allow_redirects=False) as answer:
            return await _answer(answer)

    async def post(self, path: str, body: object, *, token: str | None = None) -> Answer:
        """Post JSON as a page of ours would."""
        headers = {"x-forwarded-for": self.address}
        if token:
            headers["authorization"] = f"Bearer {token}"
        async with self._session.post(path, json=body, headers=headers) as answer:
            return await _answer(answer)

    async def set_out(self, name: str, **wish: str) -> str:
        """Set out to a provider and return the address of its page."""
        answer = await self.open(f"/v1/auth/providers/{name}/start?{urlencode(wish)}")
        assert answer.status == 303, answer.body
        return answer.headers["Location"]

    async def callback(self, url: str, person: str) -> str:
        """Choose a person at a provider's page and return our callback's path with what comes back."""
        parts = urlsplit(await come_back(url, person))
        return f"{parts.path}?{parts.query}"

    async def sign_in(self, name: str, person: str, **wish: str) -> Answer:
        """Go to a provider and back, and return what the callback answers."""
        return await self.open(await self.callback(await self.set_out(name, **wish), person))

    async def register(self, name: str, person: str, **changes: object) -> Answer:
        """Register with a provider."""
        asked = await self.sign_in(name, person)
        assert asked.body["registration_required"] is True, asked.body
        return await self.finish(asked.body["registration_token"], **changes)

    async def finish(self, registration_token: str, **changes: object) -> Answer:
        """Agree to the terms."""
        body = {"token": registration_token, "consents": ["terms", "personal_data"], **changes}
        return await self.post("/v1/auth/providers/register", body)

    async def code_for(self, name: str, person: str, **wish: str) -> str:
        """Go to a provider and back to `return_to`, and return the one-time code."""
        answer = await self.sign_in(name, person, **wish)
        assert answer.status == 303, answer.body
        return query_of(answer.headers["Location"])["code"]

    async def exchange(self, code: str, *, token: str | None = None, **more: str) -> Answer:
        """Fetch what a code stands for."""
        return await self.post("/v1/auth/providers/exchange", {"code": code, **more}, token=token)

    async def link(self, token: str, name: str, person: str, **asked: str) -> Answer:
        """Link a provider to the account of a token."""
        begun = await self.post(f"/v1/auth/links/{name}", {"return_to": "/settings", **asked}, token=token)
        assert begun.status == 201, begun.body
        start = urlsplit(begun.body["start_url"])
        page = await self.open(f"{start.path}?{start.query}")
        assert page.status == 303, page.body
        back = await self.open(await self.callback(page.headers["Location"], person))
        return await self.exchange(query_of(back.headers["Location"])["code"], token=token)


@asynccontextmanager
async def browsing(auth: Auth) -> AsyncIterator[Browser]:
    """Open a browser."""
    browser = Browser(auth)
    yield browser
    await browser.close()


def client_challenge() -> dict[str, str]:
    """Return what a program on the machine asks for."""
    return {"return_to": LOOPBACK, "code_challenge": s256(VERIFIER)}


async def refusals(auth: Auth, code: str, **details: str) -> list[Any]:
    """Return the refusals in the audit with a code, and with these details."""
    rows = await auth.database.fetch(
        """
        SELECT action, account_id::text AS account_id, details FROM audit
        WHERE outcome = 'refused' AND details @> $1 ORDER BY id
        """,
        {"reason": code, **details},
        into=AuditRow,
    )
    return list(rows)


class AuditRow(msgspec.Struct):
    """An entry of the audit."""

    action: str
    account_id: str | None
    details: dict[str, Any]


def new_email() -> str:
    """Return an address that nobody has."""
    return f"{uuid4().hex}@example.com"


async def _answer(answer: aiohttp.ClientResponse) -> Answer:
    raw = await answer.read()
    return Answer(answer.status, answer.headers, msgspec.json.decode(raw) if raw else None)
