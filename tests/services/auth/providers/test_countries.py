"""The table of countries at work: who may come in first by what, and by which table that was decided."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from samovar.kit.settings import Secret, SettingsError
from samovar.services.auth.providers.adapters.policy import country_policy
from samovar.services.auth.settings import AuthSettings
from samovar.simulators.identity.clients import settings_of
from samovar.simulators.identity.program import Simulators
from tests.services.auth.conftest import Auth, Installation
from tests.services.auth.providers.browsing import Browser, browsing, refusals
from tests.services.auth.providers.travelling import ask_json, new_person

TABLE = """
version = "of-a-test"
[countries.RU.methods]
password = "first"
phone = "link"
vk = "first"
yandex = "link"
[countries."*".methods]
password = "first"
phone = "first"
vk = "first"
yandex = "first"
tid = "first"
telegram = "first"
"""


@pytest.fixture(scope="module")
async def elsewhere(
    installation: Installation, program: Simulators, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Auth]:
    """Run auth with an operator's own table, and Telegram for linking only."""
    file = tmp_path_factory.mktemp("policy") / "policy.toml"
    file.write_text(TABLE, "utf-8")
    providers = msgspec.json.encode(settings_of(program.address)).decode()
    async with installation.process(
        providers=providers, sign_in_policy_file=file, telegram_first_factor="false"
    ) as auth:
        yield auth


@pytest.fixture
async def there(elsewhere: Auth) -> AsyncIterator[Browser]:
    async with browsing(elsewhere) as browser:
        yield browser


@pytest.mark.parametrize(
    ("country", "expected"),
    [
        ("RU", [("vk", True), ("yandex", False)]),
        (None, [("vk", True), ("yandex", False)]),
        ("KZ", [("vk", True), ("yandex", True), ("tid", True), ("telegram", False)]),
    ],
)
async def test_the_list_follows_the_country(
    country: str | None, expected: list[tuple[str, bool]], elsewhere: Auth
) -> None:
    query = f"?country={country}" if country else ""
    answer = await elsewhere.ask("GET", f"/v1/auth/providers{query}")
    assert [(one["name"], one["first_factor"]) for one in answer.body["items"]] == expected


async def test_a_method_for_linking_starts_no_sign_in(elsewhere: Auth, there: Browser) -> None:
    answer = await there.open("/v1/auth/providers/yandex/start?country=RU")
    assert (answer.status, answer.code) == (403, "auth.provider_not_first_factor")
    recorded = await refusals(elsewhere, "auth.provider_not_first_factor", provider="yandex")
    assert (recorded[-1].details["country"], recorded[-1].details["policy"]) == ("RU", "of-a-test")


async def test_the_country_that_is_said_at_registration_counts(elsewhere: Auth, there: Browser) -> None:
    asked = await there.sign_in("yandex", new_person(), country="KZ")
    refused = await there.finish(asked.body["registration_token"], country="RU")
    assert (refused.status, refused.code) == (403, "auth.provider_not_first_factor")
    registered = await there.finish(asked.body["registration_token"], country="KZ")
    assert registered.status == 201
    details = await elsewhere.database.fetch_value(
        "SELECT details FROM audit WHERE action = 'register.provider' AND outcome = 'done' ORDER BY id DESC LIMIT 1"
    )
    assert details == {"provider": "yandex", "country": "KZ", "policy": "of-a-test"}


async def test_the_country_of_the_link_counts_when_none_is_said(there: Browser) -> None:
    person = new_person()
    asked = await there.sign_in("yandex", person, country="KZ")
    registered = await there.finish(asked.body["registration_token"])
    # The button without a country is the home country's.
    assert (await there.open("/v1/auth/providers/yandex/start")).status == 403
    signed_in = await there.sign_in("yandex", person, country="DE")
    assert signed_in.body["account_id"] == registered.body["account_id"]


async def test_a_demoted_telegram_links_and_does_not_sign_in(
    elsewhere: Auth, there: Browser, simulators: Simulators
) -> None:
    person = new_person()
    signed = await ask_json(f"{simulators.address}/telegram/signed", person=person)
    body = {"init_data": signed["init_data"], "country": "KZ"}
    refused = await there.post("/v1/auth/providers/telegram", body)
    assert (refused.status, refused.code) == (403, "auth.provider_not_first_factor")
    token = (await elsewhere.register()).body["access_token"]
    signed = await ask_json(f"{simulators.address}/telegram/signed", person=person)
    body = {"widget": signed["widget"], "country": "KZ"}
    assert (await there.post("/v1/auth/links/telegram", body, token=token)).status == 201
    signed = await ask_json(f"{simulators.address}/telegram/signed", person=person)
    body = {"init_data": signed["init_data"], "country": "KZ"}
    assert (await there.post("/v1/auth/providers/telegram", body)).code == "auth.provider_not_first_factor"


async def test_a_method_that_is_not_offered_does_not_link(elsewhere: Auth, there: Browser) -> None:
    token = (await elsewhere.register()).body["access_token"]
    answer = await there.post("/v1/auth/links/tid", {"country": "RU"}, token=token)
    assert (answer.status, answer.code) == (403, "auth.provider_not_first_factor")


async def test_a_link_that_signs_nobody_in_is_not_the_last_way_in(elsewhere: Auth, there: Browser) -> None:
    registered = await there.register("vk", new_person())
    token = registered.body["access_token"]
    await there.link(token, "yandex", new_person(), country="RU")
    refused = await elsewhere.ask("DELETE", "/v1/auth/links/vk", token=token)
    assert (refused.status, refused.code) == (409, "auth.last_way_in")


@pytest.mark.parametrize(
    "text", ["", "version = 1", 'version = "1"\n[countries.RU.methods]\nvk = "maybe"', "{"]
)
def test_a_table_that_cannot_be_read_stops_the_process(text: str, tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    file.write_text(text)
    settings = msgspec.structs.replace(_settings(), sign_in_policy_file=file)
    with pytest.raises(SettingsError, match="SIGN_IN_POLICY_FILE"):
        country_policy(settings)


def test_our_own_table_is_read() -> None:
    decision = country_policy(_settings()).decide("vk", None, None)
    assert (decision.standing, decision.country) == ("first", "RU")


def _settings() -> AuthSettings:
    secret = Secret("s" * 32)
    return AuthSettings(database_url=secret, password_pepper=secret, token_secret=secret)


async def test_logins_of_our_own_follow_the_table_too(elsewhere: Auth) -> None:
    number = "+77012345678"
    refused = await elsewhere.register(email=None, phone=number, country="RU")
    assert (refused.status, refused.code) == (403, "auth.provider_not_first_factor")
    details = await elsewhere.database.fetch_value(
        "SELECT details FROM audit WHERE action = 'sign_in.method' AND outcome = 'refused' ORDER BY id DESC LIMIT 1"
    )
    assert details == {"method": "phone", "country": "RU", "policy": "of-a-test"}
    assert (await elsewhere.register(email=None, phone=number, country="KZ")).status == 201
    # Auth does not know where somebody is who signs in, so the platform's own country counts.
    assert (await elsewhere.log_in(number)).code == "auth.provider_not_first_factor"
    assert (await elsewhere.register(country="RU")).status == 201
