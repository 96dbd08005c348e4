"""Tabs of one browser share a session, whatever becomes of one of them."""

from collections.abc import AsyncIterator
from typing import cast
from uuid import uuid4

import flet as ft
import pytest

from samovar.client.api.seal import Seal
from samovar.client.api.tokens import Issued, SessionTokens
from samovar.client.api.vault import BrowserVault
from samovar.sdk.api import Api
from samovar.sdk.errors import Offline, SignInNeeded
from samovar.testing.platform import Platform

SEAL = Seal("secret of the platform", "key of the browser")
LONG_S = 100_000.0


class Tab:
    """A tab of a browser, and the session that is drawn for it.

    Args:
        stored: What the browser keeps, for all of its tabs.
        api: Calls without a token.
    """

    def __init__(self, stored: dict[str, str], api: Api) -> None:
        self.is_closed = False
        self.is_lost = False
        self.now = 0.0
        self._stored = stored
        self.vault = BrowserVault(cast("ft.SharedPreferences", self), SEAL)
        self.tokens = SessionTokens(api, self.vault, now=lambda: self.now, lost=self._lose)

    async def get(self, key: str) -> str | None:
        self._answer()
        return self._stored.get(key)

    async def set(self, key: str, value: str) -> None:
        self._answer()
        self._stored[key] = value

    async def remove(self, key: str) -> None:
        self._answer()
        self._stored.pop(key, None)

    def _answer(self) -> None:
        if self.is_closed:
            raise TimeoutError

    async def renew(self, times: int) -> None:
        """Let the access token run out, so many times: a refresh token that is two behind is a stolen one in any case."""
        for _ in range(times):
            self.now += LONG_S
            await self.tokens.token()

    def _lose(self) -> None:
        self.is_lost = True


@pytest.fixture(name="tabs")
async def _tabs(platform: Platform) -> AsyncIterator[list[Tab]]:
    """Give two tabs of a browser in which somebody has signed in."""
    password = uuid4().hex
    body = {"email": f"tab-{password}@samovar.example", "password": password, "display_name": "Таб"}
    came = await platform.request("POST", "/v1/auth/register", json={**body, "consents": []})
    assert came.status == 201, came.body
    stored: dict[str, str] = {}
    async with Api(platform.url, None) as api:
        tabs = [Tab(stored, api), Tab(stored, api)]
        issued = Issued(*(came.body[name] for name in ("access_token", "refresh_token", "expires_in")))
        await tabs[0].tokens.begin(issued, tabs[0].vault)
        assert await tabs[1].tokens.restore()
        yield tabs


async def test_a_tab_takes_what_another_has_renewed(tabs: list[Tab]) -> None:
    first, second = tabs
    await first.renew(2)
    second.now = first.now
    assert await second.tokens.token() == await first.tokens.token()


async def test_a_closed_tab_renews_nothing_and_the_session_goes_on(tabs: list[Tab]) -> None:
    open_tab, closed = tabs
    closed.is_closed = True
    await open_tab.renew(2)
    with pytest.raises(Offline):
        await closed.renew(1)
    await open_tab.renew(1)
    assert not any(tab.is_lost for tab in tabs)


async def test_a_tab_that_comes_back_takes_nothing_back(tabs: list[Tab]) -> None:
    open_tab, asleep = tabs
    asleep.is_closed = True
    await open_tab.renew(2)
    asleep.is_closed = False
    await asleep.vault.again()
    await asleep.renew(1)
    await open_tab.renew(1)
    assert not any(tab.is_lost for tab in tabs)


async def test_a_fresh_proof_takes_nothing_back_either(tabs: list[Tab]) -> None:
    first, second = tabs
    await first.renew(2)
    await second.tokens.strengthen("a stronger token", 600)
    await first.renew(1)
    assert not first.is_lost


async def test_what_the_browser_missed_is_written_when_it_is_back(tabs: list[Tab]) -> None:
    first, second = tabs
    first.is_closed = True
    await first.tokens.forget()
    with pytest.raises(SignInNeeded):
        await first.tokens.token()
    first.is_closed = False
    await first.tokens.begin(Issued("access", "refresh", 600), first.vault)
    first.is_closed = True
    await first.tokens.strengthen("a stronger token", 600)
    first.is_closed = False
    await first.vault.again()
    assert await second.tokens.restore()
    assert await second.tokens.token() == "a stronger token"
