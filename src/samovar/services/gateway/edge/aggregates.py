"""One call per screen: a page is a list of public routes, called at once with the caller's own token, spliced as raw JSON.

The gateway knows no shapes. A part that is away leaves `null`, and its name in `missing`; a required one fails the page.
"""

import asyncio

import aiohttp
import msgspec
import structlog

from samovar.kit import deadline, tracing
from samovar.kit.errors import Unauthenticated, Unavailable
from samovar.kit.rest.answers import JSON, Answer
from samovar.kit.settings import PlatformSettings
from samovar.services.gateway.edge.upstream import read_body

PART_BYTES_MAX = 1_048_576
_OK, _UNAUTHORIZED, _SERVER_FAULT = 200, 401, 500
_PASSED_ON = ("authorization", "accept-language", "x-request-id", "x-forwarded-for")

log = structlog.get_logger(__name__)


class Part(msgspec.Struct, frozen=True):
    """One call of a page.

    Attributes:
        name: Its key in the answer.
        service: Who answers.
        path: The route, with `{names}` of the page's own parameters.
        required: Without it the page makes no sense.
        signed_in: Asked only for callers with a token; null for others.
    """

    name: str
    service: str
    path: str
    timeout_ms: int = 1_000
    required: bool = False
    signed_in: bool = False


class _Refused(Exception):
    """A required part answered with a client's error, which is then the answer of the page."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


class Aggregates:
    """Fetches pages."""

    def __init__(self, session: aiohttp.ClientSession, platform: PlatformSettings) -> None:
        self._session = session
        self._platform = platform

    async def show(self, parts: tuple[Part, ...], headers: dict[str, str], **parameters: str) -> Answer:
        """Return the page: every part under its name, `partial`, and the names of those `missing`.

        Args:
            parts: What the page is made of.
            headers: The caller's, names in lower case.
            parameters: Fill the parts' paths.

        Raises:
            Unauthenticated: The caller's token is not accepted.
            Unavailable: A required part is away.
        """
        passed_on = {name: headers[name] for name in _PASSED_ON if name in headers}
        try:
            bodies = await asyncio.gather(*(self._part(part, passed_on, parameters) for part in parts))
        except _Refused as refused:
            return refused.answer
        missing = [part.name for part, body in zip(parts, bodies, strict=True) if body is None]
        page: dict[str, object] = {
            part.name: msgspec.Raw(body or b"null") for part, body in zip(parts, bodies, strict=True)
        }
        return Answer(page | {"partial": bool(missing), "missing": missing})

    async def _part(self, part: Part, headers: dict[str, str], parameters: dict[str, str]) -> bytes | None:
        """Return the raw JSON of a part, or None when it is away."""
        if part.signed_in and "authorization" not in headers:
            return b"null"
        url = f"http://{self._platform.address_of(part.service).rest}{part.path.format_map(parameters)}"
        timeout_s = min(part.timeout_ms / 1000, deadline.remaining_s() or float("inf"))
        carried = dict(headers)
        with tracing.span(f"part {part.name}", kind="client") as span:
            tracing.inject(carried)
            try:
                timeout = aiohttp.ClientTimeout(total=timeout_s)
                async with self._session.get(url, headers=carried, timeout=timeout) as answer:
                    body = await read_body(answer, PART_BYTES_MAX)
            except (aiohttp.ClientError, TimeoutError, Unavailable) as error:
                span.fail(error)
                return _away(part, repr(error))
        return _judge(part, answer.status, answer.content_type, body)


def _judge(part: Part, status: int, media_type: str, body: bytes) -> bytes | None:
    if status == _UNAUTHORIZED:
        raise Unauthenticated(f"{part.name} did not accept the token")
    if status >= _SERVER_FAULT or (status == _OK and media_type != JSON):
        return _away(part, f"status {status}, {media_type}")
    if status == _OK:
        return body
    if part.required:
        raise _Refused(Answer(body, status=status, media_type=media_type))
    return b"null"


def _away(part: Part, reason: str) -> bytes | None:
    log.warning("a part of a page is missing", part=part.name, service=part.service, reason=reason)
    if part.required:
        raise Unavailable(f"{part.name} is away")
    return None
