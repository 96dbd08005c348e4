"""Asking a provider: short times, small answers, no redirects, nothing of it in the log."""

import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import structlog

from samovar.kit.settings import SettingsError
from samovar.services.auth.providers.errors import ProviderAnswerInvalid, ProviderAway

CONNECT_TIMEOUT_S = 2.0
ANSWER_BYTES_MAX = 65_536
CONNECTIONS_MAX = 20
_CHUNK_BYTES = 8_192
_OK = 200
_TOO_MANY = 429
_SERVER_ERROR = 500

log = structlog.get_logger(__name__)


class Calls:
    """The way to one provider.

    Args:
        session: Made by `open_session`.
        provider: Its name, for the log.
    """

    def __init__(self, session: aiohttp.ClientSession, provider: str) -> None:
        self._session = session
        self._provider = provider

    async def post(
        self, url: str, form: Mapping[str, str], *, headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """Send a form and return the JSON object that comes back.

        Raises:
            ProviderAnswerInvalid: The provider refuses, redirects, or answers anything else.
            ProviderAway: It does not answer in time, or is broken.
        """
        return await self._ask("POST", url, data=dict(form), headers=headers)

    async def get(self, url: str, *, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Return the JSON object at an address; errors as in `post`."""
        return await self._ask("GET", url, headers=headers)

    async def _ask(
        self, method: str, url: str, *, headers: Mapping[str, str] | None, **more: Any
    ) -> dict[str, Any]:
        sent = {"Accept": "application/json", **(headers or {})}
        try:
            async with self._session.request(
                method, url, headers=sent, allow_redirects=False, **more
            ) as answer:
                return self._object(answer.status, await _read(answer))
        except TimeoutError as error:
            raise ProviderAway(f"{self._provider} does not answer in time") from error
        except aiohttp.ClientError as error:
            raise ProviderAway(f"{self._provider}: {type(error).__name__}") from error

    def _object(self, status: int, body: bytes) -> dict[str, Any]:
        if status == _TOO_MANY or status >= _SERVER_ERROR:
            raise ProviderAway(f"{self._provider} answers {status}")
        try:
            value = msgspec.json.decode(body, type=dict[str, Any])
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            value = None
        if status != _OK or value is None or "error" in value:
            fault = value.get("error") if value else None
            # The code of the error is the protocol's own word; descriptions may quote what was sent.
            log.warning("provider refuses", provider=self._provider, status=status, error=str(fault)[:64])
            raise ProviderAnswerInvalid(f"{self._provider} answers {status}")
        return value


async def _read(answer: aiohttp.ClientResponse) -> bytes:
    body = b""
    async for chunk in answer.content.iter_chunked(_CHUNK_BYTES):
        body += chunk
        if len(body) > ANSWER_BYTES_MAX:
            raise ProviderAnswerInvalid(f"more than {ANSWER_BYTES_MAX} bytes")
    return body


@asynccontextmanager
async def open_session(
    timeout_s: float, *, tls: ssl.SSLContext | None = None
) -> AsyncIterator[aiohttp.ClientSession]:
    """Open the connections to providers: no cookies, no proxies of the environment, `timeout_s` for a whole answer."""
    session = aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=CONNECTIONS_MAX, ssl=tls or True),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=timeout_s, connect=min(CONNECT_TIMEOUT_S, timeout_s)),
    )
    async with session:
        yield session


def client_tls(certificate: Path | None, key: Path | None, authority: Path | None) -> ssl.SSLContext:
    """Return the TLS of a client that shows a certificate (RFC 8705), or trusts an authority of its own.

    Raises:
        SettingsError: A file cannot be read or is not what it should be.
    """
    try:
        context = ssl.create_default_context(cafile=authority)
        if certificate:
            context.load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as error:
        raise SettingsError(f"SAMOVAR_AUTH__PROVIDERS: certificate files: {error}") from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
