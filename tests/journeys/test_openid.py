"""Signing in to a game at the front door: pages, cookies, forms and redirects through Envoy, in both directions."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from samovar.kit.database import Database
from samovar.kit.settings import Secret
from samovar.testing.platform import Platform
from tests.services.auth.openid.conftest import CALLBACK, Issuer, Program, query_of


@pytest.fixture
async def front(platform: Platform) -> AsyncIterator[Issuer]:
    """Return the gateway as browsers and programs meet it."""
    url = platform.record["environment"]["SAMOVAR_AUTH__DATABASE_URL"]
    database = await Database.open(Secret(url), service="auth", pool_size_min=0, pool_size_max=2)
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        discovery = await platform.request("GET", "/.well-known/openid-configuration")
        yield Issuer(discovery.body["issuer"], database, session)
    await database.close()


@pytest.fixture
async def game(front: Issuer) -> Program:
    """Register a game's site."""
    return await front.program(await front.person(developer=True))


async def test_a_person_signs_in_to_a_game_and_out_of_it_through_the_gateway(
    front: Issuer, game: Program
) -> None:
    person = await front.person()
    async with front.browser() as browser:
        sent = await browser.post("/oauth2/authorize", **query_of(game))
        assert sent.status == 303
        shown = await browser.follow(sent)
        assert shown.headers["Content-Type"].startswith("text/html")
        assert "frame-ancestors 'none'" in shown.headers["Content-Security-Policy"]
        back = await browser.decide(await browser.sign_in(shown, person))
        assert back.location.startswith(f"{CALLBACK}?code=")
        assert back.params["iss"] == front.origin
        basic = (game.id, game.secret or "")
        form = {
            "grant_type": "authorization_code",
            "code": back.params["code"],
            "redirect_uri": CALLBACK,
            "code_verifier": "v" * 43,
        }
        given = await front.post("/oauth2/token", form, auth=basic)
        assert given.status == 200, given.body
        assert given.headers["Cache-Control"] == "no-store"
        told = await front.user_info(given.body["access_token"])
        assert (told.status, told.body["locale"]) == (200, "ru")
        asked = await front.post("/oauth2/introspect", {"token": given.body["access_token"]}, auth=basic)
        assert asked.body["active"] is True
        replayed = await front.post("/oauth2/token", form, auth=basic)
        assert (replayed.status, replayed.body["error"]) == (400, "invalid_grant")
        left = await browser.get("/oauth2/logout")
        ended = await browser.post("/oauth2/logout", form=left.form, decision="end")
        assert ended.status == 200


async def test_a_token_of_a_game_passes_no_door_of_the_platform(front: Issuer, game: Program) -> None:
    tokens = await front.tokens(await front.person(), game, "openid offline_access")
    for token in (tokens["access_token"], tokens["id_token"], tokens["refresh_token"]):
        assert (await front.ask("GET", "/v1/auth/me", token=token)).status == 401


async def test_scripts_of_other_origins_get_no_tokens(platform: Platform) -> None:
    headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    preflight = await platform.request("OPTIONS", "/oauth2/token", headers=headers)
    assert "access-control-allow-origin" not in preflight.headers
    plain = await platform.request(
        "POST", "/oauth2/token", data={"grant_type": "x"}, headers={"Origin": "https://evil.example"}
    )
    assert "access-control-allow-origin" not in plain.headers
