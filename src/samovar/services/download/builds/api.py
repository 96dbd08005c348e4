"""REST: builds, as developers upload them."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta

from samovar.kit.errors import InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.pagination import LIMIT_DEFAULT, Limit, Page
from samovar.kit.routes import RateLimit, get, post, put
from samovar.services.download.builds.schemas import (
    Build,
    Completion,
    Hashes,
    HexHash,
    Missing,
    NewBuild,
    StoredPack,
)
from samovar.services.download.builds.use_cases import Builds, Uploads
from samovar.services.download.errors import (
    AppNotFound,
    BuildClosed,
    BuildNotFound,
    CatalogAway,
    ChunksMissing,
    ManifestRefused,
    PackRefused,
    PlannerBusy,
    QuotaExceeded,
    StoreAway,
    TooManyUploads,
)
from samovar.services.download.rights import PUSH, READ

BODY_BYTES_MAX = 131_072
PACK_BYTES_MAX = 16 * 1_048_576
TREE_BYTES_MAX = 64 * 1_048_576
TIMEOUT_MS = 60_000
_BUILD = "/v1/dev/builds/{build_id:uuid}"
_BEGUN = RateLimit(120, per_s=3_600, by="account", where="cluster")
_SENT = RateLimit(6_000, per_s=60, by="account")

Id = Annotated[HexHash, Meta(description="BLAKE3 of the pack, small hex digits.")]


@post(
    "/v1/dev/apps/{app_id:uuid}/builds",
    auth="player",
    permissions=(PUSH,),
    rate_limit=_BEGUN,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, AppNotFound, TooManyUploads, CatalogAway),
)
async def begin_build(app_id: UUID, data: NewBuild, caller: Caller, uploads: Uploads) -> Build:
    """Begin to upload a build; what is not completed in time is given up."""
    return await uploads.begin(caller, app_id, data)


@get(
    "/v1/dev/apps/{app_id:uuid}/builds",
    auth="player",
    permissions=(READ,),
    raises=(InvalidInput, AppNotFound, CatalogAway),
)
async def list_builds(
    app_id: UUID,
    caller: Caller,
    builds: Builds,
    cursor: str | None = None,
    limit: Limit = LIMIT_DEFAULT,
) -> Page[Build]:
    """List the builds of an app, the newest first."""
    return await builds.page(caller, app_id, cursor=cursor, limit=limit)


@get(_BUILD, auth="player", permissions=(READ,), raises=(BuildNotFound,))
async def show_build(build_id: UUID, caller: Caller, builds: Builds) -> Build:
    """Show a build."""
    return await builds.find(caller, build_id)


@post(
    _BUILD + "/chunks/missing",
    auth="player",
    permissions=(PUSH,),
    status=200,
    rate_limit=_SENT,
    timeout_ms=TIMEOUT_MS,
    raises=(InvalidInput, BuildNotFound),
)
async def list_missing_chunks(build_id: UUID, data: Hashes, caller: Caller, uploads: Uploads) -> Missing:
    """Return which chunks the store lacks: only those are to be sent."""
    return Missing(missing=await uploads.missing(caller, build_id, data.chunks))


@put(
    _BUILD + "/packs/{pack_id:str}",
    auth="player",
    permissions=(PUSH,),
    rate_limit=_SENT,
    timeout_ms=TIMEOUT_MS,
    body_bytes_max=PACK_BYTES_MAX,
    body="bytes",
    raises=(InvalidInput, BuildClosed, BuildNotFound, PackRefused, QuotaExceeded, StoreAway),
)
async def put_pack(build_id: UUID, pack_id: Id, data: bytes, caller: Caller, uploads: Uploads) -> StoredPack:
    """Send a pack of chunks; once more is once."""
    return await uploads.put_pack(caller, build_id, pack_id, data)


@put(
    _BUILD + "/tree",
    auth="player",
    permissions=(PUSH,),
    status=204,
    rate_limit=_SENT,
    timeout_ms=TIMEOUT_MS,
    body_bytes_max=TREE_BYTES_MAX,
    body="bytes",
    raises=(InvalidInput, BuildClosed, BuildNotFound, StoreAway),
)
async def put_tree(build_id: UUID, data: bytes, caller: Caller, uploads: Uploads) -> None:
    """Send the nodes of the tree: a list of byte strings in the format's encoding, in one zstd frame."""
    await uploads.put_tree(caller, build_id, data)


@post(
    _BUILD + "/commit",
    auth="player",
    permissions=(PUSH,),
    status=200,
    rate_limit=_SENT,
    timeout_ms=TIMEOUT_MS,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(
        InvalidInput,
        BuildClosed,
        BuildNotFound,
        ChunksMissing,
        ManifestRefused,
        PlannerBusy,
        StoreAway,
    ),
)
async def complete_build(build_id: UUID, data: Completion, caller: Caller, uploads: Uploads) -> Build:
    """Complete a build with its signed manifest. Players get it when a branch names it."""
    return await uploads.complete(caller, build_id, data.manifest)
