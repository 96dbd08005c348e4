"""What messengers sign for mini apps and widgets, held against an independent reading of Telegram's document."""

import json
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, quote, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram_webapp_auth.auth import TelegramAuthenticator, generate_secret_key
from telegram_webapp_auth.errors import InvalidInitDataError

from samovar.kit.clock import SystemClock
from samovar.kit.settings import Secret
from samovar.services.auth.providers.adapters import signed_data
from samovar.services.auth.providers.adapters.port import Provider
from samovar.services.auth.providers.adapters.registry import build
from samovar.services.auth.providers.domain import SIGNED_DATA_AGE_MAX
from samovar.services.auth.providers.errors import ProviderAnswerInvalid, ProviderUnknown, SignedDataStale
from samovar.services.auth.providers.settings import ProviderClient, ProviderName
from samovar.simulators.identity.clients import CLIENT_IDS, TELEGRAM_BOT_TOKEN
from samovar.simulators.identity.program import Simulators
from samovar.simulators.identity.signing import MiniAppSigner
from tests.services.auth.providers.travelling import ask_json, known

ANNA = known("anna")
BOT_ID = CLIENT_IDS["telegram"]
SIGNER = MiniAppSigner(TELEGRAM_BOT_TOKEN)
USER = {"id": 279058397, "first_name": "Владислав & сын", "last_name": "=", "username": "vdkfrost"}
NOW = datetime.now(UTC)

texts = st.text(st.characters(codec="utf-8", exclude_characters="\n"), max_size=20)
names = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyz_"), min_size=1, max_size=12).filter(
    lambda name: name not in {"hash", "signature"}
)


def init_data(
    more: Mapping[str, str] | None = None, *, at: datetime | None = None, bot_id: str | None = None
) -> str:
    """Return data as Telegram would sign it now."""
    fields = {
        "query_id": "AAHdF6IQAAAAAN0XohDhrOrc",
        "user": json.dumps(USER, ensure_ascii=False),
        "auth_date": str(int((at or datetime.now(UTC)).timestamp())),
        **(more or {}),
    }
    return urlencode(SIGNER.sign_mini_app(fields, bot_id=bot_id))


async def test_a_mini_app_proves_its_user(
    adapters: Mapping[ProviderName, Provider], simulators: Simulators
) -> None:
    signed = await ask_json(f"{simulators.address}/telegram/signed", person="anna")
    found = await adapters["telegram"].complete({"init_data": signed["init_data"]}, None)
    assert (found.provider, found.subject, found.name) == ("telegram", str(ANNA.number), "Анна Смирнова")
    assert found.seen
    oracle = TelegramAuthenticator(generate_secret_key(TELEGRAM_BOT_TOKEN))
    judged = oracle.validate(signed["init_data"], timedelta(minutes=5))
    assert judged.user
    assert str(judged.user.id) == found.subject


async def test_the_widget_proves_its_user(
    adapters: Mapping[ProviderName, Provider], simulators: Simulators
) -> None:
    signed = await ask_json(f"{simulators.address}/telegram/signed", person="anna")
    found = await adapters["telegram"].complete(signed["widget"], None)
    assert (found.subject, found.name) == (str(ANNA.number), "Анна")


async def test_max_proves_its_user(adapters: Mapping[ProviderName, Provider], simulators: Simulators) -> None:
    signed = await ask_json(f"{simulators.address}/max/signed", person="anna")
    found = await adapters["max"].complete({"init_data": signed["init_data"]}, None)
    assert (found.provider, found.subject) == ("max", str(ANNA.number))


async def test_data_of_one_messenger_is_no_proof_for_the_other(
    adapters: Mapping[ProviderName, Provider], simulators: Simulators
) -> None:
    of_telegram = await ask_json(f"{simulators.address}/telegram/signed", person="anna")
    of_max = await ask_json(f"{simulators.address}/max/signed", person="anna")
    with pytest.raises(ProviderAnswerInvalid):
        await adapters["max"].complete({"init_data": of_telegram["init_data"]}, None)
    with pytest.raises(ProviderAnswerInvalid):
        await adapters["telegram"].complete({"init_data": of_max["init_data"]}, None)


async def test_the_widget_and_mini_apps_do_not_pass_for_each_other(
    adapters: Mapping[ProviderName, Provider], simulators: Simulators
) -> None:
    signed = await ask_json(f"{simulators.address}/telegram/signed", person="anna")
    with pytest.raises(ProviderAnswerInvalid):
        await adapters["telegram"].complete({"init_data": urlencode(signed["widget"])}, None)
    with pytest.raises(ProviderAnswerInvalid):
        await adapters["telegram"].complete(dict(parse_qsl(signed["init_data"])), None)


