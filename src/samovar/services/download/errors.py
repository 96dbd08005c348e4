"""What can go wrong in download.

NotFound
├── AppNotFound            404  download.app_not_found            there is none, or it is not the caller's to publish
├── BuildNotFound          404  download.build_not_found          there is none, or it is not the caller's to see
├── BuildKeyNotFound       404  download.build_key_not_found      the organisation has none with this id
├── BranchNotFound         404  download.branch_not_found         the app has none of this name
├── NothingToDownload      404  download.nothing_to_download      the game has nothing for its players yet
├── DownloadNotFound       404  download.download_not_found       the caller's queue has none with this id
└── ObjectNotFound         404  download.object_not_found         what the ticket opens has no such object
Forbidden
├── NotOwned               403  download.not_owned                the caller has no licence
├── BranchPasswordWrong    403  download.branch_password_wrong    the branch has a password, and this is not it
└── TicketRefused          403  download.ticket_refused           the ticket is over, or was never given
Conflict
├── BuildClosed            409  download.build_closed             it is complete, or was given up
├── ChunksMissing          409  download.chunks_missing           the store lacks chunks of the build
├── QuotaExceeded          409  download.quota_exceeded           the app has as much in the store as it may have
├── TooManyUploads         409  download.too_many_uploads         too many builds of the app are on the way
├── TooManyBuildKeys       409  download.too_many_build_keys      the organisation has as many as it may have
├── TooManyBranches        409  download.too_many_branches        the app has as many as it may have
├── TooManyDownloads       409  download.too_many_downloads       the device has as many as it may have
├── BranchKept             409  download.branch_kept              the main branch stays, and has no password
└── NotOut                 409  download.not_out                  the game is bought, and not out yet
InvalidInput
├── PackRefused            422  download.pack_refused             the bytes are no pack, or not those that they claim to be
├── ManifestRefused        422  download.manifest_refused         no key of the organisation has signed it, or it is of other files
├── IntroductionRefused    422  download.introduction_refused     no key of the organisation that counts has given its word for this one
└── BuildUnfit             422  download.build_unfit              the build is not of this app, or not complete
RangeInvalid               416  download.range_invalid            the range lies outside
Unavailable
├── StoreAway              503  download.store_away               the store of builds does not answer, or is full
├── CatalogAway            503  download.catalog_away             nobody can say whose the app is
├── LibraryAway            503  download.library_away             nobody can say who has a licence
└── PlannerBusy            503  download.planner_busy             too many plans are being made
"""

from samovar.kit.errors import Conflict, Forbidden, InvalidInput, NotFound, SamovarError, Unavailable


class AppNotFound(NotFound):
    """There is no such app, or it is not the caller's to publish."""

    code = "download.app_not_found"


class BuildNotFound(NotFound):
    """There is no such build, or it is not the caller's to see."""

    code = "download.build_not_found"


class BuildKeyNotFound(NotFound):
    """The organisation has no key with this id."""

    code = "download.build_key_not_found"


class BranchNotFound(NotFound):
    """The app has no branch of this name."""

    code = "download.branch_not_found"


class NothingToDownload(NotFound):
    """The game's main branch gives no build yet."""

    code = "download.nothing_to_download"


class DownloadNotFound(NotFound):
    """The caller's queue has no download with this id."""

    code = "download.download_not_found"


class ObjectNotFound(NotFound):
    """What the ticket opens has no such object."""

    code = "download.object_not_found"


class NotOwned(Forbidden):
    """The caller has no licence for the game."""

    code = "download.not_owned"


class BranchPasswordWrong(Forbidden):
    """The branch has a password, and this is not it."""

    code = "download.branch_password_wrong"


class TicketRefused(Forbidden):
    """The ticket is over, or was never given."""

    code = "download.ticket_refused"


class BuildClosed(Conflict):
    """The build takes no more bytes: it is complete, or was given up."""

    code = "download.build_closed"


class ChunksMissing(Conflict):
    """The store lacks chunks of the build; `count` says how many."""

    code = "download.chunks_missing"


class QuotaExceeded(Conflict):
    """The app has as much in the store as it may have."""

    code = "download.quota_exceeded"


class TooManyUploads(Conflict):
    """Too many builds of the app are on the way."""

    code = "download.too_many_uploads"


class TooManyBuildKeys(Conflict):
    """The organisation has as many keys as it may have."""

    code = "download.too_many_build_keys"


class TooManyBranches(Conflict):
    """The app has as many branches as it may have."""

    code = "download.too_many_branches"


class TooManyDownloads(Conflict):
    """The device has as many downloads as it may have."""

    code = "download.too_many_downloads"


class BranchKept(Conflict):
    """The main branch stays, and has no password."""

    code = "download.branch_kept"


class NotOut(Conflict):
    """The game is bought, and not out yet."""

    code = "download.not_out"


class PackRefused(InvalidInput):
    """The bytes are no pack, or not those that they claim to be."""

    code = "download.pack_refused"


class ManifestRefused(InvalidInput):
    """No key of the organisation has signed the manifest, or it is of other files."""

    code = "download.manifest_refused"


class IntroductionRefused(InvalidInput):
    """No key of the organisation that counts has given its word for the new one."""

    code = "download.introduction_refused"


class BuildUnfit(InvalidInput):
    """The build is not of this app, or not complete."""

    code = "download.build_unfit"


class RangeInvalid(SamovarError):
    """The range lies outside the object."""

    code = "download.range_invalid"
    http_status = 416
    grpc_status = "OUT_OF_RANGE"


class StoreAway(Unavailable):
    """The store of builds does not answer, or is full; nothing was changed."""

    code = "download.store_away"


class CatalogAway(Unavailable):
    """Nobody can say whose the app is; nothing was changed."""

    code = "download.catalog_away"


class LibraryAway(Unavailable):
    """Nobody can say who has a licence; nothing was changed."""

    code = "download.library_away"


class PlannerBusy(Unavailable):
    """Too many plans are being made."""

    code = "download.planner_busy"
