"""Pages of a list: `?limit=&cursor=` in, `{"items": […], "next_cursor": "…" | null}` out (api.md, section 1).

A page is found by the key of the last row seen, never by an offset: rows that come and go neither shift it nor make it
slower. The key is a struct of what the list is sorted by, unique in its last field:

    class ReviewKey(msgspec.Struct, frozen=True):
        created_at: datetime
        id: UUID

    after = decode_cursor(cursor, ReviewKey)
    rows = await repository.reviews(game_id, after, limit + 1)
    return page_of(rows, limit, lambda row: ReviewKey(row.created_at, row.id))

A cursor is opaque and not secret: it says where to go on in a list, and who may read the list is decided anew each time.
"""

import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from typing import Annotated, Generic, TypeVar

import msgspec
from msgspec import UNSET, Meta, UnsetType

from samovar.kit.errors import FieldError, InvalidInput

LIMIT_DEFAULT = 24
LIMIT_MAX = 100
CURSOR_LENGTH_MAX = 1_024
_CHECKSUM_BYTES = 4

Limit = Annotated[int, Meta(ge=1, le=LIMIT_MAX, description="How many items at most.")]

T = TypeVar("T")
K = TypeVar("K", bound=msgspec.Struct)

_encoder = msgspec.msgpack.Encoder(uuid_format="bytes")


class Page(msgspec.Struct, Generic[T], frozen=True):
    """One page of a list.

    Attributes:
        items: At most `limit` of them.
        next_cursor: Send it back as `cursor` for the next page; null on the last one.
        total: How many there are in all pages, where counting is cheap.
    """

    items: list[T]
    next_cursor: str | None
    total: int | UnsetType = UNSET


def page_of(
    rows: Sequence[T], limit: int, key: Callable[[T], msgspec.Struct], *, total: int | UnsetType = UNSET
) -> Page[T]:
    """Return the page that `rows` make.

    Args:
        rows: `limit + 1` rows or fewer, as the query found them; the one too many says that there is a next page.
        limit: The size of the page.
        key: Returns the sorting key of a row.
        total: See `Page`.
    """
    next_cursor = encode_cursor(key(rows[limit - 1])) if len(rows) > limit else None
    return Page(list(rows[:limit]), next_cursor, total)


def encode_cursor(key: msgspec.Struct) -> str:
    """Return `key` as text for a URL."""
    body = _encoder.encode(key)
    return urlsafe_b64encode(body + _checksum(body, type(key))).rstrip(b"=").decode()


def decode_cursor(cursor: str | None, kind: type[K]) -> K | None:
    """Return the key in a cursor that a client sent back, None for the first page.

    Raises:
        InvalidInput: It is not a cursor of this list; the field is `cursor`.
    """
    if cursor is None:
        return None
    try:
        return msgspec.msgpack.decode(_body_of(cursor, kind), type=kind)
    except ValueError as error:  # msgspec's and base64's own are kinds of it.
        fault = FieldError("cursor", "cursor_invalid", "not a cursor of this list")
        raise InvalidInput(f"cursor: {error}", fields=[fault]) from None


def _body_of(cursor: str, kind: type[msgspec.Struct]) -> bytes:
    if len(cursor) > CURSOR_LENGTH_MAX:
        raise ValueError(f"{len(cursor)} characters")
    data = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    body, checksum = data[:-_CHECKSUM_BYTES], data[-_CHECKSUM_BYTES:]
    if checksum != _checksum(body, kind):
        raise ValueError("wrong checksum")
    return body


def _checksum(body: bytes, kind: type[msgspec.Struct]) -> bytes:
    """Return four bytes that also tell lists apart, and the present form of a key from an older one."""
    form = f"{kind.__name__}{kind.__struct_fields__}".encode()
    return zlib.crc32(body, zlib.crc32(form)).to_bytes(_CHECKSUM_BYTES)
