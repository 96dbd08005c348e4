"""Our own program for computers: the system browser, a loopback address, and then a full session."""

import pytest

from samovar.services.auth.contract.events import SessionStarted
from tests.services.auth.openid.conftest import CHALLENGE, VERIFIER, Browser, Issuer, Json, Person

LOOPBACK = "http://127.0.0.1:49152/callback"


def request_of(**changes: str) -> dict[str, str]:
    return {
        "response_type": "code",
        "client_id": "samovar-desktop",
        "redirect_uri": LOOPBACK,
        "scope": "openid offline_access",
        "state": "s",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        **changes,
    }


async def redeem(issuer: Issuer, code: str, **changes: str) -> Json:
    return await issuer.post(
        "/oauth2/token",
        {
            "grant_type": "authorization_code",
            "client_id": "samovar-desktop",
            "code": code,
            "redirect_uri": LOOPBACK,
            "code_verifier": VERIFIER,
            **changes,
        },
    )


async def sign_in(issuer: Issuer, browser: Browser, person: Person) -> Json:
    back = await browser.authorize(person, request_of())
    assert back.location.startswith(f"{LOOPBACK}?")
    return await redeem(issuer, back.params["code"])


async def test_the_desktop_gets_a_session_of_the_person(issuer: Issuer) -> None:
    person = await issuer.person()
    async with issuer.browser() as browser:
        tokens = (await sign_in(issuer, browser, person)).body
    me = await issuer.ask("GET", "/v1/auth/me", token=tokens["access_token"])
    assert me.body["account_id"] == str(person.account_id)
    seen = await issuer.ask("GET", "/v1/auth/sessions", token=tokens["access_token"])
    (current,) = [one for one in seen.body["items"] if one["is_current"]]
    assert (current["kind"], current["client_id"]) == ("sign_in", None)
    assert current["device"]["name"]
    by_rest = await issuer.ask("POST", "/v1/auth/refresh", {"refresh_token": tokens["refresh_token"]})
    assert by_rest.status == 200
    by_oauth = await issuer.post(
        "/oauth2/token",
        {
            "grant_type": "refresh_token",
            "client_id": "samovar-desktop",
            "refresh_token": by_rest.body["refresh_token"],
        },
    )
    assert by_oauth.status == 200
    told = await issuer.user_info(by_oauth.body["access_token"])
    assert told.body["sub"] == str(person.account_id)
    count = "SELECT count(*) FROM kit.outbox WHERE subject = $1 AND payload->>'account_id' = $2"
    assert await issuer.database.fetch_value(count, SessionStarted.subject, str(person.account_id)) == 3


async def test_the_desktop_is_asked_about_each_time(issuer: Issuer) -> None:
    """Any program on the machine could pretend to be it (RFC 8252, section 8.6)."""
    person = await issuer.person()
    async with issuer.browser() as browser:
        await sign_in(issuer, browser, person)
        shown = await browser.get("/oauth2/authorize", **request_of())
        assert "/oauth2/authorize/consent" in shown.text
        assert "полный доступ" in shown.text
        silent = await browser.get("/oauth2/authorize", **request_of(prompt="none"))
        assert silent.params["error"] == "consent_required"
        assert (await browser.decide(shown, "deny")).params["error"] == "access_denied"


@pytest.mark.parametrize(
    "uri",
    [
        "http://127.0.0.1:49152/",
        "http://localhost:49152/callback",
        "http://127.0.0.1:49152/callback?next=https://evil.example",
        "http://127.0.0.1:49152@evil.example/callback",
        "https://127.0.0.1:49152/callback",
        "samovar://callback",
    ],
)
async def test_the_desktop_returns_to_its_own_machine_alone(issuer: Issuer, uri: str) -> None:
    async with issuer.browser() as browser:
        shown = await browser.get("/oauth2/authorize", **request_of(redirect_uri=uri))
    assert (shown.status, shown.location) == (400, "")


async def test_the_port_must_stay_the_one_of_the_request(issuer: Issuer) -> None:
    person = await issuer.person()
    async with issuer.browser() as browser:
        back = await browser.authorize(person, request_of())
    other = LOOPBACK.replace("49152", "49153")
    refused = await redeem(issuer, back.params["code"], redirect_uri=other)
    assert refused.body["error"] == "invalid_grant"


async def test_pkce_is_not_left_out(issuer: Issuer) -> None:
    query = request_of()
    del query["code_challenge"], query["code_challenge_method"]
    async with issuer.browser() as browser:
        back = await browser.get("/oauth2/authorize", **query)
    assert back.params["error"] == "invalid_request"


async def test_a_replayed_code_of_the_desktop_ends_its_session(issuer: Issuer) -> None:
    person = await issuer.person()
    async with issuer.browser() as browser:
        back = await browser.authorize(person, request_of())
    tokens = (await redeem(issuer, back.params["code"])).body
    assert (await redeem(issuer, back.params["code"])).body["error"] == "invalid_grant"
    assert (await issuer.ask("GET", "/v1/auth/me", token=tokens["access_token"])).status == 401


async def test_a_session_is_given_back_by_either_token(issuer: Issuer) -> None:
    for which in ("access_token", "refresh_token"):
        person = await issuer.person()
        async with issuer.browser() as browser:
            tokens = (await sign_in(issuer, browser, person)).body
        revoked = await issuer.post(
            "/oauth2/revoke", {"token": tokens[which], "client_id": "samovar-desktop"}
        )
        assert revoked.status == 200
        assert (await issuer.ask("GET", "/v1/auth/me", token=tokens["access_token"])).status == 401


async def test_the_device_is_known_the_next_time(issuer: Issuer) -> None:
    person = await issuer.person()
    async with issuer.browser() as browser:
        first = (await sign_in(issuer, browser, person)).body
        back = await browser.authorize(person, request_of())
        second = await redeem(issuer, back.params["code"], device_token=first["device_token"])
    assert second.status == 200
    devices = await issuer.ask("GET", "/v1/auth/devices", token=second.body["access_token"])
    # The registration's, the browser's and the desktop's.
    assert len(devices.body["items"]) == 3
