"""Authenticator apps: the arithmetic is that of the RFCs, a code works once, and connecting needs its owner."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pyotp
import pytest

from samovar.kit.routes import RateLimit
from samovar.services.auth.contract.events import CredentialChanged, SessionStarted
from samovar.services.auth.passwords import attempts
from samovar.services.auth.totp.domain import matching_step
from tests.services.auth.conftest import PASSWORD, Auth, Installation, new_address
from tests.services.auth.people import Person, code_at, new_person

# RFC 4226, appendix D.
HOTP_SECRET = b"12345678901234567890"
HOTP_CODES = (
    *("755224", "287082", "359152", "969429", "338314"),
    *("254676", "287922", "162583", "399871", "520489"),
)
# RFC 6238, appendix B: the secrets of its reference code are as long as the hash.
SEED = b"1234567890" * 7
DIGESTS: dict[str, tuple[Any, int]] = {
    "sha1": (hashlib.sha1, 20),
    "sha256": (hashlib.sha256, 32),
    "sha512": (hashlib.sha512, 64),
}
TOTP_CODES = [
    (59, "94287082", "sha1"),
    (59, "46119246", "sha256"),
    (59, "90693936", "sha512"),
    (1111111109, "07081804", "sha1"),
    (1111111109, "68084774", "sha256"),
    (1111111109, "25091201", "sha512"),
    (1111111111, "14050471", "sha1"),
    (1111111111, "67062674", "sha256"),
    (1111111111, "99943326", "sha512"),
    (1234567890, "89005924", "sha1"),
    (1234567890, "91819424", "sha256"),
    (1234567890, "93441116", "sha512"),
    (2000000000, "69279037", "sha1"),
    (2000000000, "90698825", "sha256"),
    (2000000000, "38618901", "sha512"),
    (20000000000, "65353130", "sha1"),
    (20000000000, "77737706", "sha256"),
    (20000000000, "47863826", "sha512"),
]
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
async def other(installation: Installation) -> AsyncIterator[Auth]:
    """Run a second process of the same auth."""
    async with installation.process() as process:
        yield process


@pytest.fixture
async def person(auth: Auth) -> Person:
    """Register somebody."""
    return await new_person(auth)


@pytest.mark.parametrize(("counter", "code"), list(enumerate(HOTP_CODES)))
def test_codes_are_those_of_rfc_4226(counter: int, code: str) -> None:
    now = datetime.fromtimestamp(counter * 30, UTC)
    assert matching_step(HOTP_SECRET, code, now, after=-1) == counter


@pytest.mark.parametrize(("at", "code", "name"), TOTP_CODES)
def test_codes_are_those_of_rfc_6238(at: int, code: str, name: str) -> None:
    digest, length = DIGESTS[name]
    now = datetime.fromtimestamp(at, UTC)
    assert matching_step(SEED[:length], code, now, after=-1, digits=8, digest=digest) == at // 30


def test_the_code_before_the_present_one_still_counts_and_no_other() -> None:
    step = int(NOON.timestamp()) // 30
    now = datetime.fromtimestamp(step * 30 + 29, UTC)
    for ago, is_right in ((-1, False), (0, True), (1, True), (2, False)):
        code = _code_of_step(step - ago)
        assert (matching_step(HOTP_SECRET, code, now, after=-1) == step - ago) is is_right


def test_a_step_that_was_used_is_used_with_all_before_it() -> None:
    step = int(NOON.timestamp()) // 30
    for after, is_right in ((step - 1, True), (step, False), (step + 5, False)):
        assert (matching_step(HOTP_SECRET, _code_of_step(step), NOON, after=after) is not None) is is_right
    assert matching_step(HOTP_SECRET, _code_of_step(step - 1), NOON, after=step - 1) is None


@pytest.mark.parametrize(
    "text",
    ["", " ", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "-12345", "+12345", "1e5", "12345\x00", "１２３４５６"],
)
def test_what_is_no_code_is_wrong(text: str) -> None:
    assert matching_step(HOTP_SECRET, text, NOON, after=-1) is None


def test_people_may_put_spaces_into_a_code() -> None:
    code = _code_of_step(int(NOON.timestamp()) // 30)
    assert matching_step(HOTP_SECRET, f" {code[:3]} {code[3:]} ", NOON, after=-1) is not None


async def test_an_app_is_connected_and_asked_for(person: Person) -> None:
    begun = await person.ask("POST", "totp", {"password": PASSWORD})
    assert begun.status == 201
    assert begun.body["otpauth_uri"].startswith("otpauth://totp/")
    assert f"secret={begun.body['secret']}" in begun.body["otpauth_uri"]
    assert begun.body["qr_svg"].startswith("data:image/svg+xml")
    assert (await person.log_in()).body.get("mfa_required") is None
    person.secret = begun.body["secret"]
    confirmed = await person.ask("POST", "totp/confirm", {"code": person.code()})
    assert len(confirmed.body["recovery_codes"]) == 10
    waiting = (await person.log_in()).body
    assert waiting["methods"] == ["totp", "recovery"]
    assert waiting["passkey_options"] is None
    await person.wait_for_the_next_code()
    signed_in = await person.answer(person.auth, waiting["mfa_token"], "totp", code=person.code())
    me = (await person.auth.me(signed_in.body["access_token"])).body
    assert (me["acr"], me["amr"]) == ("aal2", ["pwd", "otp", "mfa"])
    (event,) = await person.auth.events(CredentialChanged, person.account_id)
    assert (event.credential, event.action) == ("totp", "added")


async def test_a_secret_rests_sealed(person: Person) -> None:
    await person.connect_app()
    raw = await person.auth.database.fetch_value(
        "SELECT secret_sealed FROM totp_credentials WHERE account_id = $1", UUID(person.account_id)
    )
    assert len(raw) == 12 + 20 + 16
    assert person.secret not in repr(raw)


async def test_a_replayed_totp_is_refused(person: Person, other: Auth) -> None:
    await person.connect_app()
    code = person.code()
    first, second, third = [(await person.log_in()).body["mfa_token"] for _ in range(3)]
    assert (await person.answer(person.auth, first, "totp", code=code)).status == 200
    for process, token in ((person.auth, second), (other, third)):
        refused = await person.answer(process, token, "totp", code=code)
        assert (refused.status, refused.code) == (401, "auth.second_factor_wrong")
    assert (await person.step_up("totp", code=code)).status == 401
    assert ("sign_in.second_factor", "wrong or used") in await person.refusals()


async def test_the_code_that_confirmed_the_app_signs_nobody_in(person: Person) -> None:
    begun = await person.ask("POST", "totp", {"password": PASSWORD})
    person.secret = begun.body["secret"]
    code = person.code()
    assert (await person.ask("POST", "totp/confirm", {"code": code})).status == 200
    waiting = (await person.log_in()).body["mfa_token"]
    assert (await person.answer(person.auth, waiting, "totp", code=code)).status == 401


async def test_one_code_in_parallel_in_two_processes_lets_one_in(person: Person, other: Auth) -> None:
    await person.connect_app()
    tokens = [(await person.log_in()).body["mfa_token"] for _ in range(6)]
    code = person.code()
    answers = await asyncio.gather(
        *(
            person.answer((person.auth, other)[n % 2], token, "totp", code=code)
            for n, token in enumerate(tokens)
        )
    )
    assert sorted(answer.status for answer in answers) == [200, 401, 401, 401, 401, 401]
    assert len(await person.auth.events(SessionStarted, person.account_id)) == 2


async def test_guessing_codes_is_slow(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    await person.connect_app()
    monkeypatch.setattr(attempts, "PROOFS", RateLimit(3, per_s=3_600))
    statuses = []
    for _ in range(4):
        waiting = (await person.log_in()).body["mfa_token"]
        statuses.append((await person.answer(person.auth, waiting, "totp", code="000000")).status)
    assert statuses == [401, 401, 401, 429]


async def test_five_wrong_codes_end_the_attempt(person: Person) -> None:
    await person.connect_app()
    waiting = (await person.log_in()).body["mfa_token"]
    wrong = [await person.answer(person.auth, waiting, "totp", code="000000") for _ in range(5)]
    assert {answer.code for answer in wrong} == {"auth.second_factor_wrong"}
    late = await person.answer(person.auth, waiting, "totp", code=person.code())
    assert (late.status, late.code) == (401, "auth.challenge_invalid")


async def test_connecting_needs_the_password(person: Person) -> None:
    for body in ({}, {"password": None}, {"password": "не тот пароль"}):
        refused = await person.ask("POST", "totp", body)
        assert (refused.status, refused.code) == (401, "auth.bad_credentials")
    assert await person.second_factors() == ()


async def test_an_account_without_a_password_connects_an_app_after_a_fresh_proof(person: Person) -> None:
    async with person.auth.database.transaction() as tx:
        await tx.execute("UPDATE accounts SET password_hash = NULL WHERE id = $1", UUID(person.account_id))
    await person.grow_stale()
    refused = await person.ask("POST", "totp", {})
    assert (refused.status, refused.code) == (401, "auth.step_up_required")
    await person.grow_stale(-1_000)
    assert (await person.ask("POST", "totp", {})).status == 201


async def test_a_wrong_code_connects_nothing(person: Person) -> None:
    begun = await person.ask("POST", "totp", {"password": PASSWORD})
    wrong = code_at(begun.body["secret"], 600)
    refused = await person.ask("POST", "totp/confirm", {"code": wrong})
    assert (refused.status, refused.code) == (401, "auth.second_factor_wrong")
    assert await person.second_factors() == ()
    assert await person.refusals() == [("totp.confirm", None)]


async def test_a_secret_is_confirmed_in_its_session_and_in_time(person: Person) -> None:
    nothing = await person.ask("POST", "totp/confirm", {"code": "123456"})
    assert (nothing.status, nothing.code) == (409, "auth.totp_not_begun")
    begun = await person.ask("POST", "totp", {"password": PASSWORD})
    person.secret = begun.body["secret"]
    elsewhere = (await person.log_in()).body["access_token"]
    body = {"code": person.code()}
    assert (await person.ask("POST", "totp/confirm", body, token=elsewhere)).code == "auth.totp_not_begun"
    async with person.auth.database.transaction() as tx:
        await tx.execute(
            "UPDATE totp_enrolments SET expires_at = now() WHERE account_id = $1", UUID(person.account_id)
        )
    assert (await person.ask("POST", "totp/confirm", body)).code == "auth.totp_not_begun"


async def test_secrets_that_nobody_confirmed_are_deleted(installation: Installation, person: Person) -> None:
    await person.ask("POST", "totp", {"password": PASSWORD})
    account_id = UUID(person.account_id)
    async with person.auth.database.transaction() as tx:
        await tx.execute(
            "UPDATE totp_enrolments SET expires_at = now() - interval '1 s' WHERE account_id = $1", account_id
        )
        await tx.execute("UPDATE kit.jobs SET next_run_at = now() WHERE name = 'forget_old_enrolments'")
    async with installation.process(), asyncio.timeout(10):
        while await person.auth.database.fetch_value(  # noqa: ASYNC110  a job of another process
            "SELECT count(*) FROM totp_enrolments WHERE account_id = $1", account_id
        ):
            await asyncio.sleep(0.02)
    assert (await person.ask("POST", "totp/confirm", {"code": "123456"})).code == "auth.totp_not_begun"


async def test_another_app_replaces_the_first_one_without_a_gap(person: Person) -> None:
    await person.connect_app()
    old = person.secret
    by_password = await person.ask("POST", "totp", {"password": PASSWORD})
    assert (by_password.status, by_password.code) == (401, "auth.step_up_required")
    assert 'acr_values="aal2"' in by_password.headers["WWW-Authenticate"]
    await person.step_up("totp", code=person.code())
    begun = await person.ask("POST", "totp", {})
    await person.wait_for_the_next_code()
    waiting = (await person.log_in()).body["mfa_token"]
    assert (await person.answer(person.auth, waiting, "totp", code=person.code())).status == 200
    person.secret = begun.body["secret"]
    confirmed = await person.ask("POST", "totp/confirm", {"code": person.code()})
    assert confirmed.body == {"recovery_codes": None}
    await person.wait_for_the_next_code()
    waiting = (await person.log_in()).body["mfa_token"]
    assert (await person.answer(person.auth, waiting, "totp", code=code_at(old, 0))).status == 401
    assert (await person.answer(person.auth, waiting, "totp", code=person.code())).status == 200
    assert [event.action for event in await person.auth.events(CredentialChanged, person.account_id)] == [
        "added",
        "changed",
    ]


async def test_disconnecting_needs_the_second_factor(person: Person) -> None:
    assert (await person.ask("DELETE", "totp")).status == 404
    await person.connect_app()
    refused = await person.ask("DELETE", "totp")
    assert (refused.status, refused.code) == (401, "auth.step_up_required")
    assert (await person.step_up("password", password=PASSWORD)).code == "auth.second_factor_required"
    await person.step_up("totp", code=person.code())
    assert (await person.ask("DELETE", "totp")).status == 204
    assert await person.second_factors() == ()
    assert (await person.ask("GET", "factors")).body["recovery_codes_left"] == 0
    assert "access_token" in (await person.log_in()).body


async def test_a_proof_of_long_ago_does_not_disconnect(person: Person) -> None:
    await person.connect_app()
    await person.step_up("totp", code=person.code())
    await person.grow_stale()
    assert (await person.ask("DELETE", "totp")).code == "auth.step_up_required"


async def test_a_new_factor_makes_trusted_devices_ask_again_and_ends_no_session(person: Person) -> None:
    await person.connect_app()
    waiting = (await person.log_in(device_token=person.device_token)).body["mfa_token"]
    trusted = await person.answer(
        person.auth,
        waiting,
        "totp",
        code=person.code(),
        trust_device=True,
        device_token=person.device_token,
    )
    assert "access_token" in (await person.log_in(device_token=person.device_token)).body
    await person.wait_for_the_next_code()
    await person.step_up("totp", code=person.code())
    begun = await person.ask("POST", "totp", {})
    person.secret = begun.body["secret"]
    assert (await person.ask("POST", "totp/confirm", {"code": person.code()})).status == 200
    assert "mfa_token" in (await person.log_in(device_token=person.device_token)).body
    assert (await person.auth.me(trusted.body["access_token"])).status == 200
    assert (await person.auth.refresh(trusted.body["refresh_token"])).status == 200
    assert trusted.body["device_token"] == person.device_token


async def test_a_new_password_makes_trusted_devices_ask_again(person: Person) -> None:
    await person.connect_app()
    waiting = (await person.log_in(device_token=person.device_token)).body["mfa_token"]
    trusted = await person.answer(
        person.auth,
        waiting,
        "totp",
        code=person.code(),
        trust_device=True,
        device_token=person.device_token,
    )
    new = "a long way home by tram"
    changed = await person.auth.ask(
        "POST",
        "/v1/auth/password/change",
        {"current_password": PASSWORD, "new_password": new},
        token=trusted.body["access_token"],
    )
    assert changed.status == 204
    again = await person.auth.log_in(person.email, new, device_token=person.device_token)
    assert "mfa_token" in again.body


async def test_nonsense_is_refused_with_its_field(person: Person) -> None:
    for path, body, field in (
        ("totp", {"password": 5}, "password"),
        ("totp", {"secret": "mine"}, "secret"),
        ("totp/confirm", {}, "code"),
        ("totp/confirm", {"code": 123456}, "code"),
        ("totp/confirm", {"code": "1" * 65}, "code"),
    ):
        answer = await person.ask("POST", path, body)
        assert (answer.status, answer.body["errors"][0]["field"]) == (422, field)
    waiting = await person.auth.ask(
        "POST",
        "/v1/auth/mfa",
        {"mfa_token": "smvm_", "method": "totp", "code": "\x00"},
        x_forwarded_for=new_address(),
    )
    assert (waiting.status, waiting.code) == (401, "auth.challenge_invalid")


def _code_of_step(step: int) -> str:
    return pyotp.HOTP("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").at(step)
