"""Fetches ranges from several mirrors over HTTP: what one breaks off another one goes on with.

Nobody is trusted: what comes is compared with the plan by whoever asked for it, and a mirror that lied is blamed.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from http import HTTPStatus
from urllib.parse import urlsplit, urlunsplit

import aiohttp

from samovar.content.engine.pace import Pace
from samovar.content.engine.scoring import Scores
from samovar.content.engine.tickets import Ticket, Tickets
from samovar.content.install.errors import SourceFailed

CONNECTIONS = 6
ATTEMPTS = 6
RENEWALS = 2
CONNECT_S = 10
# A line that is silent for so long is dead.
SILENT_S = 20
PAUSE_S = 0.5
# So long a mirror is watched before it can be called slow.
WATCH_S = 2.0
READ_BYTES = 1024 * 1024
REFUSED = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.GONE}


def new_session() -> aiohttp.ClientSession:
    """Return a session for contents; it is closed by who has asked for it."""
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_S, sock_read=SILENT_S)
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=32, limit_per_host=16),
        timeout=timeout,
        read_bufsize=READ_BYTES,
        auto_decompress=False,
        headers={"Accept-Encoding": "identity"},
    )


class _Refused(Exception):
    """The ticket is refused."""


class _Missing(Exception):
    """The object is not there."""


class _Slow(Exception):
    """Another mirror is much faster."""


class Mirrors:
    """A source of several mirrors.

    Args:
        session: Of `new_session`.
        tickets: Say where the mirrors are.
        scores: What is known of them; shared by all downloads.
        pace: How fast bytes may come.
        monotonic: Seconds that only grow.
        sleep: Waits for seconds.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        tickets: Tickets,
        scores: Scores,
        pace: Pace,
        *,
        monotonic: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._session = session
        self._tickets = tickets
        self._scores = scores
        self._pace = pace
        self._monotonic = monotonic
        self._sleep = sleep
        self._last: dict[str, str] = {}

    async def read(self, key: str, offset: int, length: int) -> AsyncIterator[bytes]:
        """Yield a range of an object, from as many mirrors as it takes.

        Raises:
            SourceFailed: None has it, or none answers as it should.
        """
        at, end = offset, offset + length
        tried: list[str] = []
        missing: set[str] = set()
        renewals = attempts = 0
        why = "no mirror"
        while attempts < ATTEMPTS:
            ticket = await self._tickets.current()
            name, base = self._choose(ticket, key, tried, missing)
            try:
                async for data in self._stream(name, _url(base, key), at, end - at):
                    at += len(data)
                    self._last[key] = name
                    yield data
                if at == end:
                    return
                why = "the answer is too short"
            except _Refused:
                renewals += 1
                if renewals > RENEWALS:
                    raise SourceFailed(f"{name} refuses the ticket") from None
                await self._tickets.instead_of(ticket)
                continue
            except _Slow:
                attempts += 1
                tried.append(name)
                continue
            except _Missing:
                missing.add(name)
                continue
            except (aiohttp.ClientError, TimeoutError, OSError, SourceFailed) as error:
                why = str(error) or type(error).__name__
            attempts += 1
            self._scores.failed(name)
            tried.append(name)
            if len({*tried} | missing) >= len(ticket.bases):
                tried.clear()
                await self._sleep(PAUSE_S * attempts)
        raise SourceFailed(f"{key}: {why}")

    def _choose(self, ticket: Ticket, key: str, tried: list[str], missing: set[str]) -> tuple[str, str]:
        """Return the mirror to ask, and what stands in front of its objects."""
        names = {_origin(base): base for base in ticket.bases}
        having = [name for name in names if name not in missing]
        if not having:
            raise SourceFailed(f"{key} is nowhere", gone=True)
        name = self._scores.choose(having, tried)
        return name, names[name]

    async def _stream(self, name: str, url: str, offset: int, length: int) -> AsyncIterator[bytes]:
        began = self._monotonic()
        taken = 0
        headers = {"Range": f"bytes={offset}-{offset + length - 1}"}
        async with self._session.get(url, headers=headers) as answer:
            _check(answer, offset, length)
            async for data in answer.content.iter_any():
                await self._pace.take(len(data))
                taken += len(data)
                if taken > length:
                    raise SourceFailed("the answer is too long")
                yield data
                took_s = self._monotonic() - began
                if took_s > WATCH_S and taken < length and self._scores.is_slow(name, taken / took_s):
                    self._scores.worked(name, taken, took_s)
                    raise _Slow
        self._scores.worked(name, taken, self._monotonic() - began)

    def at_once(self) -> int:
        """Return how many ranges may be read beside each other now."""
        return self._pace.at_once(CONNECTIONS)

    def blame(self, key: str) -> None:
        """Take note that what came last of an object was wrong."""
        name = self._last.get(key)
        if name is not None:
            self._scores.failed(name)


def _check(answer: aiohttp.ClientResponse, offset: int, length: int) -> None:
    """Refuse an answer that is not the range that was asked for."""
    if answer.status in REFUSED:
        raise _Refused
    if answer.status == HTTPStatus.NOT_FOUND:
        raise _Missing
    whole = answer.status == HTTPStatus.OK and not offset and answer.content_length == length
    given = answer.headers.get("Content-Range", "")
    part = answer.status == HTTPStatus.PARTIAL_CONTENT and given.startswith(
        f"bytes {offset}-{offset + length - 1}/"
    )
    if not (whole or part):
        raise SourceFailed(f"status {answer.status}, {given!r} instead of {length} bytes from {offset}")


def _origin(base: str) -> str:
    parts = urlsplit(base)
    return f"{parts.scheme}://{parts.netloc}"


def _url(base: str, key: str) -> str:
    parts = urlsplit(base)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/{key}"))
