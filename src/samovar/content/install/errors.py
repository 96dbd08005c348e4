"""Why an installation stops. Whatever it was, the folder is the old build, the new one or resumable.

ContentError
└── InstallError
    ├── Busy           another process works on the folder
    ├── NoSpace        the disk is full, or too full to begin
    ├── Damaged        what lies on the disk is not what was installed: a plan from the empty tree mends it
    ├── Occupied       the folder belongs to another app
    └── SourceFailed   no source gave the bytes that were asked for
"""

from collections.abc import Sequence

from samovar.content.format.errors import ContentError


class InstallError(ContentError):
    """The root."""

    code = "content.install"


class Busy(InstallError):
    """Another process works on the folder."""

    code = "content.busy"


class NoSpace(InstallError):
    """The disk cannot hold it.

    Args:
        needed: Bytes that are missing, or 0 when nobody has counted them.
    """

    code = "content.no_space"

    def __init__(self, needed: int = 0) -> None:
        super().__init__(f"{needed} bytes of disk are missing" if needed else "the disk is full")
        self.needed = needed


class Damaged(InstallError):
    """Files are not what was installed.

    Args:
        paths: Which, from the root of the build.
    """

    code = "content.damaged"

    def __init__(self, paths: Sequence[str]) -> None:
        super().__init__(f"{len(paths)} files are not what was installed: {', '.join(paths[:3])}")
        self.paths = list(paths)


class Occupied(InstallError):
    """The folder belongs to another app."""

    code = "content.occupied"


class SourceFailed(InstallError):
    """The bytes could not be got.

    Args:
        why: In English.
        gone: Whether there are none any more, as far as anybody knows; asking again does not help.
    """

    code = "content.source_failed"

    def __init__(self, why: str, *, gone: bool = False) -> None:
        super().__init__(why)
        self.gone = gone
