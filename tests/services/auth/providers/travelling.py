"""The way of a person through the pages of the identity services, and what the services ask the platform for."""

import re
import ssl
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

import aiohttp
import msgspec

from samovar.kit.settings import Secret
from samovar.services.auth.providers.domain import Challenge
from samovar.services.auth.providers.settings import ProviderClient, ProviderName
from samovar.simulators.identity.clients import settings_of
from samovar.simulators.identity.people import Person, person_of

CALLBACK = "http://samovar.test/v1/auth/providers/{}/callback"


def clients_at(address: str) -> dict[ProviderName, ProviderClient]:
    """Return the settings that the simulators ask for."""

    def secret(kind: type, value: object) -> object:
        return Secret(str(value)) if kind is Secret else value

    return msgspec.convert(settings_of(address), dict[ProviderName, ProviderClient], dec_hook=secret)


def new_challenge(name: str) -> Challenge:
    """Return what a journey begins with."""
    return Challenge(
        state=uuid4().hex,
        nonce=uuid4().hex,
        verifier=uuid4().hex + uuid4().hex,
        redirect_uri=CALLBACK.format(name),
    )


def known(word: str) -> Person:
    """Return one of the people whom the services know."""
    person = person_of(word)
    assert person
    return person


def new_person() -> str:
    """Return the word of somebody whom nobody has seen."""
    return uuid4().hex[:20]


async def travel(url: str, person: str) -> dict[str, str]:
    """Open a provider's page, choose a person there, and return what they come back with."""
    return query_of(await come_back(url, person))


async def come_back(url: str, person: str, *, tls: ssl.SSLContext | None = None) -> str:
    """Open a provider's page, choose a person there, and return where the provider sends them."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=tls or True)) as browser:
        async with browser.get(url) as page:
            assert page.status == 200, await page.text()
            action = re.search(r'action="([^"]+)"', await page.text())
        assert action
        parts = urlsplit(url)
        async with browser.post(
            f"{parts.scheme}://{parts.netloc}{action[1]}", data={"person": person}, allow_redirects=False
        ) as answer:
            assert answer.status == 303
            return answer.headers["Location"]


def query_of(url: str) -> dict[str, str]:
    """Return the parameters of an address."""
    return dict(parse_qsl(urlsplit(url).query))


async def ask_json(url: str, **query: str) -> Any:
    """Return the JSON at an address."""
    async with aiohttp.ClientSession() as client, client.get(url, params=query) as answer:
        return await answer.json()
