"""The store as HTML, read as a browser, a search engine and a messenger read it."""

import json
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any
from uuid import uuid4
from xml.etree import ElementTree as ET

from samovar.kit.database import Database
from samovar.testing.hosting import Answer, Running
from samovar.testing.issuer import ORIGIN
from tests.services.catalog.pages import name_creators, name_terms, page, publish, put
from tests.services.catalog.prices.conftest import cost, package, reduce

HOSTILE = '</script><script>alert(1)</script> <b onload="x">\'&amp;'
_VOID = {"meta", "link", "img", "br", "base", "hr", "input"}
_MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


class Document(HTMLParser):
    """A parsed page: its elements with their attributes, its text, and whether every element is closed."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self._open: list[str] = []
        self._script: dict[str, str | None] | None = None
        self.feed(answer.body.decode())
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in _VOID:
            self._open.append(tag)
        if tag == "script":
            self._script = dict(attrs)
            self.scripts.append((self._script, ""))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag
        self._script = None

    def handle_data(self, data: str) -> None:
        if self._script is not None:
            self.scripts[-1] = (self._script, self.scripts[-1][1] + data)
        elif self._open and self._open[-1] != "style":
            self.text += data

    def meta(self, name: str) -> str | None:
        """Return what a `meta` element says."""
        for tag, attributes in self.elements:
            if tag == "meta" and name in {attributes.get("name"), attributes.get("property")}:
                return attributes.get("content")
        return None

    def links(self, relation: str) -> dict[str | None, str | None]:
        """Return the addresses of a relation by their language."""
        return {
            attributes.get("hreflang"): attributes.get("href")
            for tag, attributes in self.elements
            if tag == "link" and attributes.get("rel") == relation
        }

    def linked_data(self) -> Any:
        """Return what machines read."""
        (text,) = (text for kind, text in self.scripts if kind.get("type") == "application/ld+json")
        return json.loads(text)


async def _open(catalog: Running, path: str, status: int = 200, language: str = "ru") -> Document:
    answer = await catalog.request("GET", path, headers={"Accept-Language": language})
    assert answer.status == status, answer.body
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "script-src 'self' 'wasm-unsafe-eval';" in answer.headers["content-security-policy"]
    return Document(answer)


async def _tea_farm(database: Database, slug: str) -> Any:
    await name_terms(database, "genre", "strategy")
    await name_creators(database, "teahouse")
    return await publish(
        database,
        slug,
        texts={
            "ru": {"title": "Чайная ферма", "short_description": "О чае.", "description": "Раз.\n\nДва."},
            "en": {"title": "Tea Farm", "short_description": "About tea."},
        },
        developers=["teahouse"],
        genres=["strategy"],
        platforms=["linux", "windows"],
        languages=[{"code": "ru"}],
        requirements=[{"platform": "linux", "memory_mib": 4096}],
        media=[],
    )


async def test_a_page_says_to_people_previews_and_engines_what_the_game_is(
    catalog: Running, catalog_database: Database
) -> None:
    app_id = await _tea_farm(catalog_database, "tea-farm-plain")
    sold = await package(catalog_database, app_id)
    await cost(catalog_database, sold, "RU", 99_900)
    shown = await _open(catalog, "/game/tea-farm-plain")
    address = f"{ORIGIN}/game/tea-farm-plain"
    assert "Чайная ферма" in shown.text
    assert "999\u00a0₽" in shown.text
    assert "Linux: минимальные" in shown.text
    assert "память 4\u00a0ГБ" in shown.text
    assert shown.links("canonical") == {None: address}
    assert shown.links("alternate") == {"ru": address, "en": f"{address}?lang=en", "x-default": address}
    assert shown.meta("og:title") == "Чайная ферма — купить в Самоваре"
    assert (shown.meta("og:description"), shown.meta("og:locale")) == ("О чае.", "ru_RU")
    assert shown.meta("robots") is None
    said = shown.linked_data()
    assert said["@type"] == ["VideoGame", "SoftwareApplication"]
    assert said["author"] == [{"@type": "Organization", "name": "TEAHOUSE"}]
    assert (said["gamePlatform"], said["contentRating"]) == (["Linux", "Windows"], "12+")
    (offer,) = said["offers"]
    assert (offer["price"], offer["priceCurrency"]) == ("999.00", "RUB")
    assert "aggregateRating" not in said


async def test_a_page_is_english_by_its_address_or_by_its_reader(
    catalog: Running, catalog_database: Database
) -> None:
    await _tea_farm(catalog_database, "tea-farm-english")
    for path, language in (("?lang=en", "ru"), ("", "en"), ("?lang=de", "en")):
        shown = await _open(catalog, f"/game/tea-farm-english{path}", language=language)
        assert ("html", {"lang": "en"}) in shown.elements
        assert "Tea Farm" in shown.text
        assert shown.links("canonical") == {None: f"{ORIGIN}/game/tea-farm-english?lang=en"}
    shown = await _open(catalog, "/game/tea-farm-english?lang=ru", language="en")
    assert "Чайная ферма" in shown.text


async def test_nothing_that_people_write_becomes_markup(catalog: Running, catalog_database: Database) -> None:
    await publish(
        catalog_database,
        "hostile-plain",
        texts={"ru": {"title": "<i>Х</i>", "short_description": HOSTILE, "description": HOSTILE}},
    )
    shown = await _open(catalog, "/game/hostile-plain")
    assert [kind.get("src") for kind, _ in shown.scripts] == [None, "/client/boot.js"]
    assert all("onload" not in attributes for _, attributes in shown.elements)
    assert not any(tag in {"b", "i"} for tag, _ in shown.elements)
    assert shown.linked_data()["name"] == "<i>Х</i>"
    assert shown.linked_data()["description"] == HOSTILE
    assert (shown.meta("description") or "").startswith("</script><script>alert(1)</script> <b")


async def test_what_a_stranger_may_not_see_is_not_told(catalog: Running, catalog_database: Database) -> None:
    await publish(catalog_database, "grown-plain", title="Для взрослых", age={"rating": 18})
    await put(catalog_database, page("draft-plain", title="Черновик"), state="draft")
    await publish(catalog_database, "abroad-plain", title="Не здесь", visible={"only_in": ["KZ"]})
    for slug, status in (
        ("grown-plain", 403),
        ("draft-plain", 404),
        ("abroad-plain", 404),
        ("nowhere-plain", 404),
        ("x" * 97, 404),
        ("%3Cscript%3E", 404),
        (str(uuid4()), 404),
    ):
        shown = await _open(catalog, f"/game/{slug}", status)
        assert shown.meta("robots") == "noindex"
        assert shown.links("canonical") == {}
        for word in ("Для взрослых", "Черновик", "Не здесь", "<script>"):
            assert word not in shown.text
    map_of_all = await _mapped(catalog)
    assert not map_of_all & {"grown-plain", "draft-plain", "abroad-plain"}


async def test_an_id_leads_to_the_slug(catalog: Running, catalog_database: Database) -> None:
    app_id = await publish(catalog_database, "moved-plain")
    answer = await catalog.request("GET", f"/game/{app_id}?lang=en", allow_redirects=False)
    assert (answer.status, answer.headers["location"]) == (308, "/game/moved-plain?lang=en")


async def test_a_page_holds_no_longer_than_its_price(catalog: Running, catalog_database: Database) -> None:
    app_id = await publish(catalog_database, "sale-plain")
    sold = await package(catalog_database, app_id)
    await cost(catalog_database, sold, "RU", 100_000)
    now = datetime.now(UTC)
    await reduce(catalog_database, sold, 50, now - timedelta(hours=1), now + timedelta(seconds=4))
    answer = await catalog.request("GET", "/game/sale-plain")
    assert int(answer.headers["cache-control"].removeprefix("public, max-age=")) < 4
    assert "500\u00a0₽" in Document(answer).text


async def test_who_has_a_page_is_not_sent_it_again(catalog: Running, catalog_database: Database) -> None:
    await publish(catalog_database, "known-plain")
    first = await catalog.request("GET", "/game/known-plain")
    again = await catalog.request(
        "GET", "/game/known-plain", headers={"If-None-Match": first.headers["etag"]}
    )
    assert (again.status, again.body) == (304, b"")


async def test_the_first_page_shows_what_there_is(catalog: Running, catalog_database: Database) -> None:
    await publish(catalog_database, "front-plain", title="Первая")
    await catalog.until("SELECT count(*) > 0 FROM apps WHERE slug = $1", "front-plain")
    shown = await _open(catalog, "/")
    assert shown.links("canonical") == {None: f"{ORIGIN}/"}
    site, listed = shown.linked_data()["@graph"]
    assert site["potentialAction"]["target"]["urlTemplate"].startswith(f"{ORIGIN}/search?query=")
    assert listed["@type"] == "ItemList"
    hrefs = {attributes.get("href") for tag, attributes in shown.elements if tag == "a"}
    assert all(f"/game/{one['url'].rpartition('/')[2]}" in hrefs for one in listed["itemListElement"])


async def test_engines_find_every_page_and_are_told_what_is_not_theirs(
    catalog: Running, catalog_database: Database
) -> None:
    await publish(catalog_database, "mapped-plain")
    assert "mapped-plain" in await _mapped(catalog)
    for part in ("x.xml", f"{uuid4()}", "..%2Fetc.xml", f"{uuid4()}.XML"):
        assert (await catalog.request("GET", f"/sitemaps/{part}")).status in {400, 404}
    robots = (await catalog.request("GET", "/robots.txt")).body.decode()
    assert f"Sitemap: {ORIGIN}/sitemap.xml" in robots
    assert "Disallow: /v1/\n" in robots


async def _mapped(catalog: Running) -> set[str]:
    """Return the slugs of all pages of the map."""
    index = await catalog.request("GET", "/sitemap.xml")
    found: set[str] = set()
    for one in ET.fromstring(index.body).iter(f"{_MAP}loc"):
        part = await catalog.request("GET", (one.text or "").removeprefix(ORIGIN))
        locations = ET.fromstring(part.body).iter(f"{_MAP}loc")
        found |= {(location.text or "").rpartition("/")[2] for location in locations}
    return found
