"""One meaning, one sequence of bytes: MessagePack of arrays, written in its shortest form, named by its BLAKE3.

Whoever decodes encodes again and compares: a second way to write the same thing would be a second id for it.
"""

from typing import Annotated, TypeVar

import msgspec
from blake3 import blake3
from msgspec import Meta

from samovar.content.format.errors import Malformed, TooLarge

HASH_BYTES = 32
SIZE_MAX = 2**53
Hash = Annotated[bytes, Meta(min_length=HASH_BYTES, max_length=HASH_BYTES)]
Size = Annotated[int, Meta(ge=0, le=SIZE_MAX)]
Count = Annotated[int, Meta(ge=0, le=2**32)]

T = TypeVar("T")


def hash_of(data: bytes | bytearray | memoryview) -> bytes:
    """Return the BLAKE3-256 of bytes: the id of a chunk, node, pack, manifest and key."""
    return blake3(data).digest()


def encode(value: msgspec.Struct) -> bytes:
    """Return the only bytes that mean this value."""
    return msgspec.msgpack.encode(value)


def decode(data: bytes, kind: type[T], *, bytes_max: int) -> T:
    """Read bytes of the given kind.

    Raises:
        TooLarge: There are more than `bytes_max`.
        Malformed: They are something else, or not written canonically.
    """
    if len(data) > bytes_max:
        raise TooLarge(f"{kind.__name__} of {len(data)} bytes, at most {bytes_max}")
    try:
        value = msgspec.msgpack.decode(data, type=kind)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise Malformed(f"{kind.__name__}: {error}") from None
    if msgspec.msgpack.encode(value) != data:
        raise Malformed(f"{kind.__name__} is not written canonically")
    return value
