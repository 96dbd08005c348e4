"""What can go wrong with saves.

NotFound
├── SaveNotFound          404  library.save_not_found           no such file
└── SaveVersionNotFound   404  library.save_version_not_found   no such version of it
Conflict
├── SaveShrunk            409  library.save_shrunk              it is ten times smaller than the current one: ask a person
├── SaveNameTaken         409  library.save_name_taken          another file has this name but for its case
├── SaveQuotaExceeded     409  library.save_quota_exceeded      the game has too many files or bytes
└── TooManySaveConflicts  409  library.too_many_save_conflicts  settle some first
PreconditionFailed
└── SaveConflict          412  save.conflict                    another device was first; the upload is kept
BadRequest
└── SavePreconditionMissing 400  library.save_precondition_missing  neither `If-Match` nor `If-None-Match: *`
SamovarError
└── SaveRangeInvalid      416  library.save_range_invalid       the range lies outside
"""

from samovar.kit.errors import BadRequest, Conflict, NotFound, PreconditionFailed, SamovarError


class SaveNotFound(NotFound):
    """The account has saved no such file in this game."""

    code = "library.save_not_found"


class SaveVersionNotFound(NotFound):
    """The file has no such version, or has it no longer."""

    code = "library.save_version_not_found"


class SaveShrunk(Conflict):
    """The upload is empty, or ten times smaller than what it would replace; `confirm=true` says that it is meant so."""

    code = "library.save_shrunk"


class SaveNameTaken(Conflict):
    """Another file has this name but for its case."""

    code = "library.save_name_taken"


class SaveQuotaExceeded(Conflict):
    """The game has too many files, or too many bytes that cannot be pruned."""

    code = "library.save_quota_exceeded"


class TooManySaveConflicts(Conflict):
    """So many sides of one file are unsettled that no more are kept."""

    code = "library.too_many_save_conflicts"


class SaveConflict(PreconditionFailed):
    """Another device was first. `current` is what it saved, `yours` is the upload, which is kept; none where there was none."""

    code = "save.conflict"


class SavePreconditionMissing(BadRequest):
    """The client does not say what it had."""

    code = "library.save_precondition_missing"


class SaveRangeInvalid(SamovarError):
    """The range that was asked for lies outside of the file."""

    code = "library.save_range_invalid"
    http_status = 416
    grpc_status = "OUT_OF_RANGE"
