"""Deltas: a new file made from old ones. Chunks cost a recompiled binary 7 times what a delta does.

Two kinds. A zstd frame whose prefix is the old bytes is made at once (45 MB per second and more). HDiffPatch finds more and is made in
the background (4 to 10 MB per second); it is kept uncompressed, because deltas are compressed together, as the stream of a plan's frames.

Both work on bytes in memory: a large file is cut into pieces, each made from the part of the old file that resembles it.
"""

import hdiffpatch
from backports import zstd

from samovar.content.format.errors import Malformed, TooLarge, Unsupported

ZSTD_PREFIX = 1
HDIFFPATCH = 2
PIECE_BYTES_MAX = 256 * 1024 * 1024
# Of a larger one each piece has so many bytes, and is made from this much more of the old file on both sides.
PIECE_BYTES = 64 * 1024 * 1024
PIECE_MARGIN_BYTES = 16 * 1024 * 1024
PREFIX_LEVEL = 9
PREFIX_BYTES_MIN = 8
PREFIX_WINDOW_LOG_MAX = 29
HEAD = b"HDIFF13&\0"
SEVEN_BITS = 0x7F


def make(kind: int, old: bytes, new: bytes) -> bytes:
    """Return what makes `new` from `old`; releases the interpreter's lock.

    Raises:
        TooLarge: A part is larger than a piece may be.
        Unsupported: The kind is not known.
    """
    if max(len(old), len(new)) > PIECE_BYTES_MAX:
        raise TooLarge(f"a piece has at most {PIECE_BYTES_MAX} bytes")
    if kind == HDIFFPATCH:
        return hdiffpatch.diff(old, new, "none", validate=False, big_cache_match=True)
    if kind == ZSTD_PREFIX:
        return compress_after(old, new)
    raise Unsupported(f"deltas of the kind {kind} are not known here")


def apply(kind: int, old: bytes, delta: bytes, size: int) -> bytes:
    """Return the new part, which has `size` bytes; whoever calls it verifies the hash of the whole file.

    Raises:
        Malformed: It is no delta for these bytes.
        Unsupported: The kind is not known.
    """
    if kind == HDIFFPATCH:
        if _sizes(delta) != (size, len(old)):
            raise Malformed("a delta for bytes of another size")
        try:
            return hdiffpatch.apply(old, delta)
        except (hdiffpatch.HDiffPatchError, MemoryError) as error:
            raise Malformed(f"a delta cannot be applied: {error}") from None
    if kind == ZSTD_PREFIX:
        return decompress_after(old, delta, bytes_max=size, size=size)
    raise Unsupported(f"deltas of the kind {kind} are not known here")


def _sizes(delta: bytes) -> tuple[int, int]:
    """Return the sizes of the new and the old part that an uncompressed HDIFF13 claims: numbers of 7 bits a byte, high ones first."""
    if not delta.startswith(HEAD):
        raise Malformed("no uncompressed delta of HDiffPatch")
    new, at = _number(delta, len(HEAD))
    old, _ = _number(delta, at)
    return new, old


def _number(delta: bytes, at: int) -> tuple[int, int]:
    value = 0
    for byte in delta[at : at + 9]:
        at += 1
        value = value << 7 | byte & SEVEN_BITS
        if byte <= SEVEN_BITS:
            break
    return value, at


def compress_after(prefix: bytes, data: bytes, level: int = PREFIX_LEVEL) -> bytes:
    """Compress bytes whose reader has `prefix` already."""
    window_log = min(PREFIX_WINDOW_LOG_MAX, max(17, (len(prefix) + len(data)).bit_length()))
    options: dict[int, int] = {
        zstd.CompressionParameter.compression_level: level,
        zstd.CompressionParameter.window_log: window_log,
        zstd.CompressionParameter.enable_long_distance_matching: 1,
    }
    return zstd.compress(data, options=options, zstd_dict=_dictionary(prefix))


def _dictionary(prefix: bytes) -> tuple[zstd.ZstdDict, int] | None:
    """Return what zstd takes for a prefix; one of less than 8 bytes counts as none, because zstd takes no shorter one."""
    return zstd.ZstdDict(prefix, is_raw=True).as_prefix if len(prefix) >= PREFIX_BYTES_MIN else None


def decompress_after(prefix: bytes, data: bytes, *, bytes_max: int, size: int | None = None) -> bytes:
    """Decompress what `compress_after` made with the same prefix.

    Raises:
        TooLarge: There are more than `bytes_max`; no more of it is unpacked.
        Malformed: It is no such frame, or not of the `size`.
    """
    options: dict[int, int] = {zstd.DecompressionParameter.window_log_max: PREFIX_WINDOW_LOG_MAX + 1}
    try:
        decompressor = zstd.ZstdDecompressor(zstd_dict=_dictionary(prefix), options=options)
        unpacked = decompressor.decompress(data, max_length=bytes_max + 1)
    except (zstd.ZstdError, MemoryError) as error:
        raise Malformed(f"a frame cannot be unpacked: {error}") from None
    if len(unpacked) > bytes_max:
        raise TooLarge(f"a frame unpacks to more than {bytes_max} bytes")
    if not decompressor.eof or decompressor.unused_data or (size is not None and len(unpacked) != size):
        raise Malformed("a frame does not unpack to what it should")
    return unpacked
