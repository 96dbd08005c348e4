"""Contents: what clients and mirrors fetch, open to whoever has a ticket."""

from typing import Annotated

from msgspec import Meta

from samovar.kit.errors import InvalidInput
from samovar.kit.rest.answers import Answer, Stream
from samovar.kit.rest.etags import IfNoneMatch, client_has
from samovar.kit.rest.parameters import header
from samovar.kit.routes import get
from samovar.services.download.errors import ObjectNotFound, RangeInvalid, StoreAway, TicketRefused
from samovar.services.download.files.use_cases import Contents

BYTES = "application/octet-stream"
# A span of some MiB over a slow line.
TIMEOUT_MS = 600_000

Ticket = Annotated[str, Meta(max_length=100, description="From the answer to `POST /v1/downloads`.")]
Kind = Annotated[str, Meta(max_length=20, description="`packs`, `deltas`, `plans` or `manifests`.")]
Name = Annotated[str, Meta(max_length=64, description="BLAKE3 of the object, small hex digits.")]
Range = Annotated[
    Annotated[str, Meta(max_length=64, description="One span of bytes: `bytes=0-1023`.")] | None,
    header("Range"),
]
IfRange = Annotated[
    Annotated[
        str,
        Meta(max_length=128, description="The `ETag` of what the client has a part of; else all is sent."),
    ]
    | None,
    header("If-Range"),
]


@get(
    "/content/{ticket:str}/{kind:str}/{name:str}",
    auth="public",
    timeout_ms=TIMEOUT_MS,
    media_type=BYTES,
    raises=(InvalidInput, ObjectNotFound, RangeInvalid, StoreAway, TicketRefused),
)
async def get_content(
    ticket: Ticket,
    kind: Kind,
    name: Name,
    contents: Contents,
    span: Range = None,
    if_range: IfRange = None,
    if_none_match: IfNoneMatch = None,
) -> Answer:
    """Return an object of the store, or one span of it. It never changes, and its `ETag` is its name."""
    etag = f'"{name}"'
    content = await contents.open(
        ticket, kind, name, None if if_range is not None and if_range.strip() != etag else span
    )
    headers = {
        "ETag": etag,
        "Cache-Control": "public, max-age=31536000, immutable",
        "Accept-Ranges": "bytes",
        "X-Content-Type-Options": "nosniff",
    }
    if client_has(if_none_match, etag):
        return Answer(status=304, headers=headers)
    if content.is_part:
        headers["Content-Range"] = f"bytes {content.begin}-{content.end - 1}/{content.size_bytes}"
    return Stream(
        content.pieces,
        content.end - content.begin,
        status=206 if content.is_part else 200,
        media_type=BYTES,
        headers=headers,
    )
