"""Clients: registered, changed and deleted by their developers, and by nobody else."""

import asyncio
import os
import subprocess
import sys
from typing import Any
from uuid import uuid4

import pytest

from tests.services.auth.conftest import Installation
from tests.services.auth.openid.conftest import CALLBACK, Issuer, Person, Program, query_of

WEB = {"name": "Чайник", "developer_name": "ООО Кипяток", "redirect_uris": [CALLBACK]}


async def test_a_secret_is_shown_once_and_kept_as_a_hash(issuer: Issuer, developer: Person) -> None:
    made = await issuer.ask(
        "POST", "/v1/auth/clients", {**WEB, "is_confidential": True}, token=developer.access_token
    )
    secret = made.body["client_secret"]
    client_id = made.body["client"]["client_id"]
    assert secret.startswith("smvs_")
    shown = await issuer.ask("GET", f"/v1/auth/clients/{client_id}", token=developer.access_token)
    assert "client_secret" not in shown.body
    row = await issuer.database.fetch_value("SELECT clients::text FROM clients WHERE id = $1", client_id)
    assert secret not in row


async def test_a_player_registers_no_clients(issuer: Issuer) -> None:
    player = await issuer.person()
    assert (await issuer.ask("POST", "/v1/auth/clients", WEB, token=player.access_token)).status == 403
    assert (await issuer.ask("GET", "/v1/auth/clients", token=player.access_token)).status == 403
    assert (await issuer.ask("GET", "/v1/auth/clients")).status == 401


async def test_another_developer_sees_and_changes_nothing(issuer: Issuer, program: Program) -> None:
    other = await issuer.person(developer=True)
    path = f"/v1/auth/clients/{program.id}"
    for method, body in (("GET", None), ("PATCH", {"name": "Моё"}), ("DELETE", None)):
        assert (await issuer.ask(method, path, body, token=other.access_token)).status == 404
    assert (await issuer.ask("POST", f"{path}/secret", {}, token=other.access_token)).status == 404
    assert (await issuer.ask("GET", "/v1/auth/clients", token=other.access_token)).body["items"] == []


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"redirect_uris": ["http://game.example/"]}, "redirect_uris[0]", "uri_not_allowed"),
        ({"redirect_uris": [CALLBACK, f"{CALLBACK}#a"]}, "redirect_uris[1]", "uri_invalid"),
        ({"redirect_uris": ["http://127.0.0.1/"]}, "redirect_uris[0]", "uri_not_allowed"),
        ({"redirect_uris": []}, "redirect_uris", "missing"),
        (
            {"post_logout_redirect_uris": ["javascript:alert(1)"]},
            "post_logout_redirect_uris[0]",
            "uri_not_allowed",
        ),
        ({"backchannel_logout_uri": "ftp://game.example/"}, "backchannel_logout_uri", "uri_not_allowed"),
        ({"grant_types": ["client_credentials"]}, "grant_types", "not_offered"),
        ({"require_pkce": False}, "require_pkce", "pkce_required"),
        ({"name": "Самовар"}, "name", "name_taken"),
        ({"developer_name": "Sаmоvаr team"}, "developer_name", "name_taken"),
        ({"name": "\u200b"}, "name", "unprintable"),
        ({"name": "  "}, "name", "unprintable"),
    ],
)
async def test_a_client_that_breaks_a_rule_is_refused_by_field(
    issuer: Issuer, developer: Person, changes: dict[str, Any], field: str, code: str
) -> None:
    refused = await issuer.ask("POST", "/v1/auth/clients", {**WEB, **changes}, token=developer.access_token)
    assert refused.status == 422
    assert (field, code) in [(one["field"], one["code"]) for one in refused.body["errors"]]


@pytest.mark.parametrize(
    "changes", [{"first_party": True}, {"scopes": ["admin"]}, {"grant_types": ["password"]}, {"sector": "x"}]
)
async def test_what_nobody_may_choose_is_refused(
    issuer: Issuer, developer: Person, changes: dict[str, Any]
) -> None:
    refused = await issuer.ask("POST", "/v1/auth/clients", {**WEB, **changes}, token=developer.access_token)
    assert refused.status == 422


async def test_a_change_holds_at_once_and_what_is_not_named_stays(issuer: Issuer, developer: Person) -> None:
    program = await issuer.program(developer)
    path = f"/v1/auth/clients/{program.id}"
    changed = await issuer.ask(
        "PATCH", path, {"redirect_uris": ["https://new.example/"]}, token=developer.access_token
    )
    assert changed.status == 200
    assert changed.body["name"] == "Чайник"
    async with issuer.browser() as browser:
        assert (await browser.get("/oauth2/authorize", **query_of(program))).status == 400
    refused = await issuer.ask("PATCH", path, {"redirect_uris": []}, token=developer.access_token)
    assert refused.status == 422


