"""Branches, as developers and players see them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from samovar.services.download.plans.schemas import ChangedFile

NOTE_LENGTH_MAX = 2_000

BranchName = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9][a-z0-9_.-]{0,39}\Z",
        description="`main` is what everybody gets; others are named as the developer likes.",
    ),
]
Password = Annotated[str, Meta(min_length=8, max_length=100)]


class BranchChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a branch is to give.

    Attributes:
        build_id: A complete build of the app. An older one is a rollback.
        percent: How many of a hundred players get it; the others stay with what the branch gave before.
        password: Asked of whoever wants the branch; null takes it away, absent leaves it as it is.
        is_stopped: Nobody else gets the build; who has it keeps it.
        note: Why, for the history.
    """

    build_id: UUID
    percent: Annotated[int, Meta(ge=1, le=100)] = 100
    password: Password | UnsetType | None = UNSET
    is_stopped: bool = False
    note: Annotated[str, Meta(max_length=NOTE_LENGTH_MAX)] = ""


class Branch(msgspec.Struct, frozen=True, kw_only=True):
    """A branch, as the people of the organisation see it.

    Attributes:
        previous_build_id: What those get who are not among the `percent`: the last build that all were given.
        sequence: Grows with every change; clients refuse what is older than what they have seen.
    """

    name: str
    build_id: UUID
    previous_build_id: UUID | None
    percent: int
    is_stopped: bool
    has_password: bool
    sequence: int
    changed_at: datetime


class BranchVersion(msgspec.Struct, frozen=True, kw_only=True):
    """What a branch was from a moment on."""

    sequence: int
    build_id: UUID
    percent: int
    is_stopped: bool
    account_id: UUID
    changed_at: datetime
    note: str


class VersionKey(msgspec.Struct, frozen=True):
    """The order of versions."""

    sequence: int


class OfferedBranch(msgspec.Struct, frozen=True, kw_only=True):
    """A branch, as players see it.

    Attributes:
        build_id: What this player gets from it now.
        number: The build's number.
        has_password: A password is asked for.
    """

    name: str
    build_id: UUID
    number: int
    size_bytes: int
    has_password: bool
    changed_at: datetime


class UpdatePreview(msgspec.Struct, frozen=True, kw_only=True):
    """What an update would cost players, before it goes live.

    Attributes:
        from_build_id: Null: a first install.
        download_bytes: What is fetched, compressed.
        writes_bytes: What is written to the disk.
        disk_bytes_peak: What is needed on the disk beyond the old build, at the worst moment.
        largest: The files for which most has to be fetched: why it is as large as it is.
    """

    from_build_id: UUID | None
    build_id: UUID
    download_bytes: int
    writes_bytes: int
    disk_bytes_peak: int
    requests: int
    largest: list[ChangedFile]
