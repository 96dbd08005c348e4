"""What library shows of saves."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from samovar.services.library.saves.domain import UNRESOLVED_MAX

DeviceId = Annotated[
    str,
    Meta(min_length=1, max_length=64, pattern=r"^[!-~]+\Z", description="The client's name for the machine."),
]


class SaveVersion(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a file.

    Attributes:
        parent_id: What the device had when it saved this; null: the file was new to it.
        content_id: BLAKE3 of the bytes, in hex; null: the file was deleted.
        is_unresolved: A side of a conflict that nobody has settled.
        is_current: What a device gets that asks for the file.
    """

    version_id: UUID
    parent_id: UUID | None
    content_id: str | None
    size_bytes: int
    device_id: str
    created_at: datetime
    is_unresolved: bool
    is_current: bool


class SaveFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file, and the sides of its conflict.

    Attributes:
        current: Its version with `content_id` null where the file was deleted.
        unresolved: The ids of versions that somebody must choose from, the oldest first.
    """

    path: str
    current: SaveVersion
    unresolved: list[UUID]


class Choice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which version is to be current: it settles the conflict of the file; an older one restores it.

    Attributes:
        seen: The sides that somebody has chosen from, as the list of files named them: no others are settled. Absent: all that there are.
    """

    version_id: UUID
    seen: Annotated[list[UUID], Meta(max_length=UNRESOLVED_MAX)] | None = None


class PathKey(msgspec.Struct, frozen=True):
    """What the list of files is sorted by."""

    path: str


class VersionKey(msgspec.Struct, frozen=True):
    """What the list of versions is sorted by: the newest first."""

    version_id: UUID
