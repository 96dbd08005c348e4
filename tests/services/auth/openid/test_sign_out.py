"""Signing out at a client's request, and clients that are told of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import pytest
from aiohttp import web
from joserfc import jwt
from joserfc.jwk import KeySet

from tests.services.auth.openid.conftest import (
    AFTER_LOGOUT,
    Issuer,
    Person,
    Program,
    query_of,
)

WAIT_S = 20.0


class Site:
    """A client's server that is told of ends; it answers with `statuses`, the last one for ever."""

    def __init__(self, *statuses: int) -> None:
        self.told: asyncio.Queue[str] = asyncio.Queue()
        self._statuses = list(statuses)
        self.uri = ""

    async def hear(self, request: web.Request) -> web.Response:
        form = await request.post()
        self.told.put_nowait(str(form["logout_token"]))
        status = self._statuses.pop(0) if len(self._statuses) > 1 else self._statuses[0]
        return web.Response(status=status, headers={"Location": "http://127.0.0.1:1/"})

    async def next(self) -> str:
        return await asyncio.wait_for(self.told.get(), WAIT_S)


@asynccontextmanager
async def site_answering(*statuses: int) -> AsyncIterator[Site]:
    site = Site(*statuses)
    application = web.Application()
    application.router.add_post("/logout", site.hear)
    runner = web.AppRunner(application)
    await runner.setup()
    try:
        server = web.TCPSite(runner, "127.0.0.1", 0)
        await server.start()
        site.uri = f"http://127.0.0.1:{runner.addresses[0][1]}/logout"
        yield site
    finally:
        await runner.cleanup()


async def claims_of(issuer: Issuer, token: str) -> dict[str, Any]:
    """Verify a JWT as a relying party does."""
    keys = KeySet.import_key_set((await issuer.ask("GET", "/.well-known/jwks.json")).body)
    read = jwt.decode(token, keys, algorithms=["ES256"])
    return {**read.claims, "typ": read.header["typ"]}


async def until(issuer: Issuer, sql: str, *args: object) -> Any:
    async with asyncio.timeout(WAIT_S):
        while not (found := await issuer.database.fetch_value(sql, *args)):  # noqa: ASYNC110  a job works on it
            await asyncio.sleep(0.05)
    return found


async def make_due(issuer: Issuer, program: Program, attempts: int) -> None:
    """Let a client that was away so many times be told now, not after the pause."""
    failed = "SELECT 1 FROM logout_notices WHERE client_id = $1 AND attempts = $2 AND last_error IS NOT NULL"
    await until(issuer, failed, program.id, attempts)
    async with issuer.database.transaction() as tx:
        await tx.execute("UPDATE logout_notices SET next_attempt_at = now() WHERE client_id = $1", program.id)


async def test_a_person_who_is_asked_signs_out_and_goes_back(issuer: Issuer, program: Program) -> None:
    person = await issuer.person()
    async with issuer.browser() as browser:
        back = await browser.authorize(person, query_of(program))
        tokens = (await issuer.redeem(program, back.params["code"])).body
        shown = await browser.get(
            "/oauth2/logout",
            id_token_hint=tokens["id_token"],
            post_logout_redirect_uri=AFTER_LOGOUT,
            state="a b&c",
        )
        assert person.email in shown.text
        assert "Чайник" in shown.text
        stayed = await browser.post("/oauth2/logout", form=shown.form, decision="stay")
        assert stayed.status == 200
        assert "code" in (await browser.get("/oauth2/authorize", **query_of(program))).params
        left = await browser.post("/oauth2/logout", form=shown.form, decision="end")
        assert left.location == f"{AFTER_LOGOUT}?state=a+b%26c"
        asked = await browser.get("/oauth2/authorize", **query_of(program))
        assert "/oauth2/sign-in" in asked.text
    await until(
        issuer,
        "SELECT ended_at IS NOT NULL FROM sessions WHERE account_id = $1 AND kind = 'grant'",
        person.account_id,
    )
    assert (await issuer.user_info(tokens["access_token"])).status == 401


async def test_signing_out_without_a_client_shows_a_page(issuer: Issuer, program: Program) -> None:
    async with issuer.browser() as browser:
        nobody = await browser.get("/oauth2/logout")
        assert (nobody.status, nobody.location) == (200, "")
        await browser.authorize(await issuer.person(), query_of(program))
        shown = await browser.get("/oauth2/logout", ui_locales="en")
        assert "Sign out of Samovar?" in shown.text
        left = await browser.post("/oauth2/logout", form=shown.form, decision="end")
        assert (left.status, left.location) == (200, "")
        assert "You are signed out" in left.text


@pytest.mark.parametrize(
    "uri",
    [
        "https://evil.example/",
        f"{AFTER_LOGOUT}/",
        f"{AFTER_LOGOUT}?a=b",
        f"{AFTER_LOGOUT}#a",
        "https://game.example@evil.example/bye",
        "//evil.example/",
        "javascript:alert(1)",
    ],
)
async def test_signing_out_leads_to_no_address_that_is_not_registered(
    issuer: Issuer, program: Program, uri: str
) -> None:
    async with issuer.browser() as browser:
        for named in ({"client_id": program.id}, {}):
            shown = await browser.get("/oauth2/logout", post_logout_redirect_uri=uri, **named)
            assert (shown.status, shown.location) == (400, "")


