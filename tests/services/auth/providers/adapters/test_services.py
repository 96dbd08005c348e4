"""Each adapter against its service: whom it proves, and every answer that it does not believe."""

from collections.abc import Mapping
from urllib.parse import urlsplit

import msgspec
import pytest

from samovar.services.auth.providers.adapters.port import Provider
from samovar.services.auth.providers.errors import (
    ProviderAnswerInvalid,
    ProviderAway,
    ProviderUnknown,
)
from samovar.services.auth.providers.settings import ProviderName
from samovar.simulators.identity.clients import Service
from samovar.simulators.identity.program import Simulators
from tests.services.auth.providers.travelling import known, new_challenge, new_person, query_of, travel

pytestmark = pytest.mark.usefixtures("simulators")
Adapters = Mapping[ProviderName, Provider]
ANNA = known("anna")

# What each service knows of Анна, and what of it it has confirmed itself.
EXPECTED = {
    "vk": (str(ANNA.number), "Анна Смирнова", "anna@yandex.ru", False, "+79161234501", True),
    "yandex": (str(ANNA.number), "Анна", "anna@yandex.ru", True, "+79161234501", False),
    "tid": (ANNA.uuid, "Анна", "anna@yandex.ru", True, "+79161234501", True),
    "sber": (ANNA.uuid, "Анна", "anna@yandex.ru", False, "+79161234501", True),
    "telegram": (str(ANNA.number), "Анна Смирнова", None, False, "+79161234501", True),
}
REDIRECTING: tuple[ProviderName, ...] = ("vk", "yandex", "tid", "sber", "telegram")


@pytest.mark.parametrize("name", REDIRECTING)
async def test_it_proves_who_came_back(name: ProviderName, adapters: Adapters) -> None:
    challenge = new_challenge(name)
    params = await travel(adapters[name].start(challenge), "anna")
    assert params["state"] == challenge.state
    found = await adapters[name].complete(params, challenge)
    assert (
        found.subject,
        found.name,
        found.email,
        found.email_verified,
        found.phone,
        found.phone_verified,
    ) == EXPECTED[name]
    assert (found.provider, found.seen) == (name, None)


@pytest.mark.parametrize("name", REDIRECTING)
async def test_the_verifier_never_travels_with_the_person(name: ProviderName, adapters: Adapters) -> None:
    challenge = new_challenge(name)
    url = adapters[name].start(challenge)
    query = query_of(url)
    assert challenge.verifier not in url
    assert (query["code_challenge"], query["code_challenge_method"]) == (challenge.s256, "S256")
    assert (query["state"], query["redirect_uri"]) == (challenge.state, challenge.redirect_uri)
    assert urlsplit(url).scheme == "http"


@pytest.mark.parametrize("name", REDIRECTING)
async def test_a_code_counts_once(name: ProviderName, adapters: Adapters) -> None:
    challenge = new_challenge(name)
    params = await travel(adapters[name].start(challenge), "anna")
    await adapters[name].complete(params, challenge)
    with pytest.raises(ProviderAnswerInvalid):
        await adapters[name].complete(params, challenge)


@pytest.mark.parametrize("name", REDIRECTING)
async def test_a_code_of_another_journey_is_refused(name: ProviderName, adapters: Adapters) -> None:
    theirs = await travel(adapters[name].start(new_challenge(name)), "anna")
    with pytest.raises(ProviderAnswerInvalid):
        await adapters[name].complete(theirs, new_challenge(name))


AWAY = ("slow", "error_500", "too_many")
REFUSED = ("redirect", "huge", "not_json", "refused")
OF_ID_TOKEN = {
    "wrong_nonce": "another nonce",
    "wrong_audience": "another audience",
    "wrong_issuer": "another issuer",
    "wrong_party": "another authorised party",
    "expired": "run out",
    "from_the_future": "from the future",
    "alg_none": "an algorithm or a type that does not count",
}
OF_SIGNATURE = {
    "hmac_with_public_key": "an algorithm or a type that does not count",
    "unknown_key": "a key that the provider does not publish",
    "key_in_header": "ValidationError",
    "bad_signature": "BadSignatureError",
}
OF_ONE: tuple[tuple[ProviderName, str], ...] = (
    *(("telegram", fault) for fault in (*OF_ID_TOKEN, *OF_SIGNATURE)),
    *(("sber", fault) for fault in (*OF_ID_TOKEN, "no_access_token", "wrong_person")),
    ("vk", "wrong_state"),
    ("vk", "wrong_person"),
    ("vk", "no_access_token"),
    ("yandex", "wrong_client"),
    ("yandex", "no_access_token"),
    ("tid", "no_access_token"),
    ("telegram", "no_access_token"),
)


@pytest.mark.parametrize(
    ("name", "fault"), [*((name, fault) for name in REDIRECTING for fault in REFUSED), *OF_ONE]
)
async def test_an_answer_that_is_not_to_be_believed_proves_nobody(
    name: Service, fault: str, adapters: Adapters, simulators: Simulators
) -> None:
    challenge = new_challenge(name)
    params = await travel(adapters[name].start(challenge), new_person())
    simulators.plant(name, fault)
    with pytest.raises(ProviderAnswerInvalid, match=(OF_ID_TOKEN | OF_SIGNATURE).get(fault)):
        await adapters[name].complete(params, challenge)


@pytest.mark.parametrize("fault", AWAY)
@pytest.mark.parametrize("name", REDIRECTING)
async def test_a_service_that_does_not_answer_is_away(
    name: Service, fault: str, adapters: Adapters, simulators: Simulators
) -> None:
    challenge = new_challenge(name)
    params = await travel(adapters[name].start(challenge), new_person())
    simulators.plant(name, fault)
    with pytest.raises(ProviderAway):
        await adapters[name].complete(params, challenge)


async def test_vk_without_a_device_id_is_refused(adapters: Adapters) -> None:
    challenge = new_challenge("vk")
    params = await travel(adapters["vk"].start(challenge), "anna")
    with pytest.raises(ProviderAnswerInvalid):
        await adapters["vk"].complete({"code": params["code"]}, challenge)


async def test_a_mailbox_elsewhere_is_not_confirmed_by_yandex(adapters: Adapters) -> None:
    challenge = new_challenge("yandex")
    found = await adapters["yandex"].complete(
        await travel(adapters["yandex"].start(challenge), "boris"), challenge
    )
    assert (found.email, found.email_verified) == ("boris@mail.example", False)


async def test_max_has_no_page_and_the_others_sign_no_data(adapters: Adapters) -> None:
    with pytest.raises(ProviderUnknown):
        adapters["max"].start(new_challenge("max"))
    for name in ("vk", "yandex", "tid", "sber"):
        with pytest.raises(ProviderUnknown):
            await adapters[name].complete({"init_data": "a=b"}, None)


def test_an_identity_does_not_show_itself() -> None:
    text = repr(new_challenge("vk"))
    assert "verifier" not in text
    assert msgspec.json.decode(msgspec.json.encode(text)) == "Challenge(…)"
