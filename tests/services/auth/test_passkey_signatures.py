"""Signatures of passkeys: right ones open, alone or after the password; every lie of a browser or an authenticator is refused."""

import asyncio
import os
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samovar.services.auth.contract.events import CredentialChanged, SessionStarted
from samovar.services.auth.passkeys.domain import page_origin, was_cloned
from samovar.services.auth.passkeys.schemas import Attestation, AttestationResponse
from samovar.services.auth.passkeys.verification import Refused, challenge_in, verify_new
from tests.services.auth.authenticator import (
    BACKUP_ELIGIBLE,
    EDDSA,
    ES256,
    LIES,
    PS256,
    RS256,
    Authenticator,
    bytes_of,
    text_of,
)
from tests.services.auth.conftest import Auth, Installation
from tests.services.auth.people import Person, new_person, sign_in_by


@pytest.fixture(scope="module")
async def other(installation: Installation) -> AsyncIterator[Auth]:
    """Run a second process of the same auth."""
    async with installation.process() as process:
        yield process


@pytest.fixture
async def person(auth: Auth) -> Person:
    """Register somebody."""
    return await new_person(auth)


async def passkeys_of(person: Person) -> list[dict[str, Any]]:
    """Return the person's list of passkeys."""
    items: list[dict[str, Any]] = (await person.ask("GET", "passkeys")).body["items"]
    return items


@pytest.mark.parametrize("algorithm", [ES256, EDDSA, RS256])
async def test_a_passkey_is_registered_and_signs_in_alone(person: Person, algorithm: int) -> None:
    passkey = Authenticator(algorithm=algorithm)
    added = await person.add_passkey(passkey, "Ключ от дачи")
    assert added.status == 201
    assert len(added.body["recovery_codes"]) == 10
    assert await person.second_factors() == ("passkey", "recovery")
    signed_in = await sign_in_by(person.auth, passkey)
    assert signed_in.body["account_id"] == person.account_id
    me = (await person.auth.me(signed_in.body["access_token"])).body
    assert (me["acr"], me["amr"]) == ("aal2", ["hwk", "user", "mfa"])
    (seen,) = await passkeys_of(person)
    assert (seen["name"], seen["is_synced"]) == ("Ключ от дачи", False)
    assert seen["last_used_at"]
    (event,) = await person.auth.events(CredentialChanged, person.account_id)
    assert (event.credential, event.action, event.name) == ("passkey", "added", "Ключ от дачи")


async def test_a_synced_passkey_without_a_counter_signs_in_again_and_again(person: Person) -> None:
    passkey = Authenticator(is_synced=True, counts=False)
    await person.add_passkey(passkey)
    for _ in range(3):
        signed_in = await sign_in_by(person.auth, passkey)
        assert (await person.auth.me(signed_in.body["access_token"])).body["amr"] == ["swk", "user", "mfa"]
    assert [seen["is_synced"] for seen in await passkeys_of(person)] == [True]


@pytest.mark.parametrize("lie", LIES, ids=str)
async def test_a_lie_registers_nothing(person: Person, lie: dict[str, Any]) -> None:
    refused = await person.add_passkey(Authenticator(), **lie)
    assert (refused.status, refused.code) == (401, "auth.passkey_refused")
    assert await passkeys_of(person) == []
    assert [action for action, _ in await person.refusals()] == ["passkey.register"]


@pytest.mark.parametrize("lie", [*LIES, {"user_handle": b""}, {"user_handle": bytes(32)}], ids=str)
async def test_a_lie_signs_nobody_in(person: Person, lie: dict[str, Any]) -> None:
    await person.add_passkey(passkey := Authenticator())
    refused = await sign_in_by(person.auth, passkey, **lie)
    assert (refused.status, refused.code) == (401, "auth.passkey_refused")
    assert [action for action, _ in await person.refusals()] == ["sign_in.passkey"]
    assert len(await person.auth.events(SessionStarted, person.account_id)) == 1


@pytest.mark.parametrize("lie", [*LIES, {"user_handle": bytes(32)}], ids=str)
async def test_a_lie_is_no_second_factor(person: Person, lie: dict[str, Any]) -> None:
    await person.add_passkey(passkey := Authenticator())
    waiting = (await person.log_in()).body
    credential = passkey.sign(waiting["passkey_options"], **lie)
    refused = await person.answer(person.auth, waiting["mfa_token"], "passkey", credential=credential)
    assert (refused.status, refused.code) == (401, "auth.second_factor_wrong")
    options = await person.ask("POST", "step-up/passkey-options")
    refused = await person.step_up("passkey", credential=passkey.sign(options.body, **lie))
    assert (refused.status, refused.code) == (401, "auth.second_factor_wrong")


