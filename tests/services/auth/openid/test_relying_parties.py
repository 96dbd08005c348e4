"""Real relying parties, written by others: Authlib and openid-client sign people in without special code."""

import asyncio
import os
import secrets
import shutil
import warnings
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import msgspec
import pytest
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import OpenIDProviderMetadata
from joserfc import jwt
from joserfc.jwk import KeySet

from samovar.services.auth.app import service
from tests.services.auth.openid.conftest import AFTER_LOGOUT, CALLBACK, Issuer, Program

with warnings.catch_warnings():
    # Authlib would like the successor of httpx, which nothing else here needs.
    warnings.simplefilter("ignore")
    from authlib.integrations.httpx_client import AsyncOAuth2Client

OPENID_CLIENT = "openid-client@6.9.0"
SCRIPT = Path(__file__).with_name("relying_party.mjs")
NPM_TIMEOUT_S = 120
STEP_TIMEOUT_S = 30
SCOPE = "openid profile email age offline_access"


async def test_authlib_signs_people_in(issuer: Issuer, program: Program) -> None:
    person = await issuer.person()
    async with httpx.AsyncClient() as plain:
        described = (await plain.get(f"{issuer.origin}/.well-known/openid-configuration")).json()
        keys = KeySet.import_key_set((await plain.get(described["jwks_uri"])).json())
    metadata = OpenIDProviderMetadata(described)
    verifier, nonce = secrets.token_urlsafe(48), secrets.token_urlsafe(16)
    client = AsyncOAuth2Client(
        program.id,
        program.secret,
        scope=SCOPE,
        redirect_uri=CALLBACK,
        code_challenge_method="S256",
        token_endpoint_auth_method="client_secret_basic",
    )
    async with client, issuer.browser() as browser:
        url, state = client.create_authorization_url(
            metadata["authorization_endpoint"], code_verifier=verifier, nonce=nonce
        )
        assert parse_qs(urlsplit(url).query)["code_challenge"] == [create_s256_code_challenge(verifier)]
        query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        back = await browser.authorize(person, query)
        tokens = await client.fetch_token(
            metadata["token_endpoint"],
            authorization_response=back.location,
            code_verifier=verifier,
            state=state,
        )
        said = jwt.decode(tokens["id_token"], keys, algorithms=["ES256"])
        claims = CodeIDToken(
            said.claims,
            said.header,
            options={
                "iss": {"essential": True, "value": issuer.origin},
                "aud": {"essential": True, "value": program.id},
            },
            params={"nonce": nonce, "client_id": program.id, "access_token": tokens["access_token"]},
        )
        claims.validate()
        user = (await client.get(metadata["userinfo_endpoint"])).json()
        assert (user["sub"], user["email"]) == (claims["sub"], person.email)
        older = tokens["refresh_token"]
        newer = await client.refresh_token(metadata["token_endpoint"])
        assert newer["refresh_token"] != older
        seen = await client.introspect_token(metadata["introspection_endpoint"], newer["access_token"])
        assert seen.json()["active"] is True
        revoked = await client.revoke_token(metadata["revocation_endpoint"], newer["refresh_token"])
        assert revoked.status_code == 200
        seen = await client.introspect_token(metadata["introspection_endpoint"], newer["access_token"])
        assert seen.json() == {"active": False}
        left = await browser.get(
            "/oauth2/logout", id_token_hint=tokens["id_token"], post_logout_redirect_uri=AFTER_LOGOUT
        )
        sent = await browser.post("/oauth2/logout", form=left.form, decision="end")
    assert sent.location == AFTER_LOGOUT


async def test_discovery_says_what_the_standards_want(issuer: Issuer) -> None:
    described = (await issuer.ask("GET", "/.well-known/openid-configuration")).body
    assert described["issuer"] == issuer.origin
    in_production = msgspec.json.decode(msgspec.json.encode(described).replace(b"http://", b"https://"))
    # The standard wants RS256 as well; here everything is signed with ES256 alone (docs/adr/0053).
    assert in_production.pop("id_token_signing_alg_values_supported") == ["ES256"]
    OpenIDProviderMetadata(
        {**in_production, "id_token_signing_alg_values_supported": ["ES256", "RS256"]}
    ).validate()
    assert described["code_challenge_methods_supported"] == ["S256"]
    assert described["response_types_supported"] == ["code"]
    assert described["subject_types_supported"] == ["pairwise"]
    assert described["authorization_response_iss_parameter_supported"] is True
    assert (await issuer.ask("GET", "/.well-known/oauth-authorization-server")).body == described
    served = {route.path for route in service.routes}
    for name in ("authorization", "token", "userinfo", "introspection", "revocation", "end_session"):
        assert urlsplit(described[f"{name}_endpoint"]).path in served


@pytest.fixture(scope="session")
async def openid_client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install openid-client into a folder of its own, and return the folder."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("openid-client needs node and npm, which this machine does not have")
    folder = tmp_path_factory.mktemp("openid_client")
    command = (npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", OPENID_CLIENT)
    process = await asyncio.create_subprocess_exec(
        *command, cwd=folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    try:
        said, _ = await asyncio.wait_for(process.communicate(), NPM_TIMEOUT_S)
    except TimeoutError:
        process.kill()
        said = b"npm took too long"
    if process.returncode != 0 and os.environ.get("CI") != "true":
        pytest.skip(f"no registry of npm packages is reachable: {said.decode()[-200:]}")
    assert process.returncode == 0, said.decode()
    shutil.copy(SCRIPT, folder)
    return folder


async def test_openid_client_signs_people_in(issuer: Issuer, program: Program, openid_client: Path) -> None:
    person = await issuer.person()
    environ = {
        **os.environ,
        "ISSUER": issuer.origin,
        "CLIENT_ID": program.id,
        "CLIENT_SECRET": program.secret or "",
        "REDIRECT_URI": CALLBACK,
        "AFTER_LOGOUT": AFTER_LOGOUT,
    }
    process = await asyncio.create_subprocess_exec(
        "node",
        SCRIPT.name,
        cwd=openid_client,
        env=environ,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdin
    assert process.stdout
    assert process.stderr
    try:
        async with issuer.browser() as browser:
            url = (await _line(process))["url"]
            query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
            back = await browser.authorize(person, query)
            process.stdin.write(back.location.encode() + b"\n")
            await process.stdin.drain()
            learned = await _line(process)
            assert learned["claims"]["sub"] == learned["user"]["sub"] == learned["refreshed"]
            assert learned["user"]["email"] == person.email
            assert learned["seen"]["active"] is True
            assert learned["gone"] == {"active": False}
            left = await browser.get(learned["logout"].removeprefix(issuer.origin))
            sent = await browser.post("/oauth2/logout", form=left.form, decision="end")
        assert sent.location == f"{AFTER_LOGOUT}?state=bye"
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _line(process: asyncio.subprocess.Process) -> dict[str, Any]:
    """Read what the relying party says next, or fail with what went wrong there."""
    assert process.stdout
    assert process.stderr
    line = await asyncio.wait_for(process.stdout.readline(), STEP_TIMEOUT_S)
    if not line:
        pytest.fail((await process.stderr.read()).decode())
    said: dict[str, Any] = msgspec.json.decode(line)
    return said
