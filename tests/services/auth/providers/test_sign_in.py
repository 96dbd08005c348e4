"""Signing in and registering with a provider, from the button to the tokens."""

import asyncio
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from samovar.services.auth.contract.events import AccountRegistered, SessionStarted
from samovar.services.auth.providers.domain import REGISTRATION_LIFETIME
from samovar.services.auth.providers.jobs import forget_ended_journeys
from samovar.simulators.identity.program import Simulators
from samovar.testing.clock import FakeClock
from tests.services.auth.conftest import Auth
from tests.services.auth.providers.browsing import (
    LOOPBACK,
    RETURN_TO,
    VERIFIER,
    Browser,
    browsing,
    client_challenge,
    refusals,
)
from tests.services.auth.providers.travelling import ask_json, new_person, query_of

REDIRECTING = ("vk", "yandex", "tid", "sber", "telegram")


async def test_the_buttons_are_listed_in_the_operators_order(provided: Auth) -> None:
    answer = await provided.ask("GET", "/v1/auth/providers?country=RU", accept_language="ru")
    assert answer.status == 200
    assert [(one["name"], one["title"], one["first_factor"]) for one in answer.body["items"]] == [
        ("vk", "VK ID", True),
        ("yandex", "Яндекс ID", True),
        ("tid", "T-ID", True),
        ("sber", "Сбер ID", True),
        ("telegram", "Telegram", True),
        ("max", "MAX", True),
    ]
    assert [one["start_url"] for one in answer.body["items"]][:1] == ["/v1/auth/providers/vk/start"]
    assert answer.body["items"][-1]["start_url"] is None
    english = await provided.ask("GET", "/v1/auth/providers", accept_language="en")
    assert english.body["items"][1]["title"] == "Yandex ID"


async def test_without_settings_there_are_no_buttons(auth: Auth) -> None:
    assert (await auth.ask("GET", "/v1/auth/providers")).body["items"] == []
    answer = await auth.ask("GET", "/v1/auth/providers/vk/start")
    assert (answer.status, answer.code) == (404, "auth.provider_unknown")


@pytest.mark.parametrize("name", REDIRECTING)
async def test_a_newcomer_registers_and_comes_again(name: str, provided: Auth, browser: Browser) -> None:
    person = new_person()
    registered = await browser.register(name, person, display_name="Игрок", country="RU")
    assert registered.status == 201, registered.body
    account_id = registered.body["account_id"]
    assert (await provided.me(registered.body["access_token"])).body["account_id"] == account_id
    again = await browser.sign_in(name, person)
    assert (again.status, again.body["account_id"]) == (200, account_id)
    me = await provided.me(again.body["access_token"])
    assert (me.body["amr"], me.body["acr"], me.body["roles"]) == (["fed"], "aal1", ["player"])
    assert len(await provided.events(SessionStarted, account_id)) == 2


async def test_everybody_hears_of_a_newcomer_what_they_agreed_to_say(
    provided: Auth, browser: Browser
) -> None:
    person = new_person()
    nowhere = await browser.register("yandex", person, country="ZZ")
    assert (nowhere.status, nowhere.body["errors"][0]["field"]) == (422, "country")
    registered = await browser.register("yandex", person, country="RU", birth_date="2001-02-03")
    [event] = await provided.events(AccountRegistered, registered.body["account_id"])
    assert (event.email, event.phone, event.display_name) == (f"{person}@yandex.ru", None, "Игрок")
    assert (event.country, str(event.birth_date)) == ("RU", "2001-02-03")
    assert [one.purpose for one in event.consents] == ["terms", "personal_data"]


async def test_a_verified_address_becomes_a_login_and_others_do_not(provided: Auth, browser: Browser) -> None:
    for name, is_login in (("yandex", True), ("vk", False)):
        person = new_person()
        registered = await browser.register(name, person)
        assert registered.status == 201
        count = await provided.database.fetch_value(
            "SELECT count(*) FROM logins WHERE account_id = $1::text::uuid AND verified_at IS NOT NULL",
            registered.body["account_id"],
        )
        assert bool(count) is is_login


async def test_a_second_factor_is_asked_for_as_after_a_password(provided: Auth, browser: Browser) -> None:
    person = new_person()
    registered = await browser.register("vk", person)
    async with provided.database.transaction() as tx:
        await tx.execute(
            "UPDATE accounts SET second_factors = '{totp}' WHERE id = $1::text::uuid",
            registered.body["account_id"],
        )
    answer = await browser.sign_in("vk", person)
    assert (answer.status, answer.body["mfa_required"], answer.body["methods"]) == (200, True, ["totp"])
    assert "access_token" not in answer.body