async def test_an_algorithm_that_we_do_not_take_is_refused(person: Person) -> None:
    assert (await person.add_passkey(Authenticator(algorithm=PS256))).code == "auth.passkey_refused"


async def test_a_replayed_assertion_is_refused(person: Person, other: Auth) -> None:
    await person.add_passkey(passkey := Authenticator(counts=False))
    options = await person.auth.ask("POST", "/v1/auth/passkeys/sign-in-options")
    body = {"credential": passkey.sign(options.body)}
    first = await person.auth.ask("POST", "/v1/auth/passkeys/sign-in", body)
    assert first.status == 200
    for process in (person.auth, other):
        refused = await process.ask("POST", "/v1/auth/passkeys/sign-in", body)
        assert (refused.status, refused.code) == (401, "auth.passkey_refused")


async def test_one_assertion_in_parallel_in_two_processes_lets_one_in(person: Person, other: Auth) -> None:
    await person.add_passkey(passkey := Authenticator(counts=False))
    options = await person.auth.ask("POST", "/v1/auth/passkeys/sign-in-options")
    body = {"credential": passkey.sign(options.body)}
    answers = await asyncio.gather(
        *((person.auth, other)[n % 2].ask("POST", "/v1/auth/passkeys/sign-in", body) for n in range(6))
    )
    assert sorted(answer.status for answer in answers) == [200, 401, 401, 401, 401, 401]


async def test_a_copied_passkey_is_noticed_by_its_counter(person: Person) -> None:
    await person.add_passkey(passkey := Authenticator())
    for _ in range(3):
        assert (await sign_in_by(person.auth, passkey)).status == 200
    passkey.sign_count = 1
    assert (await sign_in_by(person.auth, passkey)).code == "auth.passkey_refused"
    assert await person.refusals() == [
        ("sign_in.passkey", "the counter went back: there are two of this passkey")
    ]
    passkey.sign_count = 3
    assert (await sign_in_by(person.auth, passkey)).status == 200


@pytest.mark.parametrize(
    ("kept", "shown", "cloned"), [(0, 0, False), (0, 1, False), (5, 6, False), (5, 5, True), (5, 0, True)]
)
def test_a_counter_only_goes_up(kept: int, shown: int, cloned: bool) -> None:  # noqa: FBT001
    assert was_cloned(kept=kept, shown=shown) is cloned


async def test_a_passkey_does_not_become_copyable(person: Person) -> None:
    await person.add_passkey(passkey := Authenticator())
    assert (await sign_in_by(person.auth, passkey, flags=BACKUP_ELIGIBLE)).code == "auth.passkey_refused"


async def test_a_question_that_ran_out_is_answered_no_more(person: Person) -> None:
    await person.add_passkey(passkey := Authenticator())
    options = await person.auth.ask("POST", "/v1/auth/passkeys/sign-in-options")
    async with person.auth.database.transaction() as tx:
        await tx.execute(
            "UPDATE passkey_challenges SET expires_at = now() WHERE purpose = 'sign_in'",
        )
    body = {"credential": passkey.sign(options.body)}
    assert (await person.auth.ask("POST", "/v1/auth/passkeys/sign-in", body)).status == 401


async def test_a_question_is_answered_for_its_purpose_alone(person: Person) -> None:
    await person.add_passkey(passkey := Authenticator())
    waiting = (await person.log_in()).body
    elsewhere = (await person.log_in()).body
    step_up = (await person.ask("POST", "step-up/passkey-options")).body
    sign_in = (await person.auth.ask("POST", "/v1/auth/passkeys/sign-in-options")).body
    for options in (elsewhere["passkey_options"], step_up, sign_in):
        answer = await person.answer(
            person.auth, waiting["mfa_token"], "passkey", credential=passkey.sign(options)
        )
        assert (answer.status, answer.code) == (401, "auth.second_factor_wrong")
    for options in (elsewhere["passkey_options"], step_up):
        body = {"credential": passkey.sign(options)}
        assert (await person.auth.ask("POST", "/v1/auth/passkeys/sign-in", body)).status == 401
    assert (await person.step_up("passkey", credential=passkey.sign(sign_in))).status == 401


