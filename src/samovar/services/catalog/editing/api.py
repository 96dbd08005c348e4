"""REST: developers edit drafts of their pages and look at their history. To whoever may not, an app is not there."""

from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta

from samovar.kit.errors import InvalidInput, PreconditionFailed
from samovar.kit.identity import Caller
from samovar.kit.pagination import LIMIT_DEFAULT, Limit, Page
from samovar.kit.rest.etags import IfMatch
from samovar.kit.routes import RateLimit, delete, get, patch, post
from samovar.services.catalog.editing.domain import EDIT
from samovar.services.catalog.editing.errors import DraftClashes, TooManyDrafts, VersionNotFound
from samovar.services.catalog.editing.schemas import (
    ChangelogEntry,
    ChangelogWish,
    Draft,
    DraftDiff,
    MergeWish,
    NewApp,
    OwnApp,
    Version,
    VersionPage,
)
from samovar.services.catalog.editing.use_cases import Drafts, History
from samovar.services.catalog.errors import AppNotFound, SlugTaken

BODY_BYTES_MAX = 524_288
_READING = RateLimit(600, by="account")
_WRITING = RateLimit(120, by="account")
_MAKING = RateLimit(30, per_s=3_600, by="account")

VersionNumber = Annotated[int, Meta(ge=1, le=2**31)]


@post(
    "/v1/dev/apps",
    auth="player",
    permissions=(EDIT,),
    rate_limit=_MAKING,
    body_bytes_max=BODY_BYTES_MAX,
    etag=True,
    raises=(AppNotFound, SlugTaken, TooManyDrafts, InvalidInput),
)
async def create_app(data: NewApp, caller: Caller, drafts: Drafts) -> Draft:
    """Make an app of an organisation: a draft that nobody else sees. Slug and kind never change."""
    return await drafts.create(caller, data)


@get("/v1/dev/apps", auth="player", permissions=(EDIT,), rate_limit=_READING, raises=(InvalidInput,))
async def list_own_apps(
    caller: Caller,
    drafts: Drafts,
    organisation_id: UUID | None = None,
    cursor: str | None = None,
    limit: Limit = LIMIT_DEFAULT,
) -> Page[OwnApp]:
    """List the apps that the caller edits or looks after, the ones whose page was changed last first; staff sees all.

    Whose they are is told by the token: of somebody with more than 16 places those that it names.
    """
    return await drafts.mine(caller, organisation_id, cursor, limit)


@get(
    "/v1/dev/apps/{app_id:uuid}",
    auth="player",
    permissions=(EDIT,),
    rate_limit=_READING,
    etag=True,
    raises=(AppNotFound,),
)
async def show_draft(app_id: UUID, caller: Caller, drafts: Drafts) -> Draft:
    """Show the draft of a page, or the page where there is none."""
    return await drafts.show(caller, app_id)


@patch(
    "/v1/dev/apps/{app_id:uuid}",
    auth="player",
    permissions=(EDIT,),
    rate_limit=_WRITING,
    body_bytes_max=BODY_BYTES_MAX,
    etag=True,
    raises=(AppNotFound, PreconditionFailed, InvalidInput),
)
async def change_draft(
    app_id: UUID, data: dict[str, Any], caller: Caller, drafts: Drafts, if_match: IfMatch = None
) -> Draft:
    """Change the draft by a merge patch of the page (RFC 7396): what is absent stays, null clears, a list is replaced.

    The public page stays as it is until the draft is published.
    """
    return await drafts.change(caller, app_id, data, if_match)


@get(
    "/v1/dev/apps/{app_id:uuid}/draft/diff",
    auth="player",
    permissions=(EDIT,),
    rate_limit=_READING,
    raises=(AppNotFound,),
)
async def show_diff(app_id: UUID, caller: Caller, drafts: Drafts) -> DraftDiff:
    """Show field by field what publishing the draft would change, where it clashes with the page, and what it lacks."""
    return await drafts.diff(caller, app_id)


@post(
    "/v1/dev/apps/{app_id:uuid}/draft/merge",
    auth="player",
    permissions=(EDIT,),
    rate_limit=_WRITING,
    status=200,
    etag=True,
    raises=(AppNotFound, PreconditionFailed, DraftClashes, InvalidInput),
)
async def merge_draft(
    app_id: UUID, data: MergeWish, caller: Caller, drafts: Drafts, if_match: IfMatch = None
) -> Draft:
    """Bring the draft to the page that was changed meanwhile; each clash needs a choice."""
    return await drafts.merge(caller, app_id, data.choices, if_match)


@delete(
    "/v1/dev/apps/{app_id:uuid}/draft",
    auth="player",
    permissions=(EDIT,),
    rate_limit=_WRITING,
    raises=(AppNotFound,),
)
async def discard_draft(app_id: UUID, caller: Caller, drafts: Drafts) -> None:
    """Drop the draft; the page stays."""
    await drafts.discard(caller, app_id)


@get(
    "/v1/dev/apps/{app_id:uuid}/history",
    auth="player",
    permissions=(EDIT,),
    rate_limit=_READING,
    raises=(AppNotFound, InvalidInput),
)
async def list_history(
    app_id: UUID, caller: Caller, history: History, cursor: str | None = None, limit: Limit = LIMIT_DEFAULT
) -> Page[Version]:
    """List who changed the page, when and why, the newest first."""
    return await history.list(caller, app_id, cursor, limit)


@get(
    "/v1/dev/apps/{app_id:uuid}/history/{version:int}",
    auth="player",
    permissions=(EDIT,),
    rate_limit=_READING,
    raises=(AppNotFound, VersionNotFound),
)
async def show_version(app_id: UUID, version: VersionNumber, caller: Caller, history: History) -> VersionPage:
    """Show a version of the page, and what it changed."""
    return await history.show(caller, app_id, version)


@post(
    "/v1/dev/apps/{app_id:uuid}/history/{version:int}/restore",
    auth="player",
    permissions=(EDIT,),
    rate_limit=_WRITING,
    status=200,
    etag=True,
    raises=(AppNotFound, VersionNotFound, PreconditionFailed, InvalidInput),
)
async def restore_version(
    app_id: UUID, version: VersionNumber, caller: Caller, history: History, if_match: IfMatch = None
) -> Draft:
    """Put an old version into the draft, in place of what it holds."""
    return await history.restore(caller, app_id, version, if_match)


@post(
    "/v1/dev/apps/{app_id:uuid}/changelog",
    auth="player",
    permissions=(EDIT,),
    rate_limit=_WRITING,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(AppNotFound, InvalidInput),
)
async def add_changelog_entry(
    app_id: UUID, data: ChangelogWish, caller: Caller, history: History
) -> ChangelogEntry:
    """Say what changed in a release; players read it at once. The same release and moment again replaces the text."""
    return await history.note(caller, app_id, data)
