"""Reads the pictures that people send, and draws those of people who sent none.

A picture from outside is hostile until it is proved to be one: its format is told by its bytes, its size is looked at
before a pixel is unpacked, and what is shown to others is painted anew, so nothing of the file itself (EXIF with the
place where it was taken, what hides behind the last pixel) gets through.
"""

import hashlib
import io
import warnings
from functools import lru_cache

import msgspec
from PIL import Image, ImageOps

from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.tasks.threads import Threads
from samovar.services.account.errors import AvatarsBusy

LARGE_PX = 256
SMALL_PX = 64
SIDE_PX_MIN = 64
SIDE_PX_MAX = 4_096
FORMATS = ("PNG", "JPEG", "WEBP")
# One picture takes 130 MB at the most while it is unpacked, and a second of a core.
THREADS = 1
QUEUE_MAX = 16
_QUALITY = 85
_ORIENTATION = 0x0112
_ENOUGH_PX = 2 * LARGE_PX
_CELLS = 5
_DRAWN_KEPT = 512
_BACKGROUND = (240, 236, 228)


class Picture(msgspec.Struct, frozen=True):
    """A picture in its two sizes, both WebP.

    Attributes:
        hash: SHA-256 of the large one: its name.
    """

    hash: str
    large: bytes
    small: bytes


class Unreadable(ValueError):
    """The bytes are no picture that we take; the message is the code of the rule."""


class Pictures(Threads):
    """Reads pictures in a thread of its own, so that a large one delays nobody's request."""

    def __init__(self, *, threads: int = THREADS, queue_max: int = QUEUE_MAX) -> None:
        super().__init__("pictures", threads=threads, queue_max=queue_max, busy=AvatarsBusy)

    async def read(self, content: bytes) -> Picture:
        """Return what is shown of a picture that somebody sent.

        Raises:
            InvalidInput: It is none, or too small or too large.
            AvatarsBusy: Too many others wait.
        """
        try:
            return await self.work(paint, content)
        except Unreadable as error:
            raise InvalidInput(fields=[FieldError("", str(error), "not a picture that is taken")]) from None


def paint(content: bytes) -> Picture:
    """Paint a picture anew: upright, square, in two sizes, without anything else that was in the file.

    Raises:
        Unreadable: It is no picture of `FORMATS`, or its sides are out of bounds.
    """
    try:
        upright = _open(content)
    except Unreadable:
        raise
    except Exception as error:
        # Pillow raises whatever its decoders meet in a broken file: OSError, SyntaxError, struct.error, IndexError…
        raise Unreadable("picture_unreadable") from error
    ground = Image.new("RGBA", upright.size, (255, 255, 255, 255))
    flat = Image.alpha_composite(ground, upright).convert("RGB")
    large = _webp(ImageOps.fit(flat, (LARGE_PX, LARGE_PX), Image.Resampling.LANCZOS))
    small = _webp(ImageOps.fit(flat, (SMALL_PX, SMALL_PX), Image.Resampling.LANCZOS))
    return Picture(hash=hashlib.sha256(large).hexdigest(), large=large, small=small)


def _open(content: bytes) -> Image.Image:
    with warnings.catch_warnings():
        # Pillow warns of a bomb at sizes that are refused here anyway.
        warnings.simplefilter("ignore")
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            if not all(SIDE_PX_MIN <= side <= SIDE_PX_MAX for side in image.size):
                raise Unreadable("picture_size")
            orientation = image.getexif().get(_ORIENTATION)
            # JPEG alone can do so: it unpacks no more pixels than are needed. The others are made small before anything else.
            image.draft("RGB", (_ENOUGH_PX, _ENOUGH_PX))
            opened = image.convert("RGBA")
    opened = opened.reduce(max(1, min(opened.size) // _ENOUGH_PX))
    if orientation:
        opened.getexif()[_ORIENTATION] = orientation
    return ImageOps.exif_transpose(opened)


@lru_cache(maxsize=_DRAWN_KEPT)
def draw(seed: str, side_px: int) -> bytes:
    """Return the picture of somebody who sent none, as WebP: a pattern of its own for each seed, the same for ever."""
    digest = hashlib.sha256(seed.encode()).digest()
    colour = tuple(64 + value % 128 for value in digest[:3])
    cells = Image.new("RGB", (_CELLS + 2, _CELLS + 2), _BACKGROUND)
    for row in range(_CELLS):
        for column in range(_CELLS // 2 + 1):
            if digest[3 + row * (_CELLS // 2 + 1) + column] & 1:
                cells.putpixel((1 + column, 1 + row), colour)
                cells.putpixel((_CELLS - column, 1 + row), colour)
    return _webp(cells.resize((side_px, side_px), Image.Resampling.NEAREST), lossless=True)


def _webp(image: Image.Image, *, lossless: bool = False) -> bytes:
    out = io.BytesIO()
    image.save(out, "WEBP", quality=_QUALITY, lossless=lossless, method=4)
    return out.getvalue()
