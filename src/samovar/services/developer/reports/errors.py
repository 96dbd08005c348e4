"""What can go wrong with reports.

NotFound
└── ReportNotFound    404  developer.report_not_found    there is no such app, or it is not the caller's to know
Conflict
└── ReportTooLong     409  developer.report_too_long     it has more lines than a report may have
"""

from samovar.kit.errors import Conflict, NotFound


class ReportNotFound(NotFound):
    """There is no such app, or it is not the caller's to know."""

    code = "developer.report_not_found"


class ReportTooLong(Conflict):
    """The report has more lines than one may have."""

    code = "developer.report_too_long"
