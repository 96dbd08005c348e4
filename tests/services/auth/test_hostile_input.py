"""Nonsense is answered 4xx, with the field at fault, and never with a fault of ours."""

import json
from typing import Any

import pytest

from samovar.kit.settings import Secret
from samovar.services.auth.schemas import Credentials, RefreshRequest, Registration, Tokens
from tests.services.auth.conftest import PASSWORD, Auth, new_address, new_email

GOOD: dict[str, Any] = {"email": "someone@example.com", "password": PASSWORD, "display_name": "Анна"}


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"email": None}, "email", "one_login"),
        ({"phone": "+79123456789"}, "email", "one_login"),
        ({"email": "not an address"}, "email", "email_invalid"),
        ({"email": None, "phone": "8800"}, "phone", "phone_invalid"),
        ({"email": "a" * 300 + "@example.com"}, "email", "too_long"),
        ({"email": 5}, "email", "wrong_type"),
        ({"password": "short"}, "password", "too_short"),
        ({"password": "пароль123"}, "password", "password_common"),
        ({"password": "x" * 129}, "password", "too_long"),
        ({"password": None}, "password", "missing"),
        ({"display_name": ""}, "display_name", "too_short"),
        ({"display_name": " \u200b "}, "display_name", "unprintable"),
        ({"display_name": "a\x00b"}, "display_name", "unprintable"),
        ({"display_name": "x" * 65}, "display_name", "too_long"),
        ({"country": "ru"}, "country", "wrong_pattern"),
        ({"country": "RU\n"}, "country", "too_long"),
        ({"display_name": "\u3164\u2800"}, "display_name", "unprintable"),
        ({"display_name": "Анна\u202e"}, "display_name", "unprintable"),
        ({"device_name": "my\u202eCP"}, "device_name", "wrong_pattern"),
        ({"device_name": "PC\n"}, "device_name", "wrong_pattern"),
        ({"birth_date": "1990-02-30"}, "birth_date", "invalid"),
        ({"birth_date": "9999-12-31"}, "birth_date", "born_in_future"),
        ({"birth_date": "1899-12-31"}, "birth_date", "born_in_future"),
        ({"consents": ["terms\n"]}, "consents[0]", "wrong_pattern"),
        ({"consents": ["UPPER"]}, "consents[0]", "wrong_pattern"),
        ({"consents": ["terms"] * 21}, "consents", "too_long"),
        ({"consents": [{"purpose": "terms", "more": 1}]}, "consents[0].more", "unknown"),
        ({"roles": ["admin"]}, "roles", "unknown"),
    ],
    ids=str,
)
async def test_a_field_that_breaks_a_rule_is_named(
    auth: Auth, changes: dict[str, Any], field: str, code: str
) -> None:
    body = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}
    answer = await auth.ask("POST", "/v1/auth/register", body)
    assert answer.status == 422
    assert [(error["field"], error["code"]) for error in answer.body["errors"]] == [(field, code)]


@pytest.mark.parametrize("path", ["/v1/auth/register", "/v1/auth/login", "/v1/auth/refresh"])
@pytest.mark.parametrize("body", [[], "text", 5, True, {}, [[]], {"login": {}}, {"password": None}], ids=str)
async def test_another_shape_is_refused(auth: Auth, path: str, body: object) -> None:
    answer = await auth.ask("POST", path, body)
    assert answer.status == 422
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/v1/auth/register", "/v1/auth/login", "/v1/auth/refresh"])
async def test_a_large_body_is_not_read(auth: Auth, path: str) -> None:
    assert (await auth.ask("POST", path, {"login": "x" * 20_000})).status == 413


@pytest.mark.parametrize(
    "raw", [b"{", b"\xff\xfe", b'{"login": "\\ud800", "password": "x"}', b"[" * 10_000, b"null,"]
)
async def test_broken_json_is_refused(auth: Auth, raw: bytes) -> None:
    status = await auth.post_raw("/v1/auth/login", raw)
    assert status in {400, 422}


async def test_a_password_may_hold_anything(auth: Auth) -> None:
    email, strange = new_email(), "\x00\x01\ud7ff🫖 '; DROP TABLE accounts;-- \u202e" + "я" * 80
    assert (await auth.register(email=email, password=strange)).status == 201
    assert (await auth.log_in(email, strange)).status == 200
    assert (await auth.log_in(email, strange[:-1])).status == 401
    assert (await auth.log_in(email, strange + "я" * 40)).status == 422


async def test_the_answer_speaks_the_readers_language(auth: Auth) -> None:
    body = {**GOOD, "password": "qwerty123"}
    russian = await auth.ask("POST", "/v1/auth/register", body)
    english = await auth.ask("POST", "/v1/auth/register", body, accept_language="en")
    assert "угадают" in russian.body["errors"][0]["detail"]
    assert "guessed" in english.body["errors"][0]["detail"]
    wrong = await auth.log_in(new_email(), address=new_address())
    assert wrong.body["title"] == "Не удалось войти"


def test_nothing_secret_shows_itself() -> None:
    shown = [
        repr(Registration(email="a@b.c", password="пароль", display_name="Анна")),
        repr(Credentials(login="a@b.c", password="пароль")),
        repr(RefreshRequest("smvr_token")),
        repr(Tokens(access_token="token", refresh_token="smvr_token", expires_in=600)),
        repr(Secret("пароль")),
    ]
    assert not any(word in text for text in shown for word in ("пароль", "token=", "smvr_", "a@b.c"))
    assert json.dumps(shown)
