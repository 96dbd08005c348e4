"""Errors of page routes as pages: people do not read problems in JSON."""

from collections.abc import Awaitable

from samovar.kit import tracing
from samovar.kit.errors import SamovarError
from samovar.kit.i18n import Language
from samovar.kit.rest.answers import Answer
from samovar.services.auth.pages.rendering import Pages


async def showing(pages: Pages, language: Language, making: Awaitable[Answer]) -> Answer:
    """Return the page that `making` makes, or the page of what went wrong. The latter leads nowhere."""
    try:
        return await making
    except SamovarError as error:
        return pages.problem(error, language, trace_id=tracing.current_trace_id())


def sent_to(place: str, cookies: tuple[str, ...] = ()) -> Answer:
    """Return the answer that sends the browser elsewhere, with GET and without what was in a form (RFC 9700, section 4.12)."""
    headers = {"Location": place, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return Answer(status=303, headers=headers, cookies=cookies)
