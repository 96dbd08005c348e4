"""What can go wrong while pages are edited.

NotFound
└── VersionNotFound    404  catalog.version_not_found    the page has no such version
Conflict
├── BaseNotPublished   409  catalog.base_not_published   the game that it belongs to is not in the store, or not out yet
├── DraftClashes       409  catalog.draft_clashes        the page was changed meanwhile, in the same fields
├── NothingToPublish   409  catalog.nothing_to_publish   there is no draft, and the page is published
├── NotPublished       409  catalog.not_published        the page is not in the store
├── NotWithdrawn       409  catalog.not_withdrawn        the page was not taken out of the store
└── TooManyDrafts      409  catalog.too_many_drafts      the organisation has too many apps that were never shown
PreconditionFailed
└── DraftChanged       412  catalog.draft_changed        the draft is not the one that was looked at
InvalidInput
└── PageIncomplete     422  catalog.page_incomplete      the page lacks something to be published; the fields name it
"""

from samovar.kit.errors import Conflict, InvalidInput, NotFound, PreconditionFailed


class VersionNotFound(NotFound):
    """The page has no such version."""

    code = "catalog.version_not_found"


class BaseNotPublished(Conflict):
    """The game that it belongs to is not in the store, or not out yet; the parameter `base` names it."""

    code = "catalog.base_not_published"


class DraftClashes(Conflict):
    """The page was changed since the draft began, in fields that the draft changes too; the parameter `paths` names them."""

    code = "catalog.draft_clashes"


class NothingToPublish(Conflict):
    """There is no draft, and the page is in the store already."""

    code = "catalog.nothing_to_publish"


class NotPublished(Conflict):
    """The page is not in the store."""

    code = "catalog.not_published"


class NotWithdrawn(Conflict):
    """The page was not taken out of the store."""

    code = "catalog.not_withdrawn"


class TooManyDrafts(Conflict):
    """The organisation has too many apps that were never shown; the parameter `limit` says how many it may have."""

    code = "catalog.too_many_drafts"


class DraftChanged(PreconditionFailed):
    """The draft is not the one that was looked at."""

    code = "catalog.draft_changed"


class PageIncomplete(InvalidInput):
    """The page lacks something to be published; the fields name it."""

    code = "catalog.page_incomplete"
