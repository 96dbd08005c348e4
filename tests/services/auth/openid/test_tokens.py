"""The token endpoint under attack: codes, proofs and refresh tokens in the wrong hands, twice, and too late."""

import asyncio
import hashlib
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from samovar.services.auth.contract.events import SessionRevoked
from tests.services.auth.openid.conftest import (
    CALLBACK,
    VERIFIER,
    Issuer,
    Json,
    Person,
    Program,
    query_of,
)


async def code_for(issuer: Issuer, person: Person, program: Program, **changes: str | None) -> str:
    async with issuer.browser() as browser:
        back = await browser.authorize(person, query_of(program, **changes))
    return back.params["code"]


async def refresh(issuer: Issuer, program: Program, token: str, **changes: str | None) -> Json:
    return await issuer.post(
        "/oauth2/token",
        {"grant_type": "refresh_token", "refresh_token": token, **program.credentials, **changes},
    )


async def test_a_replayed_code_takes_back_what_it_gave(issuer: Issuer, program: Program) -> None:
    """The drill: somebody has read the code in a log and sends it a moment after the game."""
    person = await issuer.person()
    code = await code_for(issuer, person, program, scope="openid offline_access")
    first = await issuer.redeem(program, code)
    assert (await issuer.user_info(first.body["access_token"])).status == 200
    second = await issuer.redeem(program, code)
    assert (second.status, second.body["error"]) == (400, "invalid_grant")
    assert (await issuer.user_info(first.body["access_token"])).status == 401
    dead = await refresh(issuer, program, first.body["refresh_token"])
    assert (dead.status, dead.body["error"]) == (400, "invalid_grant")
    audited = "SELECT array_agg(action || ' ' || outcome ORDER BY id) FROM audit WHERE account_id = $1 AND action LIKE 'code.%'"
    assert await issuer.database.fetch_value(audited, person.account_id) == [
        "code.reused done",
        "code.redeemed refused",
    ]
    reason = "SELECT payload->>'reason' FROM kit.outbox WHERE subject = $1 AND payload->>'account_id' = $2 ORDER BY seq"
    said = await issuer.database.fetch_value(reason, SessionRevoked.subject, str(person.account_id))
    assert said == "code_reuse"


async def test_of_many_at_once_one_redeems_a_code(issuer: Issuer, program: Program) -> None:
    code = await code_for(issuer, await issuer.person(), program)
    answers = await asyncio.gather(*(issuer.redeem(program, code) for _ in range(6)))
    assert sorted(answer.status for answer in answers) == [200] + [400] * 5
    (given,) = [answer.body for answer in answers if answer.status == 200]
    assert (await issuer.user_info(given["access_token"])).status == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": None},
        {"code_verifier": "w" * 43},
        {"code_verifier": VERIFIER[:-1]},
        {"code_verifier": ""},
        {"redirect_uri": None},
        {"redirect_uri": f"{CALLBACK}/"},
        {"redirect_uri": "https://evil.example/"},
    ],
)
async def test_a_code_without_its_proof_is_worth_nothing_and_is_burnt(
    issuer: Issuer, program: Program, changes: dict[str, str | None]
) -> None:
    code = await code_for(issuer, await issuer.person(), program)
    refused = await issuer.redeem(program, code, **changes)
    assert (refused.status, refused.body["error"]) == (400, "invalid_grant")
    assert (await issuer.redeem(program, code)).body["error"] == "invalid_grant"


async def test_a_code_injected_into_another_client_is_refused_there_and_good_at_its_own(
    issuer: Issuer, developer: Person, program: Program
) -> None:
    other = await issuer.program(developer)
    code = await code_for(issuer, await issuer.person(), program)
    refused = await issuer.redeem(other, code)
    assert (refused.status, refused.body["error"]) == (400, "invalid_grant")
    assert (await issuer.redeem(program, code)).status == 200


async def test_a_verifier_for_a_code_that_had_no_challenge_is_refused(
    issuer: Issuer, developer: Person
) -> None:
    """PKCE downgrade: an attacker strips the challenge from the request, the client notices nothing (RFC 9700, 4.8.2)."""
    program = await issuer.program(developer, require_pkce=False)
    bare = {"code_challenge": None, "code_challenge_method": None}
    person = await issuer.person()
    refused = await issuer.redeem(program, await code_for(issuer, person, program, **bare))
    assert refused.body["error"] == "invalid_grant"
    given = await issuer.redeem(program, await code_for(issuer, person, program, **bare), code_verifier=None)
    assert given.status == 200


async def test_a_code_lives_a_minute(issuer: Issuer, program: Program) -> None:
    code = await code_for(issuer, await issuer.person(), program)
    code_hash = hashlib.sha256(code.encode()).digest()
    async with issuer.database.transaction() as tx:
        moved = "UPDATE authorization_codes SET expires_at = expires_at - $2::interval WHERE code_hash = $1"
        assert await tx.execute(moved, code_hash, timedelta(seconds=61)) == 1
    refused = await issuer.redeem(program, code)
    assert refused.body == {"error": "invalid_grant", "error_description": "the code has run out"}


