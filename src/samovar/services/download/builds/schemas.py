"""Builds, as developers see them."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

HASHES_AT_ONCE_MAX = 10_000
NOTE_LENGTH_MAX = 2_000
MANIFEST_BYTES_MAX = 65_536

State = Literal["uploading", "ready", "dropped"]
HexHash = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z", description="BLAKE3, small hex digits.")]


class NewBuild(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a developer says of a build before its bytes.

    Attributes:
        note: What is in it, for the people of the organisation.
    """

    note: Annotated[str, Meta(max_length=NOTE_LENGTH_MAX)] = ""


class Build(msgspec.Struct, frozen=True, kw_only=True):
    """A build.

    Attributes:
        number: 1, 2, 3 … of the app, from when it is complete.
        manifest_id: BLAKE3 of the signed manifest, hex.
        expires_at: When an upload that is not completed is given up.
    """

    id: UUID
    app_id: UUID
    number: int | None
    state: State
    note: str
    made_by: UUID
    made_at: datetime
    expires_at: datetime | None
    committed_at: datetime | None
    manifest_id: str | None
    size_bytes: int | None
    files: int | None


class BuildKey(msgspec.Struct, frozen=True):
    """The order of builds."""

    made_at: datetime
    id: UUID


class Hashes(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Chunks that a client has."""

    chunks: Annotated[list[HexHash], Meta(min_length=1, max_length=HASHES_AT_ONCE_MAX)]


class Missing(msgspec.Struct, frozen=True, kw_only=True):
    """Those of them that the store lacks, in the same order."""

    missing: list[str]


class StoredPack(msgspec.Struct, frozen=True, kw_only=True):
    """A pack that is in the store.

    Attributes:
        is_new: It was not there before.
    """

    id: str
    size_bytes: int
    chunks: int
    is_new: bool


class Completion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The end of an upload.

    Attributes:
        manifest: The signed manifest, base64.
    """

    manifest: Annotated[bytes, Meta(max_length=MANIFEST_BYTES_MAX)]
