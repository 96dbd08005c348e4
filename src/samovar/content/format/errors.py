"""What is refused, in one tree. `code` is stable; programs decide by it, people read the sentence of whoever shows it.

ContentError
├── PathRefused        a name or path that some system cannot hold, or that leads outside
├── Malformed          bytes that are not what they claim to be
│   └── TooLarge       more of it than the format allows
├── Tampered           a hash or signature does not fit: changed on the way, or signed by somebody else
│   └── UnknownKey     signed by a key that is not known here, and that no known key has introduced
├── Unsupported        a format or algorithm that this version does not know
├── Expired            a release that is no longer vouched for: somebody holds newer ones back
├── RolledBack         a release older than one that was seen already
└── Unplannable        the plan that was asked for cannot be made from what is stored
"""

from typing import ClassVar


class ContentError(Exception):
    """The root."""

    code: ClassVar[str] = "content.error"


class PathRefused(ContentError):
    """A path that cannot be part of a build.

    Args:
        path: The path as it was given.
        reason: What is wrong with it, in English.
    """

    code = "content.path_refused"

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path!r}: {reason}")
        self.path = path
        self.reason = reason


class Malformed(ContentError):
    """Bytes that do not follow the format."""

    code = "content.malformed"


class TooLarge(Malformed):
    """More than the format allows."""

    code = "content.too_large"


class Tampered(ContentError):
    """Bytes whose hash or signature does not fit."""

    code = "content.tampered"


class UnknownKey(Tampered):
    """Signed by nobody whom the reader knows: somebody else's doing, or a key was changed without a word from the one before."""

    code = "content.unknown_key"


class Unsupported(ContentError):
    """A format, algorithm or kind of a later version."""

    code = "content.unsupported"


class Expired(ContentError):
    """A release whose time is over."""

    code = "content.expired"


class RolledBack(ContentError):
    """A release that is older than one seen before."""

    code = "content.rolled_back"


class Changed(ContentError):
    """A file was written to while it was read."""

    code = "content.changed"


class Unplannable(ContentError):
    """What a plan needs is not stored."""

    code = "content.unplannable"
