"""The same over OAuth: the device authorization endpoint and the grant type at the token endpoint (RFC 8628)."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc8628 import (
    DEVICE_CODE_GRANT_TYPE,
    AuthorizationPendingError,
    ExpiredTokenError,
    SlowDownError,
)

from samovar.services.auth.clients.domain import DEVICE_CODE, SAMOVAR_DESKTOP
from tests.services.auth.openid.conftest import Issuer, Json, Person, Program

OURS: dict[str, str | None] = {"client_id": SAMOVAR_DESKTOP}


@pytest.fixture(scope="session")
async def console_game(issuer: Issuer, developer: Person) -> Program:
    """Register a game for televisions, which keeps no secret."""
    return await issuer.program(
        developer,
        name="Лото",
        is_confidential=False,
        application_type="native",
        redirect_uris=[],
        post_logout_redirect_uris=[],
        grant_types=[DEVICE_CODE, "refresh_token"],
        scopes=["openid", "profile", "offline_access"],
    )


async def begin(issuer: Issuer, **fields: str | None) -> Json:
    return await issuer.post("/oauth2/device_authorization", fields)


async def poll(issuer: Issuer, client: dict[str, str | None], device_code: str, **more: str) -> Json:
    fields = {"grant_type": DEVICE_CODE, "device_code": device_code, **client, **more}
    return await issuer.post("/oauth2/token", fields)


async def let_in(issuer: Issuer, person: Person, began: Any) -> Any:
    path = f"/v1/auth/device/{began['user_code']}"
    seen = await issuer.ask("GET", path, token=person.access_token)
    assert seen.status == 200, seen.body
    number = {"number": began["match_number"]}
    done = await issuer.ask("POST", f"{path}/approve", number, token=person.access_token)
    assert done.status == 204, done.body
    return seen.body


async def no_waiting(issuer: Issuer) -> None:
    async with issuer.database.transaction() as tx:
        await tx.execute("UPDATE device_requests SET polled_at = NULL")


async def test_our_own_program_gets_a_session(issuer: Issuer) -> None:
    person = await issuer.person()
    began = await begin(issuer, client_id=SAMOVAR_DESKTOP, device_name="Стационарный")
    assert began.status == 200
    assert began.headers["Cache-Control"] == "no-store"
    assert began.body["verification_uri"] == f"{issuer.origin}/device"
    pending = await poll(issuer, OURS, began.body["device_code"])
    assert (pending.status, pending.body["error"]) == (400, "authorization_pending")
    seen = await let_in(issuer, person, began.body)
    assert (seen["device_name"], seen["client"]["name"]) == ("Стационарный", "Самовар")
    await no_waiting(issuer)
    came = await poll(issuer, OURS, began.body["device_code"])
    assert came.status == 200, came.body
    assert came.body["token_type"] == "Bearer"
    me = await issuer.ask("GET", "/v1/auth/me", token=came.body["access_token"])
    assert (me.body["account_id"], me.body["amr"]) == (str(person.account_id), ["pwd", "mca"])
    assert "device_token" in came.body


async def test_somebody_elses_program_gets_a_grant_for_what_was_shown(
    issuer: Issuer, console_game: Program
) -> None:
    person = await issuer.person()
    began = (await begin(issuer, client_id=console_game.id, scope="openid profile")).body
    seen = await let_in(issuer, person, began)
    assert seen["client"] == {
        "name": "Лото",
        "developer_name": "ООО Кипяток",
        "is_first_party": False,
        "scopes": ["openid", "profile"],
    }
    came = await poll(issuer, {**console_game.credentials}, began["device_code"])
    assert came.status == 200, came.body
    assert came.body["scope"] == "openid profile"
    assert came.body["id_token"]
    assert "refresh_token" not in came.body
    refused = await issuer.ask("GET", "/v1/auth/me", token=came.body["access_token"])
    assert refused.status == 401, "it opens nothing but what the person agreed to"
    info = await issuer.user_info(came.body["access_token"])
    assert info.status == 200
    assert info.body["sub"] != str(person.account_id)
    consents = await issuer.database.fetch_value(
        "SELECT scopes FROM client_consents WHERE account_id = $1 AND client_id = $2",
        person.account_id,
        console_game.id,
    )
    assert set(consents) == {"openid", "profile"}


async def test_a_refused_program_gets_nothing_and_is_remembered_for_nothing(
    issuer: Issuer, console_game: Program
) -> None:
    person = await issuer.person()
    began = (await begin(issuer, client_id=console_game.id, scope="openid")).body
    path = f"/v1/auth/device/{began['user_code']}"
    await issuer.ask("GET", path, token=person.access_token)
    assert (await issuer.ask("POST", f"{path}/deny", {}, token=person.access_token)).status == 204
    refused = await poll(issuer, {**console_game.credentials}, began["device_code"])
    assert (refused.status, refused.body["error"]) == (400, "access_denied")
    count = await issuer.database.fetch_value(
        "SELECT count(*) FROM client_consents WHERE account_id = $1", person.account_id
    )
    assert count == 0


async def test_another_clients_device_code_is_refused_and_stays_good(
    issuer: Issuer, console_game: Program
) -> None:
    """OWASP ASVS 10.4.x: a code is bound to the client that began."""
    person = await issuer.person()
    began = (await begin(issuer, client_id=SAMOVAR_DESKTOP)).body
    await let_in(issuer, person, began)
    stolen = await poll(issuer, {**console_game.credentials}, began["device_code"])
    assert (stolen.status, stolen.body["error"]) == (400, "invalid_grant")
    refused = await issuer.database.fetch_value(
        """
        SELECT details->>'reason' FROM audit
        WHERE account_id = $1 AND action = 'device_request.collected' AND outcome = 'refused'
        """,
        UUID(str(person.account_id)),
    )
    assert refused == "of another client"
    assert (await poll(issuer, OURS, began["device_code"])).status == 200


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"client_id": "nobody"}, "invalid_client"),
        ({"client_id": None, "scope": "openid"}, "invalid_client"),
        ({"client_id": SAMOVAR_DESKTOP, "client_secret": "x"}, "invalid_client"),
        ({"client_id": SAMOVAR_DESKTOP, "device_name": "x" * 65}, "invalid_request"),
        ({"client_id": SAMOVAR_DESKTOP, "device_name": "x\ny"}, "invalid_request"),
        ({"client_id": SAMOVAR_DESKTOP, "scope": "x" * 3_000}, "invalid_request"),
    ],
)
async def test_a_wrong_beginning_is_refused_by_its_name(
    issuer: Issuer, fields: dict[str, str | None], error: str
) -> None:
    refused = await begin(issuer, **fields)
    assert refused.status in {400, 401}
    assert refused.body["error"] == error


async def test_a_program_gets_no_more_than_it_registered(
    issuer: Issuer, developer: Person, console_game: Program
) -> None:
    for scope in ("openid email", "", "nonsense"):
        refused = await begin(issuer, client_id=console_game.id, scope=scope)
        assert refused.body["error"] == "invalid_scope", scope
    web = await issuer.program(developer)
    refused = await begin(issuer, client_id=web.id, client_secret=web.secret, scope="openid")
    assert refused.body["error"] == "unauthorized_client"
    redeemed = await poll(issuer, {**web.credentials}, "smvq_" + "A" * 64)
    assert redeemed.body["error"] == "unauthorized_client"


async def test_nonsense_at_the_token_endpoint_is_an_invalid_grant(issuer: Issuer) -> None:
    for code in ("smvq_" + "A" * 64, "x", "я"):
        assert (await poll(issuer, OURS, code)).body["error"] == "invalid_grant", code
    assert (await poll(issuer, OURS, "")).body["error"] == "invalid_request"


async def test_discovery_names_the_endpoint(issuer: Issuer) -> None:
    found = (await issuer.ask("GET", "/.well-known/openid-configuration")).body
    assert found["device_authorization_endpoint"] == f"{issuer.origin}/oauth2/device_authorization"
    assert DEVICE_CODE in found["grant_types_supported"]


async def test_authlib_as_the_device_speaks_the_same_language(issuer: Issuer) -> None:
    """An independent client: its names of the grant type and of the errors are ours, and it gets tokens."""
    assert DEVICE_CODE_GRANT_TYPE == DEVICE_CODE
    person = await issuer.person()
    with OAuth2Session(SAMOVAR_DESKTOP, token_endpoint_auth_method="none") as device:
        began = (
            await asyncio.to_thread(
                device.request,
                "POST",
                f"{issuer.origin}/oauth2/device_authorization",
                data={"client_id": SAMOVAR_DESKTOP},
                withhold_token=True,
            )
        ).json()

        async def ask() -> Any:
            return await asyncio.to_thread(
                device.fetch_token,
                f"{issuer.origin}/oauth2/token",
                grant_type=DEVICE_CODE_GRANT_TYPE,
                device_code=began["device_code"],
            )

        for expected in (AuthorizationPendingError, SlowDownError):
            with pytest.raises(OAuthError) as refused:
                await ask()
            assert refused.value.error == expected.error
        await let_in(issuer, person, began)
        await no_waiting(issuer)
        assert (await ask())["refresh_token"]
        async with issuer.database.transaction() as tx:
            await tx.execute("UPDATE device_requests SET state = 'claimed', expires_at = now()")
        with pytest.raises(OAuthError) as refused:
            await ask()
        assert refused.value.error == ExpiredTokenError.error
