"""Answers as they go onto the wire: bytes, a status and headers, with nothing in between."""

import re
from collections.abc import AsyncIterator, Sequence
from typing import Any, Generic, TypeVar

import msgspec
from litestar.types import Receive, Scope, Send

JSON = "application/json"

T = TypeVar("T")


class Answer:
    """What a handler returns when plain JSON with the declared status is not enough; also an ASGI application.

    Args:
        content: A value to be sent as JSON, or bytes to be sent as they are.
        status: The HTTP status.
        media_type: The type of the body.
        headers: Further headers.
        cookies: Values of `Set-Cookie`, the one header that stands there once for each.
    """

    __slots__ = ("body", "cookies", "headers", "media_type", "status")

    def __init__(
        self,
        content: Any = b"",
        *,
        status: int = 200,
        media_type: str = JSON,
        headers: dict[str, str] | None = None,
        cookies: Sequence[str] = (),
    ) -> None:
        self.body = content if isinstance(content, bytes) else msgspec.json.encode(content)
        self.status = status
        self.media_type = media_type
        self.headers = headers
        self.cookies = cookies

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Send the answer."""
        headers = [(b"content-length", str(len(self.body)).encode())]
        if self.body:
            headers.append((b"content-type", self.media_type.encode("latin-1")))
        for name, value in (self.headers or {}).items():
            headers.append((name.lower().encode("latin-1"), value.encode("latin-1")))
        headers += [(b"set-cookie", cookie.encode("latin-1")) for cookie in self.cookies]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body, "more_body": False})


class AnswerOf(Answer, Generic[T]):
    """An answer with headers of its own whose body is a `T`: the contract shows the shape all the same."""

    __slots__ = ()


class Stream(Answer):
    """An answer that is sent piece by piece, so that none of it has to be in memory whole.

    Args:
        pieces: The body; when it fails half way, the connection is closed, and the client sees that something is lacking.
        length: Bytes of all pieces.
        status: See `Answer`.
        media_type: See `Answer`.
        headers: See `Answer`.
    """

    __slots__ = ("length", "pieces")

    def __init__(
        self,
        pieces: AsyncIterator[bytes],
        length: int,
        *,
        status: int = 200,
        media_type: str = "application/octet-stream",
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(b"", status=status, media_type=media_type, headers=headers)
        self.pieces = pieces
        self.length = length

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Send the answer."""
        headers = [
            (b"content-length", str(self.length).encode()),
            (b"content-type", self.media_type.encode("latin-1")),
        ]
        for name, value in (self.headers or {}).items():
            headers.append((name.lower().encode("latin-1"), value.encode("latin-1")))
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        async for piece in self.pieces:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


_SPAN = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def span_of(text: str | None, size: int) -> tuple[int, int] | None:
    """Return first byte and the byte after the last of a `Range` of one span; none: the whole, also where it is not understood.

    Raises:
        ValueError: It lies outside.
    """
    found = _SPAN.fullmatch((text or "").strip())
    if not found or found[0].endswith("=-"):
        return None
    if not found[1]:
        first, last = max(0, size - int(found[2])), size
    else:
        first, last = int(found[1]), min(size, int(found[2]) + 1) if found[2] else size
    if first >= last:
        raise ValueError(f"{text} of {size}")
    return first, last
