"""Asking a payment provider over HTTP: short times, small answers, no redirects, and the truth about what may have been heard."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import msgspec

from samovar.services.payment.calling import body_of, new_session
from samovar.services.payment.providers.port import NotMade, Unknown

TIMEOUT_S = 12.0
ANSWER_BYTES_MAX = 1_048_576


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
                return Answer(answer.status, await body_of(answer, ANSWER_BYTES_MAX))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL) as error:
            return NotMade(f"it was not reached: {type(error).__name__}", is_answer=False)
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            return Unknown(f"no answer: {type(error).__name__}")


@asynccontextmanager
async def open_session(timeout_s: float = TIMEOUT_S) -> AsyncIterator[aiohttp.ClientSession]:
    """Open the connections to a provider, with `timeout_s` for a whole answer."""
    async with new_session(timeout_s) as session:
        yield session
