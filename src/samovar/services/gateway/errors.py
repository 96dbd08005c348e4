"""What can go wrong in gateway, besides what goes wrong everywhere.

SamovarError
├── RequestTimedOut   408  request.timed_out          the client sends too slowly
└── HeadersTooLarge   431  request.headers_too_large
"""

from samovar.kit.errors import SamovarError


class RequestTimedOut(SamovarError):
    """The client takes too long to send its request."""

    code = "request.timed_out"
    http_status = 408
    grpc_status = "DEADLINE_EXCEEDED"


class HeadersTooLarge(SamovarError):
    """The headers are too many or too long."""

    code = "request.headers_too_large"
    http_status = 431
    grpc_status = "INVALID_ARGUMENT"
