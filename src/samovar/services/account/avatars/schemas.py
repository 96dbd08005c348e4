"""The shapes of avatars that travel."""

import msgspec


class Avatar(msgspec.Struct, frozen=True):
    """Where one's picture is now.

    Attributes:
        avatar_url: A path below the origin; `?size=64` gives the small picture.
    """

    avatar_url: str