@pytest.mark.parametrize(
    ("age", "is_stale"),
    [
        (timedelta(0), False),
        (SIGNED_DATA_AGE_MAX - timedelta(seconds=10), False),
        (SIGNED_DATA_AGE_MAX + timedelta(seconds=2), True),
        (timedelta(days=300), True),
        (timedelta(minutes=-2), True),
    ],
)
def test_data_counts_for_five_minutes(age: timedelta, is_stale: bool) -> None:  # noqa: FBT001  of the table
    fields = signed_data.fields_of(init_data(at=NOW - age))
    if is_stale:
        with pytest.raises(SignedDataStale):
            signed_data.mini_app_identity("telegram", fields, NOW)
    else:
        assert signed_data.mini_app_identity("telegram", fields, NOW).subject == str(USER["id"])


def test_a_new_spelling_of_the_same_data_is_the_same_data() -> None:
    raw = init_data(at=NOW)
    spelled = "&".join(
        f"{quote(name)}={''.join(f'%{byte:02x}' for byte in value.encode())}"
        for name, value in parse_qsl(raw)[::-1]
    )
    assert spelled != raw
    first, second = (
        signed_data.mini_app_identity("telegram", signed_data.fields_of(text), NOW) for text in (raw, spelled)
    )
    assert first.seen == second.seen


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(names, texts, max_size=6))
def test_our_reading_of_the_hash_is_the_documents(fields: dict[str, str]) -> None:
    more = {name: value for name, value in fields.items() if name not in {"user", "auth_date", "query_id"}}
    raw = init_data(more)
    TelegramAuthenticator(generate_secret_key(TELEGRAM_BOT_TOKEN)).validate(raw, timedelta(minutes=5))
    signed_data.check_mini_app_hash(signed_data.fields_of(raw), TELEGRAM_BOT_TOKEN)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_forged_field_is_refused_by_us_and_by_the_document(data: st.DataObject) -> None:
    fields = dict(parse_qsl(init_data(bot_id=BOT_ID), keep_blank_values=True))
    name = data.draw(st.sampled_from([*fields, "chat", "start_param"]))
    value = data.draw(texts)
    if fields.get(name) == value:
        return
    forged = {**fields, name: value}
    with pytest.raises(ProviderAnswerInvalid):
        signed_data.check_mini_app_hash(forged, TELEGRAM_BOT_TOKEN)
    if name not in {"hash", "signature"}:
        with pytest.raises(ProviderAnswerInvalid):
            signed_data.check_signature(forged, BOT_ID, [SIGNER.public_key])
    oracle = TelegramAuthenticator(generate_secret_key(TELEGRAM_BOT_TOKEN))
    # The oracle trips over a hash that is not ASCII; a refusal all the same.
    with pytest.raises((InvalidInitDataError, TypeError)):
        oracle.validate(urlencode(forged))


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(["query_id", "user", "auth_date", "hash"]))
def test_a_missing_field_is_refused(name: str) -> None:
    fields = dict(parse_qsl(init_data()))
    del fields[name]
    with pytest.raises(ProviderAnswerInvalid):
        signed_data.check_mini_app_hash(fields, TELEGRAM_BOT_TOKEN)


def test_the_signature_counts_for_this_bot_and_these_keys_alone() -> None:
    fields = signed_data.fields_of(init_data(bot_id=BOT_ID))
    signed_data.check_signature(fields, BOT_ID, [*signed_data.TELEGRAM_KEYS, SIGNER.public_key])
    for bot_id, keys in (("7000000002", [SIGNER.public_key]), (BOT_ID, signed_data.TELEGRAM_KEYS)):
        with pytest.raises(ProviderAnswerInvalid):
            signed_data.check_signature(fields, bot_id, keys)


