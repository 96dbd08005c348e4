"""Calls of the public API for screens: typed, tried again where that is safe, with keys where money or things would come twice."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import quote
from uuid import uuid4

from samovar.sdk.api import Api, Reply
from samovar.sdk.errors import Offline

T = TypeVar("T")

ATTEMPTS = 3
PAUSES_S = (0.3, 1.2)
# Longer than this nobody waits in front of a screen: it says so instead.
WAIT_MAX_S = 2.0
_TOO_MANY = 429


def path(template: str, **values: object) -> str:
    """Return a path with its values escaped: `path("/v1/games/{slug}", slug="чай")`."""
    return template.format(**{name: quote(str(value), safe="") for name, value in values.items()})


def new_key() -> str:
    """Return a key for one intention of the player. Keep it while the same form is sent again."""
    return str(uuid4())


class Calls:
    """The API as one player, or as a stranger.

    Args:
        api: The SDK's client.
        pause: Waits, seconds.
        heard: Told after each call whether the platform answered: the strip «нет связи» hangs on it.
    """

    def __init__(
        self,
        api: Api,
        *,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        heard: Callable[[bool], None] = lambda _: None,
    ) -> None:
        self._api = api
        self._pause = pause
        self._heard = heard

    async def get(self, kind: type[T], at: str, query: Mapping[str, str] | None = None) -> T:
        """Read something; tried again while nobody answers.

        Raises:
            SdkError: See `samovar.sdk.errors`.
        """
        return (await self._ask("GET", at, repeat=True, query=query)).read(kind)

    async def send(
        self,
        method: str,
        at: str,
        body: object = None,
        *,
        key: str | None = None,
        if_match: str | None = None,
    ) -> Reply:
        """Change something. With a key it is tried again while nobody answers, and still happens once.

        Args:
            method: `POST`, `PUT`, `PATCH` or `DELETE`.
            at: The path.
            body: What is sent, as JSON.
            key: See `new_key`.
            if_match: The `ETag` of what is changed.

        Raises:
            SdkError: See `samovar.sdk.errors`.
        """
        headers = {"Idempotency-Key": key} if key else {}
        if if_match:
            headers["If-Match"] = if_match
        repeat = key is not None or method in {"PUT", "DELETE"}
        return await self._ask(method, at, repeat=repeat, json=body, headers=headers)

    async def upload(self, method: str, at: str, content: bytes, kind: str) -> Reply:
        """Send a file.

        Args:
            method: `PUT` or `POST`.
            at: The path.
            content: The file.
            kind: Its media type.

        Raises:
            SdkError: See `samovar.sdk.errors`.
        """
        headers = {"Content-Type": kind}
        return await self._ask(method, at, repeat=method == "PUT", data=content, headers=headers)

    async def _ask(self, method: str, at: str, *, repeat: bool, **more: Any) -> Reply:
        for attempt in range(ATTEMPTS):
            try:
                reply = await self._api.call(method, at, **more)
            except Offline as error:
                self._heard(error.status != 0)
                pause_s = _pause_s(error, attempt)
                if not repeat or attempt == ATTEMPTS - 1 or pause_s > WAIT_MAX_S:
                    raise
                await self._pause(pause_s)
            else:
                self._heard(True)
                return reply
        raise Offline  # Not reached: the last attempt returns or raises.


def _pause_s(error: Offline, attempt: int) -> float:
    """Return how long to wait: what the platform says, else longer each time, and not all sessions at one moment."""
    if error.retry_after_s is not None or error.status == _TOO_MANY:
        return error.retry_after_s or WAIT_MAX_S
    return PAUSES_S[min(attempt, len(PAUSES_S) - 1)] * random.uniform(0.7, 1.3)  # noqa: S311  Only spread.
