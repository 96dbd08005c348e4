"""The platform as a developer's program sees it: its public API, asked again while it is busy or the network is away."""

import asyncio
import io
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self, TypeVar

import aiohttp
import msgspec
from yarl import URL

from samovar.sdk.errors import SdkError, sentence_of

TIMEOUT_S = 120.0
ATTEMPTS = 7
PAUSE_S = 1.0
PAUSE_S_MAX = 30.0
_AGAIN = {
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
}

T = TypeVar("T")


class PushFailed(Exception):
    """The push cannot go on; the message says why and what helps."""


class Refused(PushFailed):
    """The platform has understood and says no.

    Attributes:
        status: HTTP.
        code: Stable, `download.chunks_missing`.
    """

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        self.status = status
        self.code = str(problem.get("code", ""))
        super().__init__(f"{status} {self.code}: {sentence_of(problem) or 'no reason given'}")


class Credentials:
    """Says who asks.

    Args:
        headers: That say it.
        token: The access token in them.
        renew: Returns another token than the one that was refused; none: there is no other.
    """

    def __init__(
        self,
        headers: Mapping[str, str],
        *,
        token: str = "",
        renew: Callable[[str], Awaitable[str]] | None = None,
    ) -> None:
        self.headers = headers
        self._token = token
        self._renew = renew

    @classmethod
    def of(cls, token: str, *, renew: Callable[[str], Awaitable[str]] | None = None) -> Self:
        """Return those of an access token."""
        return cls({"Authorization": f"Bearer {token}"}, token=token, renew=renew)

    async def renewed(self, stale: Mapping[str, str]) -> bool:
        """Make them good again, unless another call has done so since; returns whether another attempt has sense.

        Raises:
            PushFailed: The session is over, or the platform does not answer.
        """
        if self._renew is None:
            return False
        if self.headers == stale:
            try:
                self._token = await self._renew(self._token)
            except SdkError as error:
                raise PushFailed(f"the session on this machine is over, run samovar login: {error}") from None
            self.headers = {"Authorization": f"Bearer {self._token}"}
        return True


class Platform:
    """The public API. Everything that is asked here may be asked twice.

    Args:
        origin: The platform's address.
        credentials: Say who asks.
        pause_s: Before the second attempt; each further one waits twice as long, or as long as the platform says.
    """

    def __init__(self, origin: str, credentials: Credentials, *, pause_s: float = PAUSE_S) -> None:
        self._origin = URL(origin)
        self._credentials = credentials
        self._pause_s = pause_s
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_S))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def ask(
        self,
        method: str,
        path: str,
        kind: type[T],
        *,
        query: Mapping[str, str] | None = None,
        json: object = None,
        data: bytes | None = None,
    ) -> T:
        """Call a route.

        Args:
            method: Of HTTP.
            path: Below the origin.
            kind: What the body is read as; fields that are not known here are passed over.
            query: The parameters.
            json: A body.
            data: A body of plain bytes.

        Raises:
            Refused: The platform says no.
            PushFailed: It does not answer, or is something else.
        """
        url = self._origin.join(URL(path)).update_query(query or {})
        body = data if json is None else msgspec.json.encode(json)
        kind_of_body = "application/octet-stream" if json is None else "application/json"
        typed = {} if body is None else {"Content-Type": kind_of_body}
        known = self._credentials.headers
        status, content = await self._patiently(method, url, {**known, **typed}, body)
        if status == HTTPStatus.UNAUTHORIZED and await self._credentials.renewed(known):
            renewed = {**self._credentials.headers, **typed}
            status, content = await self._patiently(method, url, renewed, body)
        if status >= HTTPStatus.BAD_REQUEST:
            raise Refused(status, _problem(content))
        try:
            return msgspec.json.decode(content or b"null", type=kind)
        except msgspec.DecodeError as error:
            raise PushFailed(f"{method} {url}: not an answer of the platform: {error}") from None

    async def _patiently(
        self, method: str, url: URL, headers: dict[str, str], body: bytes | None
    ) -> tuple[int, bytes]:
        if self._session is None:
            raise PushFailed("not connected")
        failure = ""
        for attempt in range(ATTEMPTS):
            pause_s = min(PAUSE_S_MAX, self._pause_s * 2**attempt)
            try:
                # As a file, so that a large body is sent piece by piece.
                sent = None if body is None else io.BytesIO(body)
                async with self._session.request(method, url, headers=headers, data=sent) as answer:
                    content = await answer.read()
                    if answer.status not in _AGAIN:
                        return answer.status, content
                    failure = str(Refused(answer.status, _problem(content)))
                    pause_s = max(pause_s, min(PAUSE_S_MAX, _seconds(answer.headers.get("Retry-After"))))
            except (aiohttp.ClientError, OSError, TimeoutError) as error:
                failure = str(error) or type(error).__name__
            if attempt < ATTEMPTS - 1:
                await asyncio.sleep(pause_s)
        raise PushFailed(f"{method} {url}: {failure}")


def _seconds(text: str | None) -> float:
    return float(text) if text and text.isdecimal() else 0.0


def _problem(content: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(content, type=dict[str, Any])
    except msgspec.DecodeError:
        return {}
