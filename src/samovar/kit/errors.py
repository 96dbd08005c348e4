"""What can go wrong, in one tree. Below the doors raise one of these, never an HTTP or gRPC exception.

    SamovarError
    ├── BadRequest            400  the request cannot be read at all (malformed JSON, a missing header)
    ├── Unauthenticated       401  no token, or not one of ours
    ├── Forbidden             403  known, but not allowed
    ├── NotFound              404  also where existence must not leak
    ├── MethodNotAllowed      405
    ├── Conflict              409  the state does not allow it now
    ├── PreconditionFailed    412  a stale `If-Match`
    ├── TooLarge              413
    ├── UnsupportedMediaType  415
    ├── InvalidInput          422  readable, but fields break a rule
    ├── RateLimited           429  carries `retry_after_s`
    ├── Internal              500  our own fault
    ├── Unavailable           503  a part we need is away; carries `retry_after_s`
    └── DeadlineExceeded      504

A service derives its own: `class BadCredentials(Unauthenticated): code = "auth.bad_credentials"`. `code` is stable and
is the key of the sentences in `locale/`; parameters fill the sentence in the reader's language.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

import msgspec

DEFAULT_RETRY_AFTER_S = 1.0


class FieldError(msgspec.Struct, frozen=True, omit_defaults=True):
    """One field that breaks a rule.

    Attributes:
        field: Path of the field as the client sent it: `items[0].package_id`.
        code: Stable code of the rule: `too_short`.
        detail: The rule in words; replaced by the catalogue's sentence for `field.<code>` where there is one.
        limit: What the rule compares with: the least length, the greatest value, the moment until which (RFC 3339).
        currency: Where the number is an amount of money: of which currency, in its minor units.
    """

    field: str
    code: str
    detail: str
    limit: str | None = None
    currency: str | None = None


class SamovarError(Exception):
    """The root. `str(error)` is for the log; people read the catalogue's sentence for `code`.

    Args:
        detail: What happened, in English, for the log.
        fields: The fields at fault, for `InvalidInput`.
        retry_after_s: When trying again makes sense, in seconds.
        params: Values that the sentence in the catalogue may use.
    """

    code: ClassVar[str] = "internal"
    http_status: ClassVar[int] = 500
    grpc_status: ClassVar[str] = "INTERNAL"

    def __init__(
        self,
        detail: str | None = None,
        *,
        fields: Sequence[FieldError] = (),
        retry_after_s: float | None = None,
        **params: Any,
    ) -> None:
        super().__init__(detail or self.code)
        self.fields = tuple(fields)
        self.retry_after_s = retry_after_s
        self.params = params
        # What stands in the problem besides its usual members (RFC 9457, section 3.2): small, and for programs.
        self.members: dict[str, Any] = {}


class BadRequest(SamovarError):
    """The request cannot be read."""

    code = "request.malformed"
    http_status = 400
    grpc_status = "INVALID_ARGUMENT"


class Unauthenticated(SamovarError):
    """No token, or not one that we accept.

    Attributes:
        challenge: What `WWW-Authenticate` says besides the scheme.
    """

    code = "request.unauthenticated"
    http_status = 401
    grpc_status = "UNAUTHENTICATED"
    challenge: str | None = None


class Forbidden(SamovarError):
    """The caller is known but may not do this."""

    code = "request.forbidden"
    http_status = 403
    grpc_status = "PERMISSION_DENIED"


class NotFound(SamovarError):
    """There is no such thing, or the caller must not learn that there is."""

    code = "request.not_found"
    http_status = 404
    grpc_status = "NOT_FOUND"


class MethodNotAllowed(SamovarError):
    """The path exists, the method does not."""

    code = "request.method_not_allowed"
    http_status = 405
    grpc_status = "UNIMPLEMENTED"


class Conflict(SamovarError):
    """The present state does not allow this."""

    code = "request.conflict"
    http_status = 409
    grpc_status = "ABORTED"


class PreconditionFailed(SamovarError):
    """The client's `If-Match` names an old version."""

    code = "request.precondition_failed"
    http_status = 412
    grpc_status = "FAILED_PRECONDITION"


class TooLarge(SamovarError):
    """The body is larger than the route allows."""

    code = "request.too_large"
    http_status = 413
    grpc_status = "OUT_OF_RANGE"


class UnsupportedMediaType(SamovarError):
    """The body is of a type that the route does not read."""

    code = "request.unsupported_media_type"
    http_status = 415
    grpc_status = "INVALID_ARGUMENT"


class InvalidInput(SamovarError):
    """The request is readable, but some of its fields break a rule."""

    code = "request.invalid"
    http_status = 422
    grpc_status = "INVALID_ARGUMENT"


class RateLimited(SamovarError):
    """Too many requests; `retry_after_s` says when to come back."""

    code = "request.rate_limited"
    http_status = 429
    grpc_status = "RESOURCE_EXHAUSTED"


class Internal(SamovarError):
    """Our own fault."""


class Unavailable(SamovarError):
    """A part that we need is away; trying again later makes sense."""

    code = "service.unavailable"
    http_status = 503
    grpc_status = "UNAVAILABLE"

    def __init__(
        self,
        detail: str | None = None,
        *,
        fields: Sequence[FieldError] = (),
        retry_after_s: float | None = DEFAULT_RETRY_AFTER_S,
        **params: Any,
    ) -> None:
        super().__init__(detail, fields=fields, retry_after_s=retry_after_s, **params)


class DeadlineExceeded(SamovarError):
    """The time allowed for this request is over."""

    code = "request.deadline_exceeded"
    http_status = 504
    grpc_status = "DEADLINE_EXCEEDED"
