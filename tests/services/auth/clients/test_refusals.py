"""Errors as OAuth writes them: whatever goes wrong behind an endpoint."""

import msgspec
import pytest

from samovar.kit.errors import (
    BadRequest,
    DeadlineExceeded,
    FieldError,
    Internal,
    InvalidInput,
    RateLimited,
    SamovarError,
    Unavailable,
)
from samovar.services.auth.clients.refusals import as_oauth
from samovar.services.auth.errors import OAuthError


@pytest.mark.parametrize(
    ("error", "status", "name"),
    [
        (OAuthError("invalid_grant", "no such code"), 400, "invalid_grant"),
        (OAuthError("invalid_client", "no", status=401, challenge="Basic"), 401, "invalid_client"),
        (InvalidInput(fields=[FieldError("code", "too_long", "…")]), 400, "invalid_request"),
        (BadRequest("a field stands twice in the form"), 400, "invalid_request"),
        (Unavailable("PostgreSQL"), 503, "temporarily_unavailable"),
        (RateLimited(retry_after_s=3), 429, "temporarily_unavailable"),
        (DeadlineExceeded("slow"), 504, "temporarily_unavailable"),
        (Internal("a secret of the inside"), 500, "server_error"),
    ],
)
def test_an_error_has_a_name_of_oauth_and_is_never_kept(error: SamovarError, status: int, name: str) -> None:
    answer = as_oauth(error)
    body = msgspec.json.decode(answer.body)
    assert (answer.status, body["error"]) == (status, name)
    assert (answer.headers or {})["Cache-Control"] == "no-store"
    assert "inside" not in answer.body.decode()


def test_a_description_holds_nothing_but_printable_ascii() -> None:
    body = msgspec.json.decode(as_oauth(OAuthError("invalid_request", 'кто "это"\\\n?')).body)
    assert body["error_description"] == " ?"


def test_who_comes_too_often_hears_when_to_come_back() -> None:
    assert (as_oauth(RateLimited(retry_after_s=2.2)).headers or {})["Retry-After"] == "3"