async def test_a_passkey_of_another_account_is_no_factor_of_this_one(person: Person) -> None:
    stranger = await new_person(person.auth)
    await person.add_passkey(Authenticator())
    await stranger.add_passkey(foreign := Authenticator())
    waiting = (await person.log_in()).body
    credential = foreign.sign(waiting["passkey_options"])
    refused = await person.answer(person.auth, waiting["mfa_token"], "passkey", credential=credential)
    assert (refused.status, refused.code) == (401, "auth.second_factor_wrong")


async def test_an_unknown_passkey_signs_nobody_in(auth: Auth) -> None:
    refused = await sign_in_by(auth, Authenticator())
    assert (refused.status, refused.code) == (401, "auth.passkey_refused")


async def test_a_passkey_is_the_second_factor_after_the_password(person: Person) -> None:
    await person.add_passkey(passkey := Authenticator())
    waiting = (await person.log_in()).body
    assert waiting["methods"] == ["passkey", "recovery"]
    assert [one["id"] for one in waiting["passkey_options"]["allowCredentials"]] == [
        text_of(passkey.credential_id)
    ]
    credential = passkey.sign(waiting["passkey_options"])
    signed_in = await person.answer(person.auth, waiting["mfa_token"], "passkey", credential=credential)
    me = (await person.auth.me(signed_in.body["access_token"])).body
    assert (me["acr"], me["amr"]) == ("aal2", ["pwd", "hwk", "user", "mfa"])


async def test_who_was_too_slow_is_asked_once_more(person: Person) -> None:
    await person.add_passkey(passkey := Authenticator())
    waiting = (await person.log_in()).body
    body = {"mfa_token": waiting["mfa_token"]}
    again = await person.auth.ask("POST", "/v1/auth/mfa/passkey-options", body)
    assert again.body["challenge"] != waiting["passkey_options"]["challenge"]
    credential = passkey.sign(again.body)
    assert (
        await person.answer(person.auth, waiting["mfa_token"], "passkey", credential=credential)
    ).status == 200
    late = await person.auth.ask("POST", "/v1/auth/mfa/passkey-options", body)
    assert (late.status, late.code) == (401, "auth.challenge_invalid")


@pytest.mark.parametrize("field", ["clientDataJSON", "authenticatorData", "signature", "userHandle"])
@pytest.mark.parametrize(
    "junk", ["", "A", "AAAA", text_of(b"\xff" * 200), text_of(b"{}"), text_of(b"[" * 9_000)]
)
async def test_junk_in_a_signature_is_refused(person: Person, field: str, junk: str) -> None:
    await person.add_passkey(passkey := Authenticator())
    options = await person.auth.ask("POST", "/v1/auth/passkeys/sign-in-options")
    credential = passkey.sign(options.body)
    credential["response"][field] = junk
    answer = await person.auth.ask("POST", "/v1/auth/passkeys/sign-in", {"credential": credential})
    assert (answer.status, answer.code) == (401, "auth.passkey_refused")


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.data())
def test_a_damaged_attestation_is_refused_and_nothing_else(data: st.DataObject) -> None:
    options = {
        "user": {"id": text_of(b"handle")},
        "rp": {"id": "samovar.test"},
        "challenge": text_of(os.urandom(32)),
    }
    made = Authenticator().make(options)
    raw = bytearray(bytes_of(made["response"]["attestationObject"]))
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    attestation = Attestation(
        id=made["id"],
        raw_id=made["rawId"],
        type="public-key",
        response=AttestationResponse(
            client_data_json=made["response"]["clientDataJSON"], attestation_object=text_of(bytes(raw))
        ),
    )
    challenge = challenge_in(attestation.response.client_data_json)
    try:
        kept = verify_new(
            attestation, challenge=challenge, rp_id="samovar.test", origin="http://samovar.test"
        )
    except Refused:
        return
    assert text_of(kept.credential_id) == made["id"]


@pytest.mark.parametrize(
    ("origin", "pages"),
    [
        ("https://samovar.example", "https://samovar.example"),
        ("http://127.0.0.1:8080", "http://localhost:8080"),
        ("http://[::1]:8080", "http://localhost:8080"),
        ("http://127.0.0.1", "http://localhost"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("https://192.0.2.1", "https://192.0.2.1"),
    ],
)
def test_passkeys_of_a_loopback_address_are_for_localhost(origin: str, pages: str) -> None:
    assert page_origin(origin) == pages