def test_a_signature_of_telegram_itself_is_believed() -> None:
    # Published with the reference implementations of the third-party check: bot 7342037359, production key.
    raw = (
        "user=%7B%22id%22%3A279058397%2C%22first_name%22%3A%22Vladislav%20%2B%20-%20%3F%20%5C%2F%22%2C%22last_name%22%3A"
        "%22Kibenko%22%2C%22username%22%3A%22vdkfrost%22%2C%22language_code%22%3A%22ru%22%2C%22is_premium%22%3Atrue%2C%22"
        "allows_write_to_pm%22%3Atrue%2C%22photo_url%22%3A%22https%3A%5C%2F%5C%2Ft.me%5C%2Fi%5C%2Fuserpic%5C%2F320%5C%2F"
        "4FPEE4tmP3ATHa57u6MqTDih13LTOiMoKoLDRG4PnSA.svg%22%7D&chat_instance=8134722200314281151&chat_type=private"
        "&auth_date=1733584787&hash=2174df5b000556d044f3f020384e879c8efcab55ddea2ced4eb752e93e7080d6"
        "&signature=zL-ucjNyREiHDE8aihFwpfR9aggP2xiAo3NSpfe-p7IbCisNlDKlo7Kb6G4D0Ao2mBrSgEk4maLSdv6MLIlADQ"
    )
    fields = signed_data.fields_of(raw)
    signed_data.check_signature(fields, "7342037359", signed_data.TELEGRAM_KEYS)
    with pytest.raises(ProviderAnswerInvalid):
        signed_data.check_signature(
            {**fields, "auth_date": "1733584788"}, "7342037359", signed_data.TELEGRAM_KEYS
        )


@pytest.mark.parametrize(
    "raw",
    ["", "a", "a=b&a=c", "user=%ff", "&".join(f"f{number}=1" for number in range(40)), "x=" + "y" * 5_000],
)
def test_nonsense_is_no_init_data(raw: str) -> None:
    with pytest.raises(ProviderAnswerInvalid):
        signed_data.fields_of(raw)


@pytest.mark.parametrize(
    ("user", "auth_date"),
    [
        ("", "1"),
        ("[]", "1"),
        ("{}", "1"),
        ('{"id":"1"}', "1"),
        ('{"id":1.5}', "1"),
        ("[" * 5_000, "1"),
        ('{"id":1}', ""),
        ('{"id":1}', "-1"),
        ('{"id":1}', "٣"),
        ('{"id":1}', "1e3"),
    ],
)
def test_signed_nonsense_names_nobody(user: str, auth_date: str) -> None:
    with pytest.raises(ProviderAnswerInvalid):
        signed_data.mini_app_identity("telegram", {"user": user, "auth_date": auth_date}, NOW)


@pytest.mark.parametrize("number", [0, -5])
def test_nobody_has_such_an_id(number: int) -> None:
    fields = {"user": json.dumps({"id": number}), "auth_date": str(int(NOW.timestamp()))}
    with pytest.raises(ProviderAnswerInvalid):
        signed_data.mini_app_identity("telegram", fields, NOW)


def test_a_value_cannot_pass_for_two_fields() -> None:
    fields = SIGNER.sign_widget({"auth_date": "1", "first_name": "Анна\nid=5"})
    with pytest.raises(ProviderAnswerInvalid):
        signed_data.check_widget_hash(
            {"auth_date": "1", "first_name": "Анна", "id": "5", **_hash(fields)}, "another"
        )
    with pytest.raises(ProviderAnswerInvalid):
        signed_data.check_widget_hash(fields, TELEGRAM_BOT_TOKEN)


async def test_without_the_bots_token_the_signature_alone_decides() -> None:
    client = ProviderClient(client_id=BOT_ID, signing_keys=(SIGNER.public_key,))
    providers = await _build(client)
    found = await providers["telegram"].complete({"init_data": init_data(bot_id=BOT_ID)}, None)
    assert found.subject == str(USER["id"])
    with pytest.raises(ProviderAnswerInvalid):
        await providers["telegram"].complete({"init_data": init_data()}, None)
    with pytest.raises(ProviderUnknown):
        await providers["telegram"].complete({"id": "1", "hash": "0"}, None)


async def test_the_token_of_another_bot_signs_nothing_for_ours() -> None:
    providers = await _build(ProviderClient(client_id=BOT_ID, bot_token=Secret("1:another")))
    with pytest.raises(ProviderAnswerInvalid):
        await providers["telegram"].complete({"init_data": init_data(bot_id=BOT_ID)}, None)


def _hash(fields: dict[str, str]) -> dict[str, str]:
    return {"hash": fields["hash"]}


async def _build(client: ProviderClient) -> Mapping[ProviderName, Provider]:
    async with AsyncExitStack() as closing:
        return await build(
            {"telegram": client}, timeout_s=1.0, in_production=True, clock=SystemClock(), closing=closing
        )
