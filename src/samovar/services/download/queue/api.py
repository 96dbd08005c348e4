"""REST: downloads and their tickets."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from samovar.kit.errors import InvalidInput, RateLimited
from samovar.kit.identity import Caller
from samovar.kit.pagination import LIMIT_DEFAULT, Limit, Page
from samovar.kit.routes import RateLimit, delete, get, patch, post, put
from samovar.services.download.errors import (
    AppNotFound,
    BranchNotFound,
    BranchPasswordWrong,
    BuildNotFound,
    CatalogAway,
    DownloadNotFound,
    LibraryAway,
    NothingToDownload,
    NotOut,
    NotOwned,
    PlannerBusy,
    StoreAway,
    TooManyDownloads,
)
from samovar.services.download.queue.schemas import (
    DeviceId,
    DeviceLimit,
    Download,
    DownloadChange,
    DownloadOrder,
    PublicBuild,
    PublicKey,
    Region,
    TicketedDownload,
)
from samovar.services.download.queue.use_cases import Queue

BODY_BYTES_MAX = 4_096
# The first who asks for an update waits until its plan is made.
TIMEOUT_MS = 60_000
_DOWNLOAD = "/v1/downloads/{download_id:uuid}"
_ORDERED = RateLimit(300, per_s=3_600, by="account", where="cluster")
_TOLD = RateLimit(1_200, per_s=60, by="account")
_GIVEN = (
    InvalidInput,
    AppNotFound,
    BranchNotFound,
    BranchPasswordWrong,
    NotOut,
    NotOwned,
    NothingToDownload,
    RateLimited,
    CatalogAway,
    LibraryAway,
    PlannerBusy,
    StoreAway,
)


class Renewal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is needed for another ticket.

    Attributes:
        branch_password: Of a branch that has one.
        region: As in the order.
    """

    branch_password: Annotated[str, Meta(max_length=100)] | None = None
    region: Region | None = None


@post(
    "/v1/downloads",
    auth="player",
    rate_limit=_ORDERED,
    timeout_ms=TIMEOUT_MS,
    # Ordered again, it is the same row of the queue.
    idempotent=True,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(*_GIVEN, TooManyDownloads),
)
async def order_download(data: DownloadOrder, caller: Caller, queue: Queue) -> TicketedDownload:
    """Put a game into the queue of a device, and get all that is needed to begin."""
    return await queue.order(caller, data)


@post(
    _DOWNLOAD + "/ticket",
    auth="player",
    status=200,
    rate_limit=_ORDERED,
    timeout_ms=TIMEOUT_MS,
    idempotent=True,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(*_GIVEN, BuildNotFound, DownloadNotFound),
)
async def renew_ticket(
    download_id: UUID, caller: Caller, queue: Queue, data: Renewal | None = None
) -> TicketedDownload:
    """Get another ticket, when the one before is over: for the same build, so that nothing begun is lost."""
    told = data or Renewal()
    return await queue.renew(caller, download_id, told.branch_password, told.region)


@get("/v1/downloads", auth="player", rate_limit=_TOLD, raises=(InvalidInput,))
async def list_downloads(
    caller: Caller,
    queue: Queue,
    device_id: DeviceId | None = None,
    cursor: str | None = None,
    limit: Limit = LIMIT_DEFAULT,
) -> Page[Download]:
    """List the downloads of the caller's devices, or of one, in the order of the queue."""
    return await queue.page(caller, device_id, cursor=cursor, limit=limit)


@patch(
    _DOWNLOAD,
    auth="player",
    rate_limit=_TOLD,
    idempotent=True,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, DownloadNotFound),
)
async def change_download(download_id: UUID, data: DownloadChange, caller: Caller, queue: Queue) -> Download:
    """Pause, resume or move a download, or say how far it is."""
    return await queue.change(caller, download_id, data)


@delete(_DOWNLOAD, auth="player", rate_limit=_TOLD, idempotent=False, raises=(DownloadNotFound,))
async def delete_download(download_id: UUID, caller: Caller, queue: Queue) -> None:
    """Take a download out of the queue; what is on the device stays."""
    await queue.delete(caller, download_id)


@put(
    "/v1/downloads/limits/{device_id:str}",
    auth="player",
    rate_limit=_TOLD,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, DownloadNotFound),
)
async def limit_device(device_id: DeviceId, data: DeviceLimit, caller: Caller, queue: Queue) -> DeviceLimit:
    """Say how fast a device may fetch. It obeys when it looks at its queue."""
    return await queue.limit(caller, device_id, data)


@get("/v1/downloads/keys", auth="public", rate_limit=RateLimit(120, per_s=60))
async def list_platform_keys(queue: Queue) -> list[PublicKey]:
    """List the keys with which the platform signs releases and plans; clients pin them."""
    return queue.platform_keys()


@get(
    "/v1/builds/{build_id:uuid}",
    auth="player",
    rate_limit=_TOLD,
    raises=(AppNotFound, BuildNotFound, CatalogAway, LibraryAway),
)
async def show_public_build(build_id: UUID, caller: Caller, queue: Queue) -> PublicBuild:
    """Show a build of a game that the caller may download."""
    return await queue.build(caller, build_id)
