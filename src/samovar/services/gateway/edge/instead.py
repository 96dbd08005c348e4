"""What a person gets where a page should be and its service is away: a page that says so and starts the client (ADR 0183)."""

from collections.abc import Mapping
from html import escape

from samovar.kit.errors import Unavailable
from samovar.kit.i18n import Catalogue, Language
from samovar.kit.rest import problems
from samovar.kit.rest.answers import Answer
from samovar.services.gateway.domain import Operation
from samovar.services.gateway.envoy.client import is_of_api

HTML = "text/html"
AWAY = 503
# The client runs on the same document, so these are the rules of its own page.
_POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; connect-src 'self' data:; "
    "img-src 'self' data: blob:; font-src 'self'; media-src 'self' blob:; manifest-src 'self'; worker-src 'self' blob:; "
    "frame-ancestors 'none'; base-uri 'self'; form-action 'none'"
)
_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
    "Vary": "Accept, Accept-Language",
}
_STYLE = (
    "body{margin:0;background:#0F1216;color:#EEF2F6;font:16px/1.5 system-ui,sans-serif}"
    "#plain{max-width:40rem;margin:18vh auto 0;padding:0 24px}p{color:#AEB9C6}a{color:#7CB4FF}"
)
_PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<base href="/">
<meta charset="UTF-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="dark">
<meta name="theme-color" content="#0F1216">
<meta name="robots" content="noindex">
<title>{title}</title>
<style>{style}</style>
<script src="/client/boot.js" defer></script>
</head>
<body>
<div id="plain"><h1>{title}</h1><p>{detail}</p><p><a href="{path}">{again}</a></p></div>
</body>
</html>
"""


def is_for_people(operation: Operation | None, headers: Mapping[str, str]) -> bool:
    """Return whether a person looks at a page: a browser asks for one, at an address that is not the API's."""
    return operation is not None and not is_of_api(operation.path) and HTML in headers.get("accept", "")


def page_instead(path: str, catalogue: Catalogue, language: Language) -> Answer:
    """Return the page: what is wrong, a way to ask again, and the client on top of it as soon as it is there."""
    error = Unavailable("the service of a page is away")
    body = _PAGE.format(
        language=language,
        title=escape(catalogue.text(f"{error.code}.title", language)),
        detail=escape(catalogue.text(f"{error.code}.detail", language)),
        again=escape(catalogue.text("gateway.page.again", language)),
        path=escape(path),
        style=_STYLE,
    )
    headers = {**problems.headers_of(error), **_HEADERS}
    return Answer(
        body.encode(), status=error.http_status, media_type=f"{HTML}; charset=utf-8", headers=headers
    )
