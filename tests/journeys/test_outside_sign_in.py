"""A player comes in with an outside identity service, through Envoy, as `samovar up` sets everything up by itself."""

import re
from collections.abc import AsyncIterator
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

import aiohttp
import pytest

from samovar.testing.platform import Platform


@pytest.fixture
async def browser(platform: Platform) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(platform.url, cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        yield browser


async def _come_back(browser: aiohttp.ClientSession, name: str, person: str) -> str:
    """Set out, choose a person at the provider, and return where our callback sends the browser."""
    async with browser.get(
        f"/v1/auth/providers/{name}/start?return_to=/welcome", allow_redirects=False
    ) as start:
        assert start.status == 303
        page_url = start.headers["Location"]
    async with browser.get(page_url) as page:
        action = re.search(r'action="([^"]+)"', await page.text())
    assert action
    place = urlsplit(page_url)
    target = f"{place.scheme}://{place.netloc}{action[1]}"
    async with browser.post(target, data={"person": person}, allow_redirects=False) as chosen:
        callback = chosen.headers["Location"]
    async with browser.get(callback, allow_redirects=False) as back:
        assert back.status == 303
        return back.headers["Location"]


@pytest.mark.parametrize("name", ["vk", "yandex", "tid", "sber", "telegram"])
async def test_a_player_registers_and_signs_in_with_each_provider(
    name: str, platform: Platform, browser: aiohttp.ClientSession
) -> None:
    person = uuid4().hex[:20]
    answers = []
    for _ in range(2):
        query = dict(parse_qsl(urlsplit(await _come_back(browser, name, person)).query))
        async with browser.post("/v1/auth/providers/exchange", json={"code": query["code"]}) as answer:
            assert answer.status == 200
            answers.append(await answer.json())
        if "registration_token" in answers[-1]:
            body = {"token": answers[-1]["registration_token"], "consents": ["terms"]}
            async with browser.post("/v1/auth/providers/register", json=body) as answer:
                assert answer.status == 201
                answers[-1] = await answer.json()
    assert answers[0]["account_id"] == answers[1]["account_id"]
    me = await platform.request("GET", "/v1/auth/me", token=answers[1]["access_token"])
    assert (me.status, me.body["amr"]) == (200, ["fed"])


async def test_the_buttons_are_all_there(platform: Platform) -> None:
    answer = await platform.request("GET", "/v1/auth/providers")
    assert len(answer.body["items"]) == 6