async def test_a_code_dies_with_the_session_in_which_it_was_given(issuer: Issuer, program: Program) -> None:
    person = await issuer.person()
    code = await code_for(issuer, person, program)
    ended = await issuer.ask("DELETE", "/v1/auth/sessions", token=person.access_token)
    assert ended.status == 204
    assert (await issuer.redeem(program, code)).body["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("fields", "status", "error"),
    [
        ({}, 400, "invalid_request"),
        ({"grant_type": "password", "username": "a", "password": "b"}, 400, "unsupported_grant_type"),
        ({"grant_type": "implicit"}, 400, "unsupported_grant_type"),
        ({"grant_type": "authorization_code"}, 400, "invalid_request"),
        ({"grant_type": "authorization_code", "code": "smvz_nothing"}, 400, "invalid_grant"),
        ({"grant_type": "authorization_code", "code": "ы" * 9}, 400, "invalid_grant"),
        ({"grant_type": "authorization_code", "code": "a\0b"}, 400, "invalid_request"),
        ({"grant_type": "authorization_code", "code": "a" * 3_000}, 400, "invalid_request"),
        ({"grant_type": "refresh_token"}, 400, "invalid_grant"),
        ({"grant_type": "refresh_token", "refresh_token": "smvr_x"}, 400, "invalid_grant"),
        ({"grant_type": "urn:ietf:params:oauth:grant-type:device_code"}, 400, "unauthorized_client"),
        ({"grant_type": "client_credentials", "scope": "openid"}, 400, "invalid_scope"),
    ],
)
async def test_nonsense_gets_an_error_that_oauth_knows(
    issuer: Issuer, program: Program, fields: dict[str, str], status: int, error: str
) -> None:
    refused = await issuer.post("/oauth2/token", {**program.credentials, **fields})
    assert (refused.status, refused.body["error"]) == (status, error)
    assert refused.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "credentials",
    [
        {},
        {"client_id": "nobody"},
        {"client_id": "OWN"},
        {"client_id": "OWN", "client_secret": ""},
        {"client_id": "OWN", "client_secret": "smvs_wrong"},
        {"client_id": "OWN", "client_secret": "s" * 1_000},
    ],
)
async def test_a_client_that_does_not_prove_itself_gets_nothing(
    issuer: Issuer, program: Program, credentials: dict[str, str]
) -> None:
    named = {name: program.id if value == "OWN" else value for name, value in credentials.items()}
    refused = await issuer.post("/oauth2/token", {"grant_type": "client_credentials", **named})
    assert (refused.status, refused.body["error"]) == (401, "invalid_client")


async def test_a_client_proves_itself_in_one_way(issuer: Issuer, program: Program) -> None:
    ask: dict[str, str | None] = {"grant_type": "client_credentials"}
    basic = (program.id, program.secret or "")
    assert (await issuer.post("/oauth2/token", ask, auth=basic)).status == 200
    both = await issuer.post("/oauth2/token", {**ask, "client_secret": program.secret}, auth=basic)
    assert (both.status, both.body["error"]) == (400, "invalid_request")
    two = await issuer.post("/oauth2/token", {**ask, "client_id": "other"}, auth=basic)
    assert two.body["error"] == "invalid_request"
    wrong = await issuer.post("/oauth2/token", ask, auth=(program.id, "wrong"))
    assert wrong.status == 401
    assert wrong.headers["WWW-Authenticate"].startswith("Basic ")


async def test_a_public_client_has_no_secret_to_send(issuer: Issuer, developer: Person) -> None:
    public = await issuer.program(developer, is_confidential=False, grant_types=["authorization_code"])
    person = await issuer.person()
    refused = await issuer.redeem(public, await code_for(issuer, person, public), client_secret="smvs_x")
    assert refused.body["error"] == "invalid_client"
    given = await issuer.redeem(public, await code_for(issuer, person, public))
    assert given.status == 200


async def test_a_refresh_token_works_once_and_its_family_dies_with_the_second_use(
    issuer: Issuer, program: Program
) -> None:
    tokens = await issuer.tokens(await issuer.person(), program)
    second = await refresh(issuer, program, tokens["refresh_token"])
    assert second.status == 200
    assert second.body["refresh_token"] != tokens["refresh_token"]
    assert "id_token" in second.body
    parallel = await refresh(issuer, program, tokens["refresh_token"])
    assert parallel.body["refresh_token"] == second.body["refresh_token"]
    third = await refresh(issuer, program, second.body["refresh_token"])
    stolen = await refresh(issuer, program, tokens["refresh_token"])
    assert (stolen.status, stolen.body["error"]) == (400, "invalid_grant")
    assert (await refresh(issuer, program, third.body["refresh_token"])).status == 400
    assert (await issuer.user_info(third.body["access_token"])).status == 401


