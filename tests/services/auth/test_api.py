"""Registering, signing in and out, over REST."""

import pytest

from samovar.services.auth.contract.events import AccountRegistered, Consent, SessionRevoked, SessionStarted
from tests.services.auth.conftest import PASSWORD, Auth, new_email


async def test_whoever_registers_is_signed_in(auth: Auth) -> None:
    answer = await auth.register()
    assert answer.status == 201
    assert set(answer.body) == {
        "account_id",
        "access_token",
        "refresh_token",
        "expires_in",
        "device_token",
    }
    assert answer.headers["Cache-Control"] == "no-store"
    me = await auth.me(answer.body["access_token"])
    assert (me.status, me.body) == (
        200,
        {
            "account_id": answer.body["account_id"],
            "roles": ["player"],
            "grants": [],
            "permissions": [],
            "amr": ["pwd"],
            "acr": "aal1",
        },
    )


async def test_what_a_person_gave_goes_out_once_and_stays_nowhere(auth: Auth) -> None:
    answer = await auth.register(
        email="Anna.Petrova@Пример.РФ",
        display_name="  Анна 👨‍👩‍👧 ",
        country="RU",
        birth_date="1990-05-01",
        consents=["terms", {"purpose": "advertising", "text_version": "2026-01"}],
    )
    assert answer.status == 201
    (event,) = await auth.events(AccountRegistered, answer.body["account_id"])
    assert (event.email, event.phone) == ("anna.petrova@xn--e1afmkfd.xn--p1ai", None)
    assert (event.display_name, event.country, str(event.birth_date)) == ("Анна 👨‍👩‍👧", "RU", "1990-05-01")
    assert event.consents == (Consent("terms"), Consent("advertising", "2026-01"))
    (started,) = await auth.events(SessionStarted, answer.body["account_id"])
    assert (started.amr, started.is_known_device) == (("pwd",), False)


@pytest.mark.parametrize("login", [{}, {"email": None, "phone": "8 (912) 345-67-80"}], ids=["email", "phone"])
@pytest.mark.parametrize("country", ["ZZ", "XK", "UK"])
async def test_nobody_registers_from_a_country_that_does_not_exist(
    auth: Auth, country: str, login: dict[str, str | None]
) -> None:
    refused = await auth.register(country=country, **login)
    assert refused.status == 422
    assert [(fault["field"], fault["code"]) for fault in refused.body["errors"]] == [
        ("country", "country_unknown")
    ]


async def test_a_phone_number_is_a_login_however_it_is_written(auth: Auth) -> None:
    answer = await auth.register(email=None, phone="8 (912) 345-67-89")
    assert answer.status == 201
    for written in ("+7 912 345 67 89", "89123456789", "+79123456789"):
        signed_in = await auth.log_in(written)
        assert signed_in.body["account_id"] == answer.body["account_id"]
    assert (await auth.register(email=None, phone="+79123456789")).code == "auth.login_taken"


async def test_an_address_is_a_login_in_any_case(auth: Auth) -> None:
    email = new_email()
    answer = await auth.register(email=email)
    assert (await auth.log_in(f" {email.upper()} ")).body["account_id"] == answer.body["account_id"]


async def test_one_address_makes_one_account(auth: Auth) -> None:
    email = new_email()
    await auth.register(email=email)
    second = await auth.register(email=email.upper(), password="другой совсем пароль")
    assert (second.status, second.code) == (409, "auth.login_taken")
    assert (await auth.log_in(email)).status == 200
    assert (await auth.log_in(email, "другой совсем пароль")).status == 401


async def test_an_unknown_login_and_a_wrong_password_look_alike(auth: Auth) -> None:
    email = new_email()
    await auth.register(email=email)
    answers = [
        await auth.log_in(email, "не тот пароль"),
        await auth.log_in(new_email()),
        await auth.log_in("+79990000001"),
        await auth.log_in("neither address nor number"),
        await auth.log_in("\x00"),
        await auth.log_in(email, "\x00"),
    ]
    for answer in answers:
        answer.body.pop("trace_id")
    assert [answer.status for answer in answers] == [401] * len(answers)
    assert all(answer.body == answers[0].body for answer in answers)
    ignored = {"Date", "X-Request-Id"}
    assert all(
        {name: value for name, value in answer.headers.items() if name.title() not in ignored}
        == {name: value for name, value in answers[0].headers.items() if name.title() not in ignored}
        for answer in answers
    )


async def test_signing_out_ends_both_tokens(auth: Auth) -> None:
    tokens = (await auth.register()).body
    assert (await auth.ask("POST", "/v1/auth/logout", token=tokens["access_token"])).status == 204
    assert (await auth.me(tokens["access_token"])).code == "auth.session_revoked"
    assert (await auth.refresh(tokens["refresh_token"])).code == "auth.refresh_token_invalid"
    (event,) = await auth.events(SessionRevoked, tokens["account_id"])
    assert event.reason == "logout"


async def test_signing_out_ends_no_other_session(auth: Auth) -> None:
    email = new_email()
    first = (await auth.register(email=email)).body
    second = (await auth.log_in(email)).body
    await auth.ask("POST", "/v1/auth/logout", token=first["access_token"])
    assert (await auth.me(second["access_token"])).status == 200
    assert (await auth.refresh(second["refresh_token"])).status == 200


async def test_without_a_token_there_is_no_me(auth: Auth) -> None:
    answer = await auth.ask("GET", "/v1/auth/me")
    assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert (await auth.me("a.b.c")).code == "auth.token_invalid"


async def test_an_old_token_in_the_header_does_not_stop_signing_in(auth: Auth) -> None:
    email = new_email()
    await auth.register(email=email)
    body = {"login": email, "password": PASSWORD}
    assert (await auth.ask("POST", "/v1/auth/login", body, token="stale")).status == 200


async def test_public_keys_hold_nothing_private(auth: Auth) -> None:
    answer = await auth.ask("GET", "/.well-known/jwks.json")
    assert answer.status == 200
    for key in answer.body["keys"]:
        assert set(key) == {"kid", "kty", "crv", "x", "y", "use", "alg"}
