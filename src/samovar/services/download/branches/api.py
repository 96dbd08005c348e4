"""REST: branches, for developers and for players."""

from uuid import UUID

from samovar.kit.errors import InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.pagination import LIMIT_DEFAULT, Limit, Page
from samovar.kit.routes import RateLimit, delete, get, put
from samovar.services.download.branches.schemas import (
    Branch,
    BranchChange,
    BranchName,
    BranchVersion,
    OfferedBranch,
    UpdatePreview,
)
from samovar.services.download.branches.use_cases import Branches
from samovar.services.download.errors import (
    AppNotFound,
    BranchKept,
    BranchNotFound,
    BuildNotFound,
    BuildUnfit,
    CatalogAway,
    PlannerBusy,
    StoreAway,
    TooManyBranches,
)
from samovar.services.download.rights import PUSH, READ

BODY_BYTES_MAX = 8_192
TIMEOUT_MS = 60_000
_BRANCHES = "/v1/dev/apps/{app_id:uuid}/branches"
_WRITES = RateLimit(120, per_s=3_600, by="account", where="cluster")


@get(_BRANCHES, auth="player", permissions=(READ,), raises=(AppNotFound, CatalogAway))
async def list_branches(app_id: UUID, caller: Caller, branches: Branches) -> list[Branch]:
    """List the branches of an app by name."""
    return await branches.list_branches(caller, app_id)


@put(
    _BRANCHES + "/{name:str}",
    auth="player",
    permissions=(PUSH,),
    rate_limit=_WRITES,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, AppNotFound, BranchKept, BuildUnfit, TooManyBranches, CatalogAway),
)
async def change_branch(
    app_id: UUID, name: BranchName, data: BranchChange, caller: Caller, branches: Branches
) -> Branch:
    """Let a branch give a build, to all or to so many of a hundred; stop a rollout, or go back to an older build."""
    return await branches.change(caller, app_id, name, data)


@delete(
    _BRANCHES + "/{name:str}",
    auth="player",
    permissions=(PUSH,),
    rate_limit=_WRITES,
    raises=(InvalidInput, AppNotFound, BranchKept, BranchNotFound, CatalogAway),
)
async def delete_branch(app_id: UUID, name: BranchName, caller: Caller, branches: Branches) -> None:
    """Delete a branch; the main one stays."""
    await branches.delete(caller, app_id, name)


@get(
    _BRANCHES + "/{name:str}/history",
    auth="player",
    permissions=(READ,),
    raises=(InvalidInput, AppNotFound, CatalogAway),
)
async def list_branch_versions(
    app_id: UUID,
    name: BranchName,
    caller: Caller,
    branches: Branches,
    cursor: str | None = None,
    limit: Limit = LIMIT_DEFAULT,
) -> Page[BranchVersion]:
    """List what a branch was, the newest first."""
    return await branches.history(caller, app_id, name, cursor=cursor, limit=limit)


@get(
    "/v1/dev/builds/{build_id:uuid}/preview",
    auth="player",
    permissions=(READ,),
    timeout_ms=TIMEOUT_MS,
    raises=(InvalidInput, BuildNotFound, PlannerBusy, StoreAway),
)
async def preview_update(
    build_id: UUID, caller: Caller, branches: Branches, from_build_id: UUID | None = None
) -> UpdatePreview:
    """Say what an update to a build would cost players before it goes live, and which files make it so large."""
    return await branches.preview(caller, build_id, from_build_id)


@get("/v1/games/{game_id:uuid}/branches", auth="player", rate_limit=RateLimit(300, per_s=60, by="account"))
async def list_offered_branches(game_id: UUID, caller: Caller, branches: Branches) -> list[OfferedBranch]:
    """List the branches of a game; of one with a password it is said that it has one."""
    return await branches.offered(caller, game_id)