async def test_a_change_to_what_is_no_longer_so_is_refused(issuer: Issuer, developer: Person) -> None:
    program = await issuer.program(developer)
    path = f"/v1/auth/clients/{program.id}"
    seen = (await issuer.ask("GET", path, token=developer.access_token)).headers["ETag"]

    async def rename(name: str, tag: str) -> int:
        answer = await issuer.ask("PATCH", path, {"name": name}, token=developer.access_token, if_match=tag)
        return answer.status

    assert await rename("Первое имя", f"W/{seen}") == 200
    assert await rename("Второе имя", seen) == 412
    assert (await issuer.ask("GET", path, token=developer.access_token)).body["name"] == "Первое имя"


async def test_an_old_secret_works_on_for_as_long_as_was_said(issuer: Issuer, developer: Person) -> None:
    program = await issuer.program(developer)
    path = f"/v1/auth/clients/{program.id}/secret"
    ask = {"grant_type": "client_credentials", "client_id": program.id}
    rotated = await issuer.ask("POST", path, {}, token=developer.access_token)
    newer = rotated.body["client_secret"]
    for secret in (program.secret, newer):
        assert (await issuer.post("/oauth2/token", {**ask, "client_secret": secret})).status == 200
    last = await issuer.ask("POST", path, {"older_valid_s": 0}, token=developer.access_token)
    for secret, status in ((program.secret, 401), (newer, 401), (last.body["client_secret"], 200)):
        assert (await issuer.post("/oauth2/token", {**ask, "client_secret": secret})).status == status


async def test_a_public_client_gets_no_secret(issuer: Issuer, developer: Person) -> None:
    program = await issuer.program(
        developer, is_confidential=False, grant_types=["authorization_code"], scopes=["openid"]
    )
    assert program.secret is None
    path = f"/v1/auth/clients/{program.id}/secret"
    assert (await issuer.ask("POST", path, {}, token=developer.access_token)).status == 404


async def test_a_deleted_client_is_unknown_at_once_and_its_grants_end(
    issuer: Issuer, developer: Person
) -> None:
    program = await issuer.program(developer)
    person = await issuer.person()
    tokens = await issuer.tokens(person, program)
    path = f"/v1/auth/clients/{program.id}"
    assert (await issuer.ask("DELETE", path, token=developer.access_token)).status == 204
    assert (await issuer.user_info(tokens["access_token"])).status == 401
    refreshed = await issuer.post(
        "/oauth2/token",
        {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"], **program.credentials},
    )
    assert (refreshed.status, refreshed.body["error"]) == (401, "invalid_client")
    async with issuer.browser() as browser:
        assert (await browser.get("/oauth2/authorize", **query_of(program))).status == 400
    gone = "SELECT count(*) = 0 FROM clients WHERE id = $1"
    live = "SELECT count(*) FROM sessions WHERE client_id = $1 AND ended_at IS NULL"
    async with asyncio.timeout(20):
        while not await issuer.database.fetch_value(gone, program.id):  # noqa: ASYNC110  a job works on it
            await asyncio.sleep(0.05)
    assert await issuer.database.fetch_value(live, program.id) == 0


async def test_a_developer_has_so_many_clients_and_no_more(
    issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("samovar.services.auth.clients.use_cases.CLIENTS_PER_OWNER_MAX", 3)
    developer = await issuer.person(developer=True)
    made = await asyncio.gather(
        *(issuer.ask("POST", "/v1/auth/clients", WEB, token=developer.access_token) for _ in range(6))
    )
    assert sorted(one.status for one in made) == [201] * 3 + [409] * 3
    first = await issuer.ask("GET", "/v1/auth/clients?limit=2", token=developer.access_token)
    cursor = first.body["next_cursor"]
    rest = await issuer.ask("GET", f"/v1/auth/clients?limit=2&cursor={cursor}", token=developer.access_token)
    assert [len(first.body["items"]), len(rest.body["items"]), rest.body["next_cursor"]] == [2, 1, None]


async def test_only_the_command_line_makes_a_client_the_platforms_own(
    issuer: Issuer, of_its_own: Installation, program: Program
) -> None:
    environ = {
        **os.environ,
        "SAMOVAR_AUTH__DATABASE_URL": of_its_own.database_url,
        "SAMOVAR_AUTH__TOKEN_SECRET": of_its_own.secret,
        "SAMOVAR_AUTH__PASSWORD_PEPPER": of_its_own.secret,
    }

    async def say(client_id: str, answer: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "samovar.cli.main", "auth", "first-party", client_id, answer]
        return await asyncio.to_thread(
            subprocess.run, command, env=environ, capture_output=True, text=True, check=False
        )

    is_ours = "SELECT first_party FROM clients WHERE id = $1"
    assert (await say(program.id, "yes")).returncode == 0
    assert await issuer.database.fetch_value(is_ours, program.id) is True
    assert (await say(program.id, "no")).returncode == 0
    assert await issuer.database.fetch_value(is_ours, program.id) is False
    assert (await say(str(uuid4()), "yes")).returncode == 1