async def test_an_address_needs_its_client(issuer: Issuer, developer: Person, program: Program) -> None:
    other = await issuer.program(developer, post_logout_redirect_uris=[])
    hint = (await issuer.tokens(await issuer.person(), other))["id_token"]
    async with issuer.browser() as browser:
        for named in (
            {},
            {"client_id": other.id},
            {"id_token_hint": hint},
            {"id_token_hint": hint, "client_id": program.id},
            {"id_token_hint": "nonsense"},
            {"client_id": "nobody"},
        ):
            shown = await browser.get("/oauth2/logout", post_logout_redirect_uri=AFTER_LOGOUT, **named)
            assert (shown.status, shown.location) == (400, "")
        known = await browser.get(
            "/oauth2/logout", post_logout_redirect_uri=AFTER_LOGOUT, client_id=program.id
        )
    assert known.location == AFTER_LOGOUT


async def test_another_site_signs_nobody_out_unasked(issuer: Issuer, program: Program) -> None:
    async with issuer.browser() as browser:
        await browser.authorize(await issuer.person(), query_of(program))
        for form in ("", "forged"):
            sent = await browser.follow(await browser.post("/oauth2/logout", form=form, decision="end"))
            assert not sent.location
        assert "code" in (await browser.get("/oauth2/authorize", **query_of(program))).params
        by_post = await browser.post("/oauth2/logout", client_id=program.id)
        assert by_post.location == f"/oauth2/logout?client_id={program.id}"


async def test_a_client_is_told_when_the_person_signs_out(issuer: Issuer, developer: Person) -> None:
    async with site_answering(200) as site:
        program = await issuer.program(developer, backchannel_logout_uri=site.uri)
        person = await issuer.person()
        async with issuer.browser() as browser:
            back = await browser.authorize(person, query_of(program))
            tokens = (await issuer.redeem(program, back.params["code"])).body
            shown = await browser.get("/oauth2/logout")
            await browser.post("/oauth2/logout", form=shown.form, decision="end")
        said = await claims_of(issuer, await site.next())
    signed_in = await claims_of(issuer, tokens["id_token"])
    assert said["typ"] == "logout+jwt"
    assert (said["iss"], said["aud"]) == (issuer.origin, program.id)
    assert (said["sub"], said["sid"]) == (signed_in["sub"], signed_in["sid"])
    assert said["events"] == {"http://schemas.openid.net/event/backchannel-logout": {}}
    assert said["exp"] - said["iat"] == 120
    assert said["jti"]
    assert "nonce" not in said
    await until(
        issuer,
        "SELECT state = 'told' FROM logout_notices WHERE grant_id = $1",
        UUID(signed_in["sid"]),
    )


async def test_a_client_with_offline_access_is_told_and_keeps_its_grant(
    issuer: Issuer, developer: Person
) -> None:
    async with site_answering(204) as site:
        program = await issuer.program(developer, backchannel_logout_uri=site.uri)
        async with issuer.browser() as browser:
            query = query_of(program, scope="openid offline_access")
            back = await browser.authorize(await issuer.person(), query)
            tokens = (await issuer.redeem(program, back.params["code"])).body
            shown = await browser.get("/oauth2/logout")
            await browser.post("/oauth2/logout", form=shown.form, decision="end")
        await site.next()
    assert (await issuer.user_info(tokens["access_token"])).status == 200


async def test_a_client_that_is_away_is_told_again(issuer: Issuer, developer: Person) -> None:
    async with site_answering(503, 302, 200) as site:
        program = await issuer.program(developer, backchannel_logout_uri=site.uri)
        person = await issuer.person()
        await issuer.tokens(person, program)
        withdrawn = await issuer.ask(
            "DELETE", f"/v1/auth/consented-clients/{program.id}", token=person.access_token
        )
        assert withdrawn.status == 204
        said = []
        for attempts in range(3):
            if attempts:
                await make_due(issuer, program, attempts)
            said.append((await claims_of(issuer, await site.next()))["jti"])
    assert len(set(said)) == 1
    await until(issuer, "SELECT state = 'told' FROM logout_notices WHERE client_id = $1", program.id)


async def test_a_client_that_refuses_is_left_alone(issuer: Issuer, developer: Person) -> None:
    async with site_answering(400) as site:
        program = await issuer.program(developer, backchannel_logout_uri=site.uri)
        tokens = await issuer.tokens(await issuer.person(), program)
        await issuer.post("/oauth2/revoke", {"token": tokens["access_token"], **program.credentials})
        await site.next()
        await until(issuer, "SELECT state = 'refused' FROM logout_notices WHERE client_id = $1", program.id)
        assert site.told.empty()


async def test_a_client_that_was_never_there_is_given_up_after_a_day(
    issuer: Issuer, developer: Person
) -> None:
    program = await issuer.program(developer, backchannel_logout_uri="http://127.0.0.1:1/logout")
    tokens = await issuer.tokens(await issuer.person(), program)
    await issuer.post("/oauth2/revoke", {"token": tokens["access_token"], **program.credentials})
    failed = "SELECT last_error FROM logout_notices WHERE client_id = $1"
    assert "Connector" in await until(issuer, failed, program.id)
    async with issuer.database.transaction() as tx:
        late = "UPDATE logout_notices SET expires_at = now(), next_attempt_at = now() WHERE client_id = $1"
        await tx.execute(late, program.id)
    await until(issuer, "SELECT state = 'expired' FROM logout_notices WHERE client_id = $1", program.id)