async def test_a_page_of_ours_gets_a_code_and_exchanges_it_once(browser: Browser) -> None:
    person = new_person()
    await browser.register("tid", person)
    answer = await browser.sign_in("tid", person, return_to=RETURN_TO)
    location = answer.headers["Location"]
    assert (answer.status, urlsplit(location).path) == (303, "/welcome")
    assert (answer.headers["Cache-Control"], answer.headers["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert query_of(location)["from"] == "provider"
    code = query_of(location)["code"]
    signed_in = await browser.exchange(code)
    assert signed_in.status == 200
    assert signed_in.body["access_token"]
    again = await browser.exchange(code)
    assert (again.status, again.code) == (403, "auth.provider_code_invalid")


async def test_a_code_counts_in_the_browser_that_set_out(provided: Auth, browser: Browser) -> None:
    code = await browser.code_for("tid", new_person(), return_to=RETURN_TO)
    async with browsing(provided) as stranger:
        answer = await stranger.exchange(code)
    assert (answer.status, answer.code) == (403, "auth.provider_code_invalid")
    assert (await browser.exchange(code)).code == "auth.provider_code_invalid"
    assert await refusals(provided, "auth.provider_code_invalid", provider="tid")


async def test_a_program_on_the_machine_needs_its_verifier(provided: Auth, browser: Browser) -> None:
    person = new_person()
    await browser.register("yandex", person)
    refused = await browser.open(f"/v1/auth/providers/yandex/start?return_to={LOOPBACK}")
    assert (refused.status, refused.body["errors"][0]["field"]) == (422, "code_challenge")
    code = await browser.code_for("yandex", person, **client_challenge())
    # The code comes to a program that has none of the browser's cookies.
    async with browsing(provided) as program:
        wrong = await program.exchange(code, code_verifier="another" * 8)
        assert wrong.code == "auth.provider_code_invalid"
        code = await browser.code_for("yandex", person, **client_challenge())
        right = await program.exchange(code, code_verifier=VERIFIER)
    assert (right.status, bool(right.body["access_token"])) == (200, True)
    code = await browser.code_for("yandex", person, **client_challenge())
    assert (await browser.exchange(code)).code == "auth.provider_code_invalid"


async def test_two_tabs_do_not_disturb_each_other(browser: Browser) -> None:
    first, second = new_person(), new_person()
    one, two = await browser.set_out("vk"), await browser.set_out("vk")
    for url, person in ((one, first), (two, second)):
        answer = await browser.open(await browser.callback(url, person))
        assert answer.body["registration_required"] is True


async def test_whoever_says_no_is_told_so(provided: Auth, browser: Browser) -> None:
    answer = await browser.sign_in("vk", "")
    assert (answer.status, answer.code) == (403, "auth.provider_denied")
    sent_back = await browser.sign_in("vk", "", return_to="/welcome")
    assert query_of(sent_back.headers["Location"]) == {"error": "auth.provider_denied"}
    assert await refusals(provided, "auth.provider_denied", provider="vk")


async def test_a_provider_that_is_away_is_no_fault_of_ours(browser: Browser, simulators: Simulators) -> None:
    url = await browser.set_out("tid")
    callback = await browser.callback(url, new_person())
    simulators.plant("tid", "error_500")
    answer = await browser.open(callback)
    assert (answer.status, answer.code) == (503, "auth.provider_away")
    assert answer.headers["Retry-After"]


async def test_registration_needs_a_consent_and_a_name_that_can_be_seen(browser: Browser) -> None:
    asked = await browser.sign_in("vk", new_person())
    token = asked.body["registration_token"]
    for changes, field in (({"consents": []}, "consents"), ({"display_name": "\u200b"}, "display_name")):
        answer = await browser.finish(token, **changes)
        assert (answer.status, answer.body["errors"][0]["field"]) == (422, field)
    # A mistake in the form does not use the token up.
    assert (await browser.finish(token)).status == 201
    assert (await browser.finish(token)).code == "auth.provider_code_invalid"


async def test_one_person_registers_once_however_many_tokens_there_are(browser: Browser) -> None:
    person = new_person()
    tokens = [(await browser.sign_in("vk", person)).body["registration_token"] for _ in range(3)]
    answers = await asyncio.gather(*(browser.finish(token) for token in tokens))
    assert sorted(answer.status for answer in answers) == [201, 409, 409]
    assert {answer.code for answer in answers if answer.status == 409} == {"auth.link_taken"}


async def test_an_exchanged_code_registers_nobody(browser: Browser) -> None:
    code = await browser.code_for("vk", new_person(), return_to=RETURN_TO)
    assert (await browser.finish(code)).code == "auth.provider_code_invalid"
    asked = await browser.sign_in("vk", new_person())
    assert (await browser.exchange(asked.body["registration_token"])).code == "auth.provider_code_invalid"


async def test_an_equal_address_never_links_by_itself(provided: Auth, browser: Browser) -> None:
    person = new_person()
    owner = await provided.register(email=f"{person}@yandex.ru")
    assert owner.status == 201
    answer = await browser.sign_in("yandex", person)
    assert (answer.status, answer.code) == (409, "auth.link_required")
    sent_back = await browser.sign_in("tid", person, return_to=RETURN_TO)
    fetched = await browser.exchange(query_of(sent_back.headers["Location"])["code"])
    assert (fetched.status, fetched.code) == (409, "auth.link_required")
    assert await refusals(provided, "auth.link_required", provider="yandex")
    # What the provider has not verified says nothing: a new account, without that login.
    other = await browser.register("vk", person)
    assert (other.status, other.body["account_id"] != owner.body["account_id"]) == (201, True)


async def test_an_address_that_was_taken_meanwhile_is_not_taken_over(
    provided: Auth, browser: Browser
) -> None:
    person = new_person()
    asked = await browser.sign_in("yandex", person)
    assert asked.body["login"] == f"{person}@yandex.ru"
    await provided.register(email=f"{person}@yandex.ru")
    answer = await browser.finish(asked.body["registration_token"])
    assert (answer.status, answer.code) == (409, "auth.link_required")


async def test_mini_apps_and_the_widget_sign_in_as_the_page_does(
    provided: Auth, browser: Browser, simulators: Simulators
) -> None:
    person = new_person()
    registered = await browser.register("telegram", person)
    for kind in ("init_data", "widget"):
        signed = await ask_json(f"{simulators.address}/telegram/signed", person=person)
        answer = await browser.post("/v1/auth/providers/telegram", {kind: signed[kind]})
        assert (answer.status, answer.body["account_id"]) == (200, registered.body["account_id"])
    assert len(await provided.events(SessionStarted, registered.body["account_id"])) == 3


async def test_a_mini_app_in_max_registers_and_signs_in(browser: Browser, simulators: Simulators) -> None:
    person = new_person()
    signed = await ask_json(f"{simulators.address}/max/signed", person=person)
    asked = await browser.post("/v1/auth/providers/max", signed)
    registered = await browser.finish(asked.body["registration_token"])
    assert registered.status == 201
    signed = await ask_json(f"{simulators.address}/max/signed", person=person)
    again = await browser.post("/v1/auth/providers/max", signed)
    assert again.body["account_id"] == registered.body["account_id"]


@pytest.mark.parametrize(
    "body", [{}, {"init_data": "a=b", "widget": {"id": 1}}, {"widget": {"id": [1]}}, {"init_data": ""}]
)
async def test_a_mini_app_sends_one_kind_of_data(body: object, browser: Browser) -> None:
    assert (await browser.post("/v1/auth/providers/telegram", body)).status == 422


@pytest.mark.parametrize(
    "query",
    [
        "return_to=https://evil.example/",
        "return_to=//evil.example",
        "return_to=/%5Cevil.example",
        "return_to=http://localhost:8080/",
        "mode=takeover",
        "country=ru",
        "code_challenge=short",
    ],
)
async def test_nobody_sets_out_with_a_wish_that_is_not_ours(query: str, browser: Browser) -> None:
    answer = await browser.open(f"/v1/auth/providers/vk/start?{query}")
    assert answer.status == 422


async def test_max_and_made_up_providers_have_no_page(browser: Browser) -> None:
    for name in ("max", "esia", "google", "x" * 32):
        answer = await browser.open(f"/v1/auth/providers/{name}/start")
        assert (answer.status, answer.code) == (404, "auth.provider_unknown")


async def test_the_cookie_is_short_lived_and_out_of_reach_of_scripts(browser: Browser) -> None:
    answer = await browser.open("/v1/auth/providers/vk/start")
    cookie = answer.headers["Set-Cookie"]
    assert "; Path=/v1/auth/providers; Max-Age=600; HttpOnly; SameSite=Lax" in cookie
    assert cookie.startswith("samovar_journey_")


async def test_nothing_readable_of_a_person_waits_in_the_database(provided: Auth, browser: Browser) -> None:
    person = new_person()
    asked = await browser.sign_in("yandex", person)
    rows = await provided.database.fetch_value(
        "SELECT string_agg(encode(sealed, 'escape') || encode(token_hash, 'escape'), ' ') FROM provider_tokens"
    )
    assert person not in rows
    assert asked.body["registration_token"] not in rows


async def test_what_is_over_is_deleted(provided: Auth, browser: Browser, simulators: Simulators) -> None:
    await browser.set_out("vk")
    await browser.sign_in("vk", new_person())
    signed = await ask_json(f"{simulators.address}/max/signed", person=new_person())
    await browser.post("/v1/auth/providers/max", signed)
    later = FakeClock(datetime.now(UTC) + REGISTRATION_LIFETIME + timedelta(seconds=1))
    await forget_ended_journeys.function(provided.database, later)
    for table in ("provider_attempts", "provider_tokens", "provider_seen_data"):
        assert await provided.database.fetch_value(f"SELECT count(*) FROM {table}") == 0
