"""Passkeys: registered, seen, renamed and deleted by their owner alone."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from samovar.services.auth.contract.events import CredentialChanged
from tests.services.auth.authenticator import (
    Authenticator,
    bytes_of,
    text_of,
)
from tests.services.auth.conftest import Auth, Installation, new_address
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


async def test_a_passkey_knows_its_owner_by_a_random_handle(person: Person) -> None:
    first, second = [
        (await person.ask("POST", "passkeys/registration-options")).body["user"]["id"] for _ in range(2)
    ]
    assert first == second
    assert len(bytes_of(first)) == 32
    assert UUID(person.account_id).bytes not in bytes_of(first)
    stranger = await new_person(person.auth)
    assert (await stranger.ask("POST", "passkeys/registration-options")).body["user"]["id"] != first


async def test_what_a_browser_is_asked(person: Person) -> None:
    await person.add_passkey(passkey := Authenticator())
    await person.step_up_by(passkey)
    options = (await person.ask("POST", "passkeys/registration-options")).body
    assert options["rp"] == {"id": "samovar.test", "name": "Самовар"}
    assert options["attestation"] == "none"
    assert [one["alg"] for one in options["pubKeyCredParams"]] == [-8, -7, -257]
    assert options["authenticatorSelection"] == {
        "residentKey": "required",
        "requireResidentKey": True,
        "userVerification": "required",
    }
    assert options["timeout"] == 300_000
    (known,) = options["excludeCredentials"]
    assert known == {
        "type": "public-key",
        "id": text_of(passkey.credential_id),
        "transports": ["hybrid", "internal"],
    }


async def test_a_passkey_makes_a_session_surer(person: Person) -> None:
    await person.add_passkey(passkey := Authenticator())
    assert (await person.step_up_by(passkey)).status == 200
    assert (await person.auth.me(person.token)).body["acr"] == "aal2"


async def test_registering_needs_a_fresh_proof(person: Person) -> None:
    await person.grow_stale()
    for path, body in (("passkeys/registration-options", None), ("passkeys", {})):
        assert (await person.ask("POST", path, body)).code == "auth.step_up_required"


async def test_registering_beside_a_second_factor_needs_that_factor(person: Person) -> None:
    await person.connect_app()
    refused = await person.ask("POST", "passkeys/registration-options")
    assert (refused.status, refused.code) == (401, "auth.step_up_required")
    await person.step_up("totp", code=person.code())
    added = await person.add_passkey(Authenticator())
    assert (added.status, added.body["recovery_codes"]) == (201, None)
    assert await person.second_factors() == ("passkey", "totp", "recovery")


async def test_a_registration_counts_in_its_session_once(person: Person) -> None:
    passkey = Authenticator()
    options = (await person.ask("POST", "passkeys/registration-options")).body
    body = {"credential": passkey.make(options), "name": "Ключ"}
    elsewhere = (await person.log_in()).body["access_token"]
    refused = await person.ask("POST", "passkeys", body, token=elsewhere)
    assert (refused.status, refused.code) == (401, "auth.passkey_refused")
    assert (await person.ask("POST", "passkeys", body)).status == 201
    await person.step_up_by(passkey)
    assert (await person.ask("POST", "passkeys", body)).code == "auth.passkey_refused"


async def test_one_passkey_is_registered_once(person: Person) -> None:
    await person.add_passkey(passkey := Authenticator())
    await person.step_up_by(passkey)
    assert (await person.add_passkey(passkey)).code == "auth.passkey_known"
    stranger = await new_person(person.auth)
    refused = await stranger.add_passkey(passkey)
    assert (refused.status, refused.code) == (409, "auth.passkey_known")
    assert await stranger.second_factors() == ()


async def test_an_account_has_twenty_passkeys_at_most(person: Person) -> None:
    await person.add_passkey(passkey := Authenticator())
    await person.step_up_by(passkey)
    async with person.auth.database.transaction() as tx:
        await tx.execute(
            """
            INSERT INTO passkeys (id, account_id, credential_id, public_key, sign_count, name, aaguid, transports,
                                  is_backup_eligible, is_backed_up, created_at)
            SELECT gen_random_uuid(), account_id, uuid_send(gen_random_uuid()), public_key, 0, name, aaguid, '{}',
                   false, false, created_at
            FROM passkeys, generate_series(1, 19) WHERE account_id = $1
            """,
            UUID(person.account_id),
        )
    refused = await person.ask("POST", "passkeys/registration-options")
    assert (refused.status, refused.code) == (409, "auth.too_many_passkeys")
    assert "20" in refused.body["detail"]
    assert len(await passkeys_of(person)) == 20


async def test_a_passkey_is_renamed(person: Person) -> None:
    added = (await person.add_passkey(Authenticator())).body["passkey"]
    renamed = await person.ask("PATCH", f"passkeys/{added['id']}", {"name": "Новый"})
    assert (renamed.status, renamed.body["name"]) == (200, "Новый")
    stranger = await new_person(person.auth)
    assert (await stranger.ask("PATCH", f"passkeys/{added['id']}", {"name": "Мой"})).status == 404
    for name in ("", " ", "a\nb", "x" * 65):
        assert (await person.ask("PATCH", f"passkeys/{added['id']}", {"name": name})).status == 422


async def test_a_passkey_is_renamed_only_as_it_was_seen(person: Person) -> None:
    added = (await person.add_passkey(Authenticator())).body["passkey"]
    path = f"passkeys/{added['id']}"
    seen = await person.ask("GET", path)
    assert seen.body == added
    tag = seen.headers["etag"]
    renamed = await person.ask("PATCH", path, {"name": "Новый"}, if_match=tag)
    assert renamed.headers["etag"] == (await person.ask("GET", path)).headers["etag"]
    letters = len(await person.auth.events(CredentialChanged, person.account_id))
    stale = await person.ask("PATCH", path, {"name": "Ещё новее"}, if_match=tag)
    assert (stale.status, stale.code) == (412, "request.precondition_failed")
    assert (await person.ask("GET", path)).body["name"] == "Новый"
    assert len(await person.auth.events(CredentialChanged, person.account_id)) == letters
    stranger = await new_person(person.auth)
    assert (await stranger.ask("GET", path)).status == 404


async def test_a_deleted_passkey_signs_nobody_in(person: Person) -> None:
    added = (await person.add_passkey(passkey := Authenticator())).body["passkey"]
    refused = await person.ask("DELETE", f"passkeys/{added['id']}")
    assert (refused.status, refused.code) == (401, "auth.step_up_required")
    await person.step_up_by(passkey)
    assert (await person.ask("DELETE", f"passkeys/{uuid4()}")).status == 404
    assert (await person.ask("DELETE", f"passkeys/{added['id']}")).status == 204
    assert (await sign_in_by(person.auth, passkey)).status == 401
    factors = (await person.ask("GET", "factors")).body
    assert (factors["second_factors"], factors["passkeys"], factors["recovery_codes_left"]) == ([], 0, 0)
    assert "access_token" in (await person.log_in()).body


async def test_the_last_way_in_is_not_deleted(person: Person) -> None:
    first = (await person.add_passkey(passkey := Authenticator())).body["passkey"]
    await person.step_up_by(passkey)
    second = (await person.add_passkey(Authenticator())).body["passkey"]
    async with person.auth.database.transaction() as tx:
        await tx.execute("UPDATE accounts SET password_hash = NULL WHERE id = $1", UUID(person.account_id))
    assert (await person.ask("DELETE", f"passkeys/{second['id']}")).status == 204
    refused = await person.ask("DELETE", f"passkeys/{first['id']}")
    assert (refused.status, refused.code) == (409, "auth.last_way_in")
    assert (await sign_in_by(person.auth, passkey)).status == 200


async def test_two_that_delete_the_last_two_passkeys_at_once_leave_one(person: Person, other: Auth) -> None:
    first = (await person.add_passkey(passkey := Authenticator())).body["passkey"]
    await person.step_up_by(passkey)
    second = (await person.add_passkey(Authenticator())).body["passkey"]
    async with person.auth.database.transaction() as tx:
        await tx.execute("UPDATE accounts SET password_hash = NULL WHERE id = $1", UUID(person.account_id))
    answers = await asyncio.gather(
        *(
            process.ask("DELETE", f"/v1/auth/passkeys/{one['id']}", token=person.token)
            for process, one in ((person.auth, first), (other, second))
        )
    )
    assert sorted(answer.status for answer in answers) == [204, 409]
    assert len(await passkeys_of(person)) == 1


async def test_passkeys_are_their_owners_business(auth: Auth) -> None:
    for method, path in (
        ("GET", "passkeys"),
        ("POST", "passkeys/registration-options"),
        ("POST", "passkeys"),
        ("DELETE", f"passkeys/{uuid4()}"),
        ("POST", "step-up/passkey-options"),
        ("GET", "factors"),
        ("POST", "totp"),
        ("POST", "recovery-codes"),
    ):
        assert (await auth.ask(method, f"/v1/auth/{path}")).status == 401


@pytest.mark.parametrize(
    "credential",
    [
        None,
        {},
        "text",
        {"id": "AA", "rawId": "AA", "type": "password", "response": {}},
        {"id": "AA", "rawId": "AA", "type": "public-key", "response": {}},
        {"id": "é", "rawId": "AA", "type": "public-key", "response": {}},
    ],
    ids=str,
)
async def test_another_shape_is_refused(person: Person, credential: object) -> None:
    body = {"credential": credential, "name": "Ключ"}
    assert (await person.ask("POST", "passkeys", body)).status == 422
    sign_in = await person.auth.ask(
        "POST", "/v1/auth/passkeys/sign-in", {"credential": credential}, x_forwarded_for=new_address()
    )
    assert sign_in.status == 422


async def test_questions_that_nobody_answered_are_deleted(installation: Installation, auth: Auth) -> None:
    await auth.ask("POST", "/v1/auth/passkeys/sign-in-options")
    async with auth.database.transaction() as tx:
        await tx.execute("UPDATE passkey_challenges SET expires_at = now() - interval '1 s'")
        await tx.execute(
            "UPDATE kit.jobs SET next_run_at = now() WHERE name = 'forget_old_passkey_challenges'"
        )
    async with installation.process(), asyncio.timeout(10):
        while count := await auth.database.fetch_value(  # noqa: ASYNC110  a job of another process
            "SELECT count(*) FROM passkey_challenges"
        ):
            await asyncio.sleep(0.02)
    assert count == 0
