"""Paints pictures anew: reads what developers send, makes smaller ones of what is stored.

Pillow is loaded with this module, which `painters` imports at the first picture. What it is given is hostile until it is proved to be
a picture: its format is told by its bytes, its sides are looked at before a pixel is unpacked, and nothing of the file itself gets through.
"""

import io
import warnings

import msgspec
from PIL import Image, ImageOps

FORMATS = ("PNG", "JPEG", "WEBP")
SIDE_PX_MIN = 16
SIDE_PX_MAX = 8_192
# Unpacked, one takes 67 MB; while it is turned or made smaller, twice that.
PIXELS_MAX = 16_777_216
KEPT_SIDE_PX_MAX = 3_840
_QUALITY = 88
_METHOD = 4
_ORIENTATION = 0x0112


class Painted(msgspec.Struct, frozen=True):
    """A picture as WebP."""

    content: bytes
    width: int
    height: int


class Unreadable(ValueError):
    """The bytes are no picture that is taken; the message is the code of the rule."""


def paint(content: bytes) -> Painted:
    """Paint a picture anew: upright, its longer side at most `KEPT_SIDE_PX_MAX`, without anything else that was in the file.

    Raises:
        Unreadable: It is no picture of `FORMATS`, or its sides are out of bounds.
    """
    try:
        image = _open(content)
    except Unreadable:
        raise
    except Exception as error:
        # Pillow raises whatever its decoders meet in a broken file: OSError, SyntaxError, struct.error, IndexError…
        raise Unreadable("image_unreadable") from error
    image.thumbnail((KEPT_SIDE_PX_MAX, KEPT_SIDE_PX_MAX), Image.Resampling.LANCZOS)
    return _painted(image)


def shrink(content: bytes, width: int) -> bytes:
    """Return a stored picture so wide; one that is no wider as it is."""
    with Image.open(io.BytesIO(content), formats=("WEBP",)) as image:
        if image.width <= width:
            return content
        height = max(1, round(image.height * width / image.width))
        return _painted(image.resize((width, height), Image.Resampling.LANCZOS)).content


def measure(content: bytes) -> tuple[int, int]:
    """Return the width and height of a stored picture.

    Raises:
        Unreadable: It is none.
    """
    try:
        with Image.open(io.BytesIO(content), formats=("WEBP",)) as image:
            return image.size
    except Exception as error:
        # As in `paint`.
        raise Unreadable("image_unreadable") from error


def _open(content: bytes) -> Image.Image:
    with warnings.catch_warnings():
        # Pillow warns of a bomb at sizes that are refused here anyway.
        warnings.simplefilter("ignore")
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            sides = image.size
            if (
                not all(SIDE_PX_MIN <= side <= SIDE_PX_MAX for side in sides)
                or sides[0] * sides[1] > PIXELS_MAX
            ):
                raise Unreadable("image_size")
            orientation = image.getexif().get(_ORIENTATION)
            opened = image.convert("RGBA" if image.has_transparency_data else "RGB")
    if orientation:
        opened.getexif()[_ORIENTATION] = orientation
        opened = ImageOps.exif_transpose(opened)
    return opened


def _painted(image: Image.Image) -> Painted:
    out = io.BytesIO()
    image.save(out, "WEBP", quality=_QUALITY, method=_METHOD, exif=b"", icc_profile=None)
    return Painted(out.getvalue(), image.width, image.height)
