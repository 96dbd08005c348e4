"""Envoy's own errors as `application/problem+json`, in the sentences of the message catalogue.

Which language: Envoy cannot weigh an `Accept-Language`, so English is whoever names English before Russian, as browsers list
by preference. The whole rule is `kit.i18n.language_of`; the two differ only for a header that weighs against its own order.
"""

from collections.abc import Iterator
from typing import NamedTuple

from samovar.kit import errors, identity
from samovar.kit.errors import SamovarError
from samovar.kit.i18n import Catalogue, Language
from samovar.kit.rest.problems import MEDIA_TYPE, TYPE_PREFIX
from samovar.services.gateway.envoy.messages import Message, extension, header
from samovar.services.gateway.errors import HeadersTooLarge, RequestTimedOut

TRACE_HEADER = "x-samovar-trace-id"
CLIENT_ERROR, SERVER_ERROR = 400, 500

_TRACE_ID = (
    '%COALESCE({"operators": [{"command": "REQ", "param": "' + TRACE_HEADER + '"}, '
    '{"command": "RESP", "param": "x-request-id"}]})%'
)
_REQUEST_ID = '%COALESCE({"operators": ["STREAM_ID", "UNIQUE_ID"]})%'
_ENGLISH = r"(?i)(?:\s*(?:[^r,\s][^,]*|r[^u,][^,]*|r)?\s*,)*\s*en(?:[-;,\s].*)?"
_DENIED = "jwt_authn_access_denied{%s}"


class Reply(NamedTuple):
    """Which of Envoy's answers is which of our errors.

    Attributes:
        when: A condition on the answer.
        error: What it is.
        status: The status to answer with in place of Envoy's.
    """

    when: Message
    error: type[SamovarError]
    status: int | None = None


def local_replies(catalogue: Catalogue) -> Message:
    """Return how Envoy words its own errors: the first that fits counts, in English and then in Russian."""
    mappers = [
        {"filter": both["when"], **both["how"]}
        for reply in _replies()
        for both in (
            {"when": _all_of(reply.when, _asks_for_english()), "how": _problem(reply, catalogue, "en")},
            {"when": reply.when, "how": _problem(reply, catalogue, "ru")},
        )
    ]
    # What the edge refuses is worded already.
    worded = {"filter": _expression("response.code_details == 'ext_authz_denied'")}
    return {"mappers": [worded, *mappers]}


def _replies() -> Iterator[Reply]:
    yield Reply(_denied("Jwks_remote_fetch_is_failed"), errors.Unavailable, errors.Unavailable.http_status)
    yield Reply(_denied("Jwt_is_missing"), errors.Unauthenticated)
    yield Reply(_denied("Jwt_is_expired"), identity.TokenExpired)
    any_denied = _expression(f"response.code_details.startsWith('{_DENIED.partition('{')[0]}')")
    yield Reply(any_denied, identity.TokenInvalid, identity.TokenInvalid.http_status)
    for error in (
        errors.BadRequest,
        errors.Unauthenticated,
        errors.Forbidden,
        errors.NotFound,
        errors.MethodNotAllowed,
        RequestTimedOut,
        errors.TooLarge,
        errors.RateLimited,
        HeadersTooLarge,
        errors.Internal,
        errors.DeadlineExceeded,
    ):
        yield Reply(_status("EQ", error.http_status), error)
    yield Reply(_status("GE", SERVER_ERROR), errors.Unavailable)
    yield Reply(_status("GE", CLIENT_ERROR), errors.BadRequest)


def _problem(reply: Reply, catalogue: Catalogue, language: Language) -> Message:
    code = reply.error.code
    # The request id stands also where a request was refused before it was read.
    headers = [
        header("x-request-id", _REQUEST_ID, action="ADD_IF_ABSENT"),
        header("cache-control", "no-store"),
    ]
    if reply.error is errors.Unavailable:
        headers.append(header("retry-after", f"{errors.DEFAULT_RETRY_AFTER_S:.0f}", action="ADD_IF_ABSENT"))
    body = {
        "type": TYPE_PREFIX + code,
        "title": catalogue.text(f"{code}.title", language),
        "status": "%RESPONSE_CODE%",
        "code": code,
        "detail": catalogue.text(f"{code}.detail", language),
        "trace_id": _TRACE_ID,
    }
    problem: Message = {
        "headers_to_add": headers,
        "body_format_override": {"json_format": body, "content_type": MEDIA_TYPE},
    }
    return problem if reply.status is None else {"status_code": reply.status, **problem}


def _denied(reason: str) -> Message:
    return _expression(f"response.code_details == '{_DENIED % reason}'")


def _asks_for_english() -> Message:
    value = {"safe_regex": {"regex": _ENGLISH}}
    return {"header_filter": {"header": {"name": "accept-language", "string_match": value}}}


def _status(comparison: str, status: int) -> Message:
    value = {"default_value": status, "runtime_key": "samovar.none"}
    return {"status_code_filter": {"comparison": {"op": comparison, "value": value}}}


def _all_of(*conditions: Message) -> Message:
    return {"and_filter": {"filters": list(conditions)}}


def _expression(text: str) -> Message:
    name, kind = (
        "envoy.access_loggers.extension_filters.cel",
        "envoy.extensions.access_loggers.filters.cel.v3",
    )
    return {"extension_filter": extension(name, f"{kind}.ExpressionFilter", expression=text)}
