"""REST: staff publishes drafts, takes pages out of the store, puts them back, and mends pages directly, with a reason each time."""

from uuid import UUID

from samovar.kit.errors import InvalidInput, PreconditionFailed
from samovar.kit.identity import Caller
from samovar.kit.rest.etags import IfMatch
from samovar.kit.routes import RateLimit, get, patch, post
from samovar.services.catalog.editing.domain import MODERATE, PUBLISH
from samovar.services.catalog.editing.errors import (
    BaseNotPublished,
    DraftChanged,
    DraftClashes,
    NothingToPublish,
    NotPublished,
    NotWithdrawn,
    PageIncomplete,
)
from samovar.services.catalog.editing.publishing.use_cases import Publication
from samovar.services.catalog.editing.schemas import EditWish, PublishWish, StateWish, StoredPage
from samovar.services.catalog.errors import AppNotFound, PageChanged

BODY_BYTES_MAX = 524_288
_RATE = RateLimit(300, by="account")


@get(
    "/v1/admin/catalog/apps/{app_id:uuid}",
    auth="staff",
    permissions=(MODERATE,),
    rate_limit=_RATE,
    etag=True,
    raises=(AppNotFound,),
)
async def show_stored_page(app_id: UUID, publication: Publication) -> StoredPage:
    """Show the page as it is in the store, whoever may see it there."""
    return await publication.show(app_id)


@patch(
    "/v1/admin/catalog/apps/{app_id:uuid}",
    auth="staff",
    permissions=(MODERATE,),
    rate_limit=_RATE,
    body_bytes_max=BODY_BYTES_MAX,
    etag=True,
    raises=(AppNotFound, PreconditionFailed, InvalidInput),
)
async def edit_page(
    app_id: UUID, data: EditWish, caller: Caller, publication: Publication, if_match: IfMatch = None
) -> StoredPage:
    """Change the page itself by a merge patch (RFC 7396); its developers read the reason in the history."""
    return await publication.edit(
        app_id, data.page, account_id=caller.account_id, reason=data.reason, if_match=if_match
    )


@post(
    "/v1/admin/catalog/apps/{app_id:uuid}/publish",
    auth="staff",
    permissions=(PUBLISH,),
    rate_limit=_RATE,
    status=200,
    raises=(
        AppNotFound,
        BaseNotPublished,
        DraftChanged,
        NothingToPublish,
        DraftClashes,
        PageChanged,
        PageIncomplete,
    ),
)
async def publish_draft(
    app_id: UUID, data: PublishWish, caller: Caller, publication: Publication
) -> StoredPage:
    """Make the draft the page, if it has all that a page needs."""
    return await publication.publish(
        app_id, account_id=caller.account_id, reason=data.reason, draft_version=data.draft_version
    )


@post(
    "/v1/admin/catalog/apps/{app_id:uuid}/withdraw",
    auth="staff",
    permissions=(PUBLISH,),
    rate_limit=_RATE,
    status=200,
    raises=(AppNotFound, NotPublished),
)
async def withdraw_page(
    app_id: UUID, data: StateWish, caller: Caller, publication: Publication
) -> StoredPage:
    """Take a page out of the store, a game with all that belongs to it; whoever has the apps keeps them."""
    return await publication.withdraw(app_id, account_id=caller.account_id, reason=data.reason)


@post(
    "/v1/admin/catalog/apps/{app_id:uuid}/restore",
    auth="staff",
    permissions=(PUBLISH,),
    rate_limit=_RATE,
    status=200,
    raises=(AppNotFound, BaseNotPublished, NotWithdrawn),
)
async def restore_page(app_id: UUID, data: StateWish, caller: Caller, publication: Publication) -> StoredPage:
    """Put a page back that was taken out of the store, a game with what left with it."""
    return await publication.restore(app_id, account_id=caller.account_id, reason=data.reason)
