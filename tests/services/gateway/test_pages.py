"""Pages that are known from the start."""

from importlib import resources

import pytest

from samovar.services.gateway.pages import StaticPage

PAGE = StaticPage(b"<p>", "text/html", X_Test="1")
ETAG = PAGE.answer(None).headers["ETag"]  # type: ignore[index]


def test_a_page_is_sent_with_its_validator() -> None:
    answer = PAGE.answer(None)
    assert (answer.status, answer.body, answer.media_type) == (200, b"<p>", "text/html")
    assert answer.headers
    assert answer.headers["X-Test"] == "1"
    assert answer.headers["Cache-Control"].startswith("public")


@pytest.mark.parametrize("given", [ETAG, f"W/{ETAG}", f'"x", {ETAG}'])
def test_who_has_it_is_not_sent_it_again(given: str) -> None:
    answer = PAGE.answer(given)
    assert (answer.status, answer.body) == (304, b"")


def test_another_version_is_sent() -> None:
    assert PAGE.answer('"x"').status == 200


def test_the_page_of_docs_takes_nothing_from_elsewhere() -> None:
    page = (resources.files("samovar.services.gateway") / "docs.html").read_text("utf-8")
    assert "//" not in page.replace("// ", "")
    assert 'lang="ru"' in page
