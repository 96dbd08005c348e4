"""Pages: everything escaped, no hole, nothing from elsewhere, no frame around them."""

import re
from importlib import resources
from typing import Any

import pytest

from samovar.kit.i18n import Catalogue, Language
from samovar.kit.text.templates import TemplateError
from samovar.services.auth.errors import BadCredentials
from samovar.services.auth.pages.rendering import HTML, Pages

HOSTILE = "<script>alert(1)</script>\"'&{{text}}"
CATALOGUE = Catalogue.load(
    resources.files(package) / "locale" for package in ("samovar.kit", "samovar.services.auth")
)
MESSAGE: dict[str, Any] = {
    "is_fault": True,
    "text": "Не вышло",
    "trace_id": None,
    "link": "/next",
    "link_text": "Дальше",
}


@pytest.fixture(scope="module")
def pages() -> Pages:
    return Pages(CATALOGUE)


def test_what_people_typed_is_never_markup(pages: Pages) -> None:
    answer = pages.render("message", "ru", title=HOSTILE, **{**MESSAGE, "text": HOSTILE, "link": HOSTILE})
    text = answer.body.decode()
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#x27;&amp;{{text}}" in text
    assert re.findall(r'href="[^"]*alert[^"]*"', text) == [
        'href="&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#x27;&amp;{{text}}"'
    ]


def test_a_page_is_a_whole_document_in_its_language(pages: Pages) -> None:
    answer = pages.render("message", "en", title="Sorry", **MESSAGE)
    text = answer.body.decode()
    assert (answer.status, answer.media_type) == (200, HTML)
    assert text.startswith('<!doctype html>\n<html lang="en">')
    assert "<title>Sorry · Samovar</title>" in text
    assert 'href="/next"' in text


def test_a_page_cannot_be_framed_scripted_or_cached(pages: Pages) -> None:
    headers = pages.render("message", "ru", **MESSAGE).headers or {}
    policy = dict(rule.split(" ", 1) for rule in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert policy["style-src"].startswith("'sha256-")
    assert "script-src" not in policy
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cache-Control"] == "no-store"


def test_forms_may_lead_only_where_the_page_says(pages: Pages) -> None:
    answer = pages.render("message", "ru", leads_to=("https://game.example",), **MESSAGE)
    assert "form-action 'self' https://game.example;" in (answer.headers or {})["Content-Security-Policy"]


@pytest.mark.parametrize("language", ["ru", "en"])
def test_nothing_is_loaded_from_anywhere(pages: Pages, language: Language) -> None:
    text = pages.render("message", language, **MESSAGE).body.decode()
    assert not re.findall(r"(?:src|href)=\"(?:https?:)?//|@import|url\(", text)


def test_an_error_is_shown_in_its_sentence_and_with_the_trace(pages: Pages) -> None:
    answer = pages.problem(BadCredentials("for the log"), "ru", trace_id="a" * 32)
    text = answer.body.decode()
    assert answer.status == 401
    assert "Не удалось войти" in text
    assert "a" * 32 in text
    assert "for the log" not in text


def test_a_value_that_is_not_given_is_a_defect(pages: Pages) -> None:
    with pytest.raises(TemplateError, match="link"):
        pages.render("message", "ru", is_fault=False, text="", trace_id=None)
