"""What can go wrong with requests for personal data.

NotFound
├── RequestUnknown     404  account.data_request_unknown  nothing was asked for
└── LinkInvalid        404  account.export_link_invalid   forged, too old, or the export is gone
Conflict
├── ExportNotReady     409  account.export_not_ready      the services are still at it
└── ErasureNotPending  409  account.erasure_not_pending   nothing waits, or it has begun and cannot be undone
"""

from samovar.kit.errors import Conflict, NotFound


class RequestUnknown(NotFound):
    """The person has asked for nothing of the kind."""

    code = "account.data_request_unknown"


class LinkInvalid(NotFound):
    """The link is forged or too old, or the export is gone."""

    code = "account.export_link_invalid"


class ExportNotReady(Conflict):
    """The services are still at it, or the export has expired."""

    code = "account.export_not_ready"


class ErasureNotPending(Conflict):
    """No erasure waits that could be called off."""

    code = "account.erasure_not_pending"
