"""The map of the store for search engines (sitemaps.org), and what they may read (RFC 9309)."""

from collections.abc import Iterable
from uuid import UUID
from xml.sax.saxutils import escape

from samovar.services.catalog.plain.repository import Mapped

XML = "application/xml"
# A part is kept whole in the gateway's cache, which takes a megabyte.
PART_SIZE = 5_000
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
# What belongs to one person, or is no page.
_CLOSED = (
    *("/v1/", "/client/", "/oauth2/", "/connection/", "/content/", "/openapi.json", "/docs"),
    *(
        "/library",
        "/orders",
        "/cart",
        "/checkout",
        "/wallet",
        "/friends",
        "/settings",
        "/gifts",
        "/dev",
    ),
)


def index(origin: str, edges: Iterable[UUID]) -> bytes:
    """Return the list of the parts."""
    lines = [f"<sitemap><loc>{escape(origin)}/sitemaps/{edge}.xml</loc></sitemap>\n" for edge in edges]
    return f'{_HEAD}<sitemapindex xmlns="{_SPACE}">\n{"".join(lines)}</sitemapindex>\n'.encode()


def part(origin: str, pages: Iterable[Mapped]) -> bytes:
    """Return a part."""
    lines = [
        f"<url><loc>{escape(origin)}/game/{escape(page.slug)}</loc>"
        f"<lastmod>{page.updated_at.date().isoformat()}</lastmod></url>\n"
        for page in pages
    ]
    return f'{_HEAD}<urlset xmlns="{_SPACE}">\n{"".join(lines)}</urlset>\n'.encode()


def robots(origin: str) -> bytes:
    """Return what robots may read: the store and its pictures."""
    closed = "".join(f"Disallow: {path}\n" for path in _CLOSED)
    return f"User-agent: *\nAllow: /v1/media/\n{closed}\nSitemap: {origin}/sitemap.xml\n".encode()
