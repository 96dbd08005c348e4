"""Asking a service for an answer that may be kept for everyone."""

import re

import aiohttp
from yarl import URL

from samovar.kit import tracing
from samovar.kit.errors import Unavailable
from samovar.kit.i18n import Language
from samovar.kit.settings import PlatformSettings
from samovar.services.gateway.domain import Operation
from samovar.services.gateway.edge.cache import Fetched

ANSWER_BYTES_MAX = 16 * 1_048_576
# What a client gets to see of a service's answer; the rest is the gateway's to say.
_PASSED_ON = (
    *("content-type", "content-language", "last-modified", "link", "location", "retry-after"),
    # What a page says of itself to the browser: without these it is less safe from the cache than from its service.
    *("content-security-policy", "cross-origin-opener-policy", "cross-origin-resource-policy"),
    *("referrer-policy", "x-frame-options"),
)

_MAX_AGE = re.compile(r"(?:^|[ ,])max-age=([0-9]{1,9})(?:$|[ ,])")


class Services:
    """Asks services over REST, in nobody's name."""

    def __init__(self, session: aiohttp.ClientSession, platform: PlatformSettings) -> None:
        self._session = session
        self._platform = platform

    async def fetch(self, operation: Operation, target: str, language: Language) -> Fetched:
        """Return what the service answers.

        Args:
            operation: Which route.
            target: Path and query as they go over the wire.
            language: In which language.

        Raises:
            Unavailable: The service is away, too slow, or answers more than `ANSWER_BYTES_MAX`.
        """
        url = URL(f"http://{self._platform.address_of(operation.service).rest}{target}", encoded=True)
        timeout = aiohttp.ClientTimeout(total=operation.policy.timeout_ms / 1000)
        headers: dict[str, str] = {"accept-language": language}
        with tracing.span(f"GET {operation.path}", kind="client", service="gateway") as span:
            tracing.inject(headers)
            try:
                async with self._session.get(
                    url, headers=headers, timeout=timeout, allow_redirects=False
                ) as answer:
                    body = await read_body(answer, ANSWER_BYTES_MAX)
            except (aiohttp.ClientError, TimeoutError) as error:
                span.fail(error)
                raise Unavailable(f"{operation}: {error!r}") from error
        passed_on = tuple((name, answer.headers[name]) for name in _PASSED_ON if name in answer.headers)
        return Fetched(
            answer.status, passed_on, body, keepable=_may_be_kept(answer), max_age_s=_max_age_s(answer)
        )


async def read_body(answer: aiohttp.ClientResponse, bytes_max: int) -> bytes:
    """Return the whole body.

    Raises:
        Unavailable: It is longer than `bytes_max`.
    """
    body = bytearray()
    async for piece in answer.content.iter_any():
        body += piece
        if len(body) > bytes_max:
            raise Unavailable(f"{answer.url.path}: more than {bytes_max} bytes")
    return bytes(body)


def _max_age_s(answer: aiohttp.ClientResponse) -> int | None:
    """Return for how long the service says that its answer holds, if it does (RFC 9111, section 5.2.2.1)."""
    said = _MAX_AGE.search(answer.headers.get("cache-control", ""))
    return int(said[1]) if said else None


def _may_be_kept(answer: aiohttp.ClientResponse) -> bool:
    """Whether the service takes back, for this answer, what it declared for its route; it says `no-store` by default."""
    return "set-cookie" not in answer.headers and "private" not in answer.headers.get("cache-control", "")
