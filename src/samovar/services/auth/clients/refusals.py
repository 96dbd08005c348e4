"""Errors as OAuth wants them: `{"error": …, "error_description": …}` (RFC 6749, section 5.2), for machines."""

import math

from samovar.kit.errors import RateLimited, SamovarError
from samovar.kit.rest.answers import Answer
from samovar.services.auth.errors import OAuthError

NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}
_OUR_FAULT = 500


def as_oauth(error: SamovarError) -> Answer:
    """Return the answer of an endpoint that OAuth defines; declare it as the route's `refusal`."""
    if isinstance(error, OAuthError):
        headers = {**NO_STORE, **({"WWW-Authenticate": error.challenge} if error.challenge else {})}
        body = {"error": error.error, "error_description": _printable(str(error))}
        return Answer(body, status=error.status, headers=headers)
    headers = dict(NO_STORE)
    if error.retry_after_s is not None:
        headers["Retry-After"] = str(max(1, math.ceil(error.retry_after_s)))
    if isinstance(error, RateLimited) or error.http_status > _OUR_FAULT:
        body = {"error": "temporarily_unavailable", "error_description": "try again later"}
        return Answer(body, status=error.http_status, headers=headers)
    if error.http_status == _OUR_FAULT:
        return Answer({"error": "server_error"}, status=_OUR_FAULT, headers=headers)
    described = ", ".join(f"{field.field}: {field.code}" for field in error.fields) or str(error)
    body = {"error": "invalid_request", "error_description": _printable(described)}
    return Answer(body, status=400, headers=headers)


def _printable(text: str) -> str:
    """Keep what a description may hold (RFC 6749, section 5.2)."""
    return "".join(sign for sign in text if " " <= sign <= "~" and sign not in '"\\')