async def test_a_refresh_token_is_worth_nothing_at_another_client_nor_as_a_persons(
    issuer: Issuer, developer: Person, program: Program
) -> None:
    other = await issuer.program(developer)
    tokens = await issuer.tokens(await issuer.person(), program)
    for refused in (
        await refresh(issuer, other, tokens["refresh_token"]),
        await refresh(issuer, Program("samovar-desktop", None), tokens["refresh_token"]),
    ):
        assert (refused.status, refused.body["error"]) == (400, "invalid_grant")
    persons = await issuer.ask("POST", "/v1/auth/refresh", {"refresh_token": tokens["refresh_token"]})
    assert persons.status == 401
    assert (await refresh(issuer, program, tokens["refresh_token"])).status == 200


async def test_a_persons_refresh_token_is_worth_nothing_at_a_client(issuer: Issuer, program: Program) -> None:
    person = await issuer.person()
    signed_in = await issuer.ask(
        "POST", "/v1/auth/login", {"login": person.email, "password": "зелёная кочка под луной"}
    )
    refused = await refresh(issuer, program, signed_in.body["refresh_token"])
    assert refused.body["error"] == "invalid_grant"


async def test_a_scope_grows_by_no_refresh(issuer: Issuer, program: Program) -> None:
    tokens = await issuer.tokens(await issuer.person(), program, "openid email offline_access")
    wider = await refresh(issuer, program, tokens["refresh_token"], scope="openid profile")
    assert (wider.status, wider.body["error"]) == (400, "invalid_scope")
    narrower = await refresh(issuer, program, tokens["refresh_token"], scope="openid")
    assert (narrower.status, narrower.body["scope"]) == (200, "openid")
    assert set((await issuer.user_info(narrower.body["access_token"])).body) == {"sub"}
    whole = await refresh(issuer, program, narrower.body["refresh_token"])
    assert whole.body["scope"] == "openid email offline_access"
    assert "email" in (await issuer.user_info(whole.body["access_token"])).body


async def test_without_offline_access_there_is_no_refresh_token(issuer: Issuer, program: Program) -> None:
    tokens = await issuer.tokens(await issuer.person(), program, "openid")
    assert "refresh_token" not in tokens


async def test_a_token_of_a_client_opens_nothing_of_the_platform(issuer: Issuer, program: Program) -> None:
    tokens = await issuer.tokens(await issuer.person(), program, "openid profile email age offline_access")
    for token in (tokens["access_token"], tokens["refresh_token"], tokens["id_token"]):
        for path in ("/v1/auth/me", "/v1/auth/sessions", "/v1/auth/clients", "/v1/accounts/me"):
            assert (await issuer.ask("GET", path, token=token)).status == 401
    assert (await issuer.user_info(tokens["id_token"])).status == 401
    assert (await issuer.user_info(tokens["refresh_token"])).status == 401


async def test_a_token_that_was_touched_is_none(issuer: Issuer, program: Program) -> None:
    tokens = await issuer.tokens(await issuer.person(), program)
    good = tokens["access_token"]
    inside = good[:30] + ("B" if good[30] == "A" else "A") + good[31:]
    at_the_end = good[:-2] + ("BB" if good.endswith("AA") else "AA")
    for token in (at_the_end, inside, "smva_", "", "a b", "ы", "x" * 5_000):
        answer = await issuer.post("/oauth2/userinfo", {"a": "b"}, bearer=token.encode().decode("latin-1"))
        assert (answer.status, answer.body["error"]) == (401, "invalid_token")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


async def test_only_so_many_grants_of_a_person_live_at_one_client(
    issuer: Issuer, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("samovar.services.auth.grants.issuing.GRANTS_PER_CLIENT_MAX", 2)
    person = await issuer.person()
    given: list[dict[str, Any]] = [await issuer.tokens(person, program) for _ in range(3)]
    statuses = [(await issuer.user_info(tokens["access_token"])).status for tokens in given]
    assert statuses == [401, 200, 200]


async def test_grants_are_seen_and_ended_like_sessions(issuer: Issuer, program: Program) -> None:
    person = await issuer.person()
    tokens = await issuer.tokens(person, program)
    seen = await issuer.ask("GET", "/v1/auth/sessions", token=person.access_token)
    (grant,) = [one for one in seen.body["items"] if one["kind"] == "grant"]
    assert (grant["client_id"], grant["device"]) == (program.id, None)
    ended = await issuer.ask("DELETE", f"/v1/auth/sessions/{grant['id']}", token=person.access_token)
    assert ended.status == 204
    assert (await issuer.user_info(tokens["access_token"])).status == 401
    scope = "SELECT scope FROM sessions WHERE id = $1"
    assert await issuer.database.fetch_value(scope, UUID(grant["id"])) == "openid profile offline_access"
