"""Recovery codes: one use each, also in parallel; a person reads them off paper and hears when one was used."""

import asyncio
import os
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samovar.kit.settings import Secret
from samovar.services.auth.contract.events import CredentialChanged, RecoveryCodeUsed
from samovar.services.auth.recovery_codes.domain import CODE_BITS, make_code, normal_code
from samovar.services.auth.recovery_codes.minting import Minting
from tests.services.auth.conftest import PASSWORD, Answer, Auth, Installation
from tests.services.auth.people import Person, new_person


@pytest.fixture(scope="module")
async def other(installation: Installation) -> AsyncIterator[Auth]:
    """Run a second process of the same auth."""
    async with installation.process() as process:
        yield process


@pytest.fixture
async def person(auth: Auth) -> Person:
    """Register somebody who has an app."""
    person = await new_person(auth)
    await person.connect_app()
    return person


async def recover(person: Person, code: str, process: Auth | None = None) -> Answer:
    """Sign in with the password and a recovery code."""
    waiting = (await person.log_in()).body["mfa_token"]
    return await person.answer(process or person.auth, waiting, "recovery", code=code)


def test_a_code_is_too_long_to_guess() -> None:
    codes = {make_code(os.urandom) for _ in range(1_000)}
    assert CODE_BITS >= 112
    assert len(codes) == 1_000
    assert {len(code) for code in codes} == {29}


@given(st.binary(min_size=16, max_size=16), st.sampled_from(["-", " ", "", " - ", "—"]), st.booleans())
def test_a_code_is_read_as_it_was_meant(raw: bytes, between: str, is_small: bool) -> None:  # noqa: FBT001
    code = make_code(lambda _: raw)
    written = code.replace("-", between).replace("0", "O").replace("1", "l")
    assert normal_code(written.lower() if is_small else written) == code.replace("-", "")


@given(st.text(max_size=64))
def test_any_text_is_a_code_or_none(text: str) -> None:
    normal = normal_code(text)
    assert normal is None or len(normal) == 25


def test_the_same_code_of_two_accounts_is_kept_as_two_hashes() -> None:
    minting, code = Minting(Secret("x" * 32), random_bytes=os.urandom), make_code(os.urandom)
    first, second = (minting.hash_of(uuid4(), code) for _ in range(2))
    assert first != second
    assert Minting(Secret("y" * 32), random_bytes=os.urandom).hash_of(UUID(int=0), code) != minting.hash_of(
        UUID(int=0), code
    )


async def test_a_recovery_code_signs_in_and_its_owner_hears_of_it(person: Person) -> None:
    answer = await recover(person, person.recovery_codes[0].lower().replace("-", " "))
    me = (await person.auth.me(answer.body["access_token"])).body
    assert (me["acr"], me["amr"]) == ("aal2", ["pwd", "otp", "mfa"])
    (event,) = await person.auth.events(RecoveryCodeUsed, person.account_id)
    assert (event.codes_left, event.are_few_left) == (9, False)
    assert (await person.ask("GET", "factors")).body["recovery_codes_left"] == 9


async def test_a_replayed_recovery_code_is_refused(person: Person, other: Auth) -> None:
    code = person.recovery_codes[0]
    assert (await recover(person, code)).status == 200
    for process in (person.auth, other):
        refused = await recover(person, code, process)
        assert (refused.status, refused.code) == (401, "auth.second_factor_wrong")
    assert (await person.step_up("recovery", code=code)).status == 401
    assert (await person.refusals())[0] == ("sign_in.second_factor", "unknown or used")


async def test_one_code_in_parallel_in_two_processes_lets_one_in(person: Person, other: Auth) -> None:
    tokens = [(await person.log_in()).body["mfa_token"] for _ in range(6)]
    answers = await asyncio.gather(
        *(
            person.answer((person.auth, other)[n % 2], token, "recovery", code=person.recovery_codes[0])
            for n, token in enumerate(tokens)
        )
    )
    assert sorted(answer.status for answer in answers) == [200, 401, 401, 401, 401, 401]
    assert len(await person.auth.events(RecoveryCodeUsed, person.account_id)) == 1


async def test_the_last_codes_are_told_and_then_no_longer_offered(person: Person) -> None:
    async with person.auth.database.transaction() as tx:
        await tx.execute(
            """
            UPDATE recovery_codes SET used_at = now() WHERE account_id = $1 AND code_hash IN (
                SELECT code_hash FROM recovery_codes WHERE account_id = $1 LIMIT 6
            )
            """,
            UUID(person.account_id),
        )
    used = 0
    for code in person.recovery_codes:
        used += (await recover(person, code)).status == 200
        if used == 4:
            break
    events = await person.auth.events(RecoveryCodeUsed, person.account_id)
    assert [(event.codes_left, event.are_few_left) for event in events] == [
        (3, True),
        (2, True),
        (1, True),
        (0, True),
    ]
    factors = (await person.ask("GET", "factors")).body
    assert (factors["second_factors"], factors["are_few_codes_left"]) == (["totp"], True)
    assert (await person.log_in()).body["methods"] == ["totp"]


async def test_a_new_set_replaces_the_old_one(person: Person) -> None:
    old = person.recovery_codes
    assert (await person.ask("POST", "recovery-codes")).code == "auth.step_up_required"
    await person.step_up("totp", code=person.code())
    renewed = await person.ask("POST", "recovery-codes")
    assert renewed.status == 201
    new = renewed.body["recovery_codes"]
    assert len(new) == 10
    assert not set(new) & set(old)
    assert (await recover(person, old[0])).status == 401
    assert (await recover(person, new[0])).status == 200
    last = (await person.auth.events(CredentialChanged, person.account_id))[-1]
    assert (last.credential, last.action) == ("recovery_codes", "changed")


async def test_a_recovery_code_is_proof_enough_to_disconnect_the_lost_app(person: Person) -> None:
    assert (await person.step_up("recovery", code=person.recovery_codes[0])).status == 200
    assert (await person.ask("DELETE", "totp")).status == 204
    assert await person.second_factors() == ()
    assert "access_token" in (await person.log_in()).body


async def test_without_a_second_factor_there_are_no_codes(auth: Auth) -> None:
    person = await new_person(auth)
    refused = await person.ask("POST", "recovery-codes")
    assert (refused.status, refused.code) == (409, "auth.no_second_factor")
    assert (await person.step_up("recovery", code="x", password=PASSWORD)).status == 401


async def test_codes_rest_as_hashes(person: Person) -> None:
    kept = await person.auth.database.fetch_value(
        "SELECT string_agg(encode(code_hash, 'escape'), '') FROM recovery_codes WHERE account_id = $1",
        UUID(person.account_id),
    )
    assert not any(code in kept or code.replace("-", "") in kept for code in person.recovery_codes)


async def test_what_is_no_code_is_refused(person: Person) -> None:
    for body in ({"code": ""}, {"code": "\x00"}, {"code": "А" * 25}, {"code": "U" * 25}, {}):
        waiting = (await person.log_in()).body["mfa_token"]
        refused = await person.answer(person.auth, waiting, "recovery", **body)
        assert (refused.status, refused.code) == (401, "auth.second_factor_wrong")
