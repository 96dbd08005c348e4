"""Asking a payment provider over HTTP: short times, small answers, no redirects, and the truth about what may have been heard."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import msgspec

from samovar.services.payment.providers.port import NotMade, Unknown

CONNECT_TIMEOUT_S = 3.0
TIMEOUT_S = 12.0
ANSWER_BYTES_MAX = 1_048_576
CONNECTIONS_MAX = 40
_CHUNK_BYTES = 16_384


class Answer(msgspec.Struct, frozen=True):
    """What came back, whatever it says."""

    status: int
    body: bytes


class Calls:
    """The way to one provider.

    Args:
        session: Made by `open_session`.
        url: Where its API is, without a slash at the end.
        headers: Go with every call: who asks.
    """

    def __init__(
        self, session: aiohttp.ClientSession, url: str, headers: Mapping[str, str] | None = None
    ) -> None:
        self._session = session
        self._url = url.rstrip("/")
        self._headers = {"Accept": "application/json"} | dict(headers or {})

    async def ask(
        self,
        method: str,
        path: str,
        *,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Answer | NotMade | Unknown:
        """Send a request; `NotMade` only where no byte of it can have arrived."""
        sent = dict(self._headers) | dict(headers or {})
        more: dict[str, Any] = {}
        if body is not None:
            more["data"] = msgspec.json.encode(body)
            sent["Content-Type"] = "application/json"
        try:
            async with self._session.request(
                method, self._url + path, headers=sent, params=query, allow_redirects=False, **more
            ) as answer:
                return Answer(answer.status, await _read(answer))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL) as error:
            return NotMade(f"it was not reached: {type(error).__name__}", is_answer=False)
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            return Unknown(f"no answer: {type(error).__name__}")


async def _read(answer: aiohttp.ClientResponse) -> bytes:
    body = b""
    async for chunk in answer.content.iter_chunked(_CHUNK_BYTES):
        body += chunk
        if len(body) > ANSWER_BYTES_MAX:
            raise aiohttp.ClientPayloadError(f"more than {ANSWER_BYTES_MAX} bytes")
    return body


@asynccontextmanager
async def open_session(timeout_s: float = TIMEOUT_S) -> AsyncIterator[aiohttp.ClientSession]:
    """Open the connections to a provider: no cookies, no proxies of the environment, `timeout_s` for a whole answer."""
    session = aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=CONNECTIONS_MAX),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=timeout_s, connect=min(CONNECT_TIMEOUT_S, timeout_s)),
    )
    async with session:
        yield session
