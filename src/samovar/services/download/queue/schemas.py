"""Downloads, as players and their clients see them."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from samovar.services.download.branches.schemas import BranchName

State = Literal["queued", "running", "paused", "done", "failed"]
DeviceId = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}\Z",
        description="The client's own name for the device; the same as in saves and play sessions.",
    ),
]


Region = Annotated[
    str,
    Meta(
        pattern=r"^[a-z]{2}(?:-[a-z0-9]{1,10})?\Z",
        description="Where the device is, so that a mirror nearby is tried first: a country (ISO 3166-1, small letters), or a part of it, "
        "`ru-spe`, as operators name theirs.",
    ),
]


class DownloadOrder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be downloaded to a device.

    Attributes:
        from_build: What the device has of the game; absent for a first install. One that is no longer known counts as none.
    """

    game_id: UUID
    device_id: DeviceId
    branch: BranchName = "main"
    branch_password: Annotated[str, Meta(max_length=100)] | None = None
    from_build: UUID | None = None
    region: Region | None = None


class PublicKey(msgspec.Struct, frozen=True, kw_only=True):
    """A public key.

    Attributes:
        key_id: BLAKE3 of it, hex: the id in signatures.
        algorithm: `ed25519`.
        public_key: Its 32 raw bytes, base64.
    """

    key_id: str
    algorithm: str
    public_key: bytes


class Download(msgspec.Struct, frozen=True, kw_only=True):
    """A game in the queue of a device.

    Attributes:
        from_build: What the plan begins with; null: with nothing.
        position: The least comes first.
        download_bytes: What is fetched in all, compressed.
        done_bytes: What of it the client has, as it said last.
        limit_bytes_per_s: How fast the device may fetch, as the player asks; null: as fast as it goes.
    """

    id: UUID
    game_id: UUID
    device_id: str
    branch: str
    build_id: UUID
    from_build: UUID | None
    state: State
    position: int
    size_bytes: int
    download_bytes: int
    done_bytes: int
    failure: str | None
    limit_bytes_per_s: int | None = None
    made_at: datetime
    changed_at: datetime


class TicketedDownload(Download, frozen=True, kw_only=True):
    """A download with all that the client needs to begin.

    Attributes:
        plan_url: Below the origin of the platform or of a mirror, as the other URLs: the signed plan.
        manifest_url: The signed manifest.
        content_base_url: In front of `packs/…` and `deltas/…`.
        expires_at: When the URLs are over; another ticket is had from `POST /v1/downloads/{id}/ticket`.
        disk_bytes_peak: What is needed on the disk beyond what the device has, at the worst moment.
        release: The platform's signed word that this build is what the branch gives, base64.
        platform_keys: Sign releases and plans; clients pin them.
        developer_keys: Sign manifests of this organisation.
        platform_introductions: The words of keys that the platform used before for those that it uses now, base64.
        developer_introductions: The words of this organisation's keys for one another: clients believe a key that one they know introduces.
        sources: What stands in front of `packs/…` and `deltas/…`, in the order to begin with: of mirrors whole, `content_base_url` of the
            platform itself. None is to be trusted, and the best of them is found out by measuring.
    """

    plan_url: str
    manifest_url: str
    content_base_url: str
    expires_at: datetime
    disk_bytes_peak: int
    release: bytes
    platform_keys: list[PublicKey]
    developer_keys: list[PublicKey]
    platform_introductions: list[bytes]
    developer_introductions: list[bytes]
    sources: list[str]


class DownloadChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a client says of a download; what is absent stays.

    Attributes:
        state: `queued` goes on, as does `running`; `paused` waits for the player.
        position: Among the device's downloads; the least comes first. What stands there moves one place back.
        done_bytes: What the client has of `download_bytes`; it never goes back.
        failure: Why it failed, a code of the client's.
    """

    state: State | None = None
    position: Annotated[int, Meta(ge=0, le=1_000_000)] | None = None
    done_bytes: Annotated[int, Meta(ge=0, le=2**53)] | None = None
    failure: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_.]{0,99}\Z")] | None = None


class DeviceLimit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How fast a device may fetch.

    Attributes:
        bytes_per_s: Null: as fast as it goes.
    """

    bytes_per_s: Annotated[int, Meta(ge=1_000, le=100_000_000_000)] | None


class QueueKey(msgspec.Struct, frozen=True):
    """The order of a queue."""

    position: int
    id: UUID


class PublicBuild(msgspec.Struct, frozen=True, kw_only=True):
    """A build, as players see it."""

    id: UUID
    game_id: UUID
    number: int
    size_bytes: int
