"""The shapes of pictures that travel."""

from typing import Literal

import msgspec

Width = Literal[320, 640, 1280, 1920]
"""In pixels; a picture that is no wider is shown as it is."""


class StoredImage(msgspec.Struct, frozen=True, kw_only=True):
    """A picture as it is stored, to be named in a page's `media`.

    Attributes:
        image: SHA-256 of the stored picture: its name.
        width: In pixels.
        height: In pixels.
    """

    image: str
    width: int
    height: int
