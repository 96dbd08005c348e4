"""Cookies: what they promise the browser, over https and without."""

import os
from typing import Any

import pytest
from litestar import Request

from samovar.services.auth.pages.cookies import BROWSER, DEVICE, SESSION, Cookies

PLAIN = Cookies("http://127.0.0.1:8080", os.urandom)
SECURE = Cookies("https://samovar.example", os.urandom)


def asked_with(cookie: str) -> Request[Any, Any, Any]:
    scope: Any = {"type": "http", "headers": [(b"cookie", cookie.encode("latin-1"))]}
    return Request(scope)


def test_a_cookie_over_https_is_bound_to_the_host() -> None:
    made = SECURE.set_session("value")
    assert made.startswith("__Host-samovar_session=value; Path=/; HttpOnly; SameSite=Lax; Max-Age=")
    assert made.endswith("; Secure")
    assert "Domain" not in made


def test_a_cookie_on_this_machine_needs_no_https() -> None:
    assert "Secure" not in PLAIN.set_device("value")
    assert "Max-Age=0" in PLAIN.forget_session()


def test_a_browser_gets_a_name_once() -> None:
    new = PLAIN.browser(asked_with("other=1"))
    assert new.set_cookies == (f"{BROWSER}={new.id}; Path=/; HttpOnly; SameSite=Lax",)
    again = PLAIN.browser(asked_with(f"{BROWSER}={new.id}; {SESSION}=s; {DEVICE}=d"))
    assert (again.id, again.set_cookies, again.session, again.device_token) == (new.id, (), "s", "d")


@pytest.mark.parametrize("cookie", [f"{BROWSER}=short", f"{BROWSER}={'a' * 31}/", f"{SESSION}=", "\xff=\xff"])
def test_a_cookie_of_nonsense_is_as_none(cookie: str) -> None:
    browser = PLAIN.browser(asked_with(cookie))
    assert browser.set_cookies
    assert browser.session is None


def test_a_planted_cookie_without_the_prefix_counts_for_nothing_over_https() -> None:
    assert SECURE.browser(asked_with(f"{SESSION}=planted")).session is None
