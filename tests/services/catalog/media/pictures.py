"""Pictures for tests, good ones and hostile ones."""

import io
import struct
import zlib

from PIL import Image


def picture(
    kind: str = "PNG",
    size: tuple[int, int] = (64, 48),
    colour: object = 120,
    mode: str = "RGB",
    **more: object,
) -> bytes:
    """Return a picture of one colour."""
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, kind, **more)  # type: ignore[arg-type]
    return out.getvalue()


def opened(content: bytes) -> Image.Image:
    """Return what a browser would show."""
    return Image.open(io.BytesIO(content))


def png_of(width: int, height: int) -> bytes:
    """Return a PNG that claims a size and holds next to nothing: a bomb of a few hundred bytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 4096))
        + chunk(b"IEND", b"")
    )
