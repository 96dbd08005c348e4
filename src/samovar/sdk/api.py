"""Calls of the public API over HTTP: signed in, bounded in time and size, with errors that say what to do next."""

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

import aiohttp
import msgspec
from yarl import URL

from samovar.sdk.errors import Offline, Refused, SignInNeeded

TIMEOUT_S = 20.0
ANSWER_BYTES_MAX = 17 * 1_048_576
_UNAUTHENTICATED = 401
_TOO_MANY = 429
_FAULT = 400
_SERVER_FAULT = 500

T = TypeVar("T")


class Tokens(Protocol):
    """Where access tokens come from."""

    async def token(self) -> str:
        """Return one that should be good."""
        ...

    async def renew(self, stale: str) -> str:
        """Return another one than `stale`, which was refused.

        Raises:
            SignInNeeded: There is none.
        """
        ...


class FixedToken:
    """One access token, as it was handed over; when it has run out, the player signs in again."""

    def __init__(self, value: str) -> None:
        self._value = value

    async def token(self) -> str:
        """Return it."""
        return self._value

    async def renew(self, stale: str) -> str:  # noqa: ARG002  part of the protocol
        """Refuse: there is no other.

        Raises:
            SignInNeeded: Always.
        """
        raise SignInNeeded


class Reply(msgspec.Struct, frozen=True):
    """What the platform answered."""

    status: int
    etag: str | None
    body: bytes
    retry_after_s: float | None = None

    def read(self, kind: type[T]) -> T:
        """Return the body in its type; fields that are not known here are passed over.

        Raises:
            Offline: It is no answer of the platform: a portal of some network, say.
        """
        try:
            return msgspec.json.decode(self.body, type=kind)
        except msgspec.DecodeError as error:
            raise Offline(f"not an answer of the platform: {error}") from error


class Api:
    """The public API, as one player.

    Args:
        origin: The platform's address, `https://play.example`.
        tokens: Who the player is; without them the platform takes the caller for a stranger.
        language: In which language it explains errors.
        headers: What each request says besides.
        session: Connections that are shared with others, and closed by their owner.

    Attributes:
        origin: As above.
    """

    def __init__(
        self,
        origin: str,
        tokens: Tokens | None,
        *,
        language: str = "ru",
        timeout_s: float = TIMEOUT_S,
        headers: Mapping[str, str] | None = None,
        session: aiohttp.ClientSession | None = None,
    ) -> None:
        self.origin = origin
        self._origin = URL(origin)
        self._tokens = tokens
        self._language = language
        self._timeout = aiohttp.ClientTimeout(total=timeout_s)
        self._headers = dict(headers or {})
        self._session = session
        self._is_shared = session is not None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        if self._session and not self._is_shared:
            await self._session.close()

    async def call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        json: object = None,
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Ask once, with a fresh token a second time where the first one had run out.

        Args:
            method: Of HTTP.
            path: From the origin on, escaped.
            query: Its parameters.
            json: A body.
            data: A body of plain bytes.
            headers: Further headers.

        Raises:
            Offline: Nobody answers, or asks to come back later.
            Refused: It says no.
            SignInNeeded: It does not know the player.
        """
        url = self._origin.join(URL(path, encoded=True)).update_query(query or {})
        body = data if json is None else msgspec.json.encode(json)
        sent = {"Accept-Language": self._language, **self._headers, **(headers or {})}
        if body is not None:
            sent.setdefault(
                "Content-Type", "application/octet-stream" if json is None else "application/json"
            )
        reply = await self._as_somebody(method, url, body, sent)
        if reply.status == _UNAUTHENTICATED and self._tokens:
            problem = _problem(reply)
            raise SignInNeeded(str(problem.get("code", "")), problem)
        if reply.status >= _SERVER_FAULT or reply.status == _TOO_MANY:
            raise Offline(
                f"{method} {path}: {reply.status}",
                status=reply.status,
                problem=_problem(reply),
                retry_after_s=reply.retry_after_s,
            )
        if reply.status >= _FAULT:
            raise Refused(reply.status, _problem(reply))
        return reply

    async def _as_somebody(
        self, method: str, url: URL, body: bytes | None, headers: Mapping[str, str]
    ) -> Reply:
        """Ask as the player; with another token where the first one is not taken. Without tokens ask as a stranger."""
        if self._tokens is None:
            return await self._once(method, url, body, headers)
        token = await self._tokens.token()
        reply = await self._once(method, url, body, {**headers, "Authorization": f"Bearer {token}"})
        if reply.status == _UNAUTHENTICATED:
            token = await self._tokens.renew(token)
            reply = await self._once(method, url, body, {**headers, "Authorization": f"Bearer {token}"})
        return reply

    async def _once(self, method: str, url: URL, body: bytes | None, headers: Mapping[str, str]) -> Reply:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(timeout=self._timeout)
        try:
            async with self._session.request(
                method, url, data=body, headers=headers, allow_redirects=False
            ) as answer:
                content = await answer.content.read(ANSWER_BYTES_MAX + 1)
                while not answer.content.at_eof() and len(content) <= ANSWER_BYTES_MAX:
                    content += await answer.content.read(ANSWER_BYTES_MAX + 1 - len(content))
                if len(content) > ANSWER_BYTES_MAX:
                    raise Offline(f"{method} {url.path}: the answer is too large")
                wait = answer.headers.get("Retry-After", "")
                return Reply(
                    answer.status,
                    answer.headers.get("ETag"),
                    content,
                    float(wait) if wait.isdecimal() else None,
                )
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Offline(f"{method} {url.path}: {error or type(error).__name__}") from error


def _problem(reply: Reply) -> dict[str, Any]:
    try:
        return msgspec.json.decode(reply.body, type=dict[str, Any])
    except msgspec.DecodeError:
        return {}
