"""REST: what the gateway answers itself."""

from typing import Annotated

from samovar.kit.rest.answers import Answer
from samovar.kit.rest.app import Request
from samovar.kit.rest.parameters import header
from samovar.kit.routes import get
from samovar.services.gateway.edge.aggregates import Aggregates, Part
from samovar.services.gateway.pages import StaticPage
from samovar.services.gateway.status import PlatformStatus, Statuses

HOME = (Part("me", "auth", "/v1/auth/me", signed_in=True),)


@get("/healthz", auth="public")
async def be_healthy() -> dict[str, str]:
    """Tell that the gateway answers; nothing behind it is asked."""
    return {"status": "ok"}


@get("/v1/status", auth="public")
async def show_status(statuses: Statuses) -> PlatformStatus:
    """Show how every service is, and what it depends on.

    Always 200: a service that is away is news, not an error.
    """
    return await statuses.now()


@get("/openapi.json", auth="public")
async def show_openapi(
    openapi: StaticPage, if_none_match: Annotated[str | None, header("If-None-Match")] = None
) -> Answer:
    """Show the contract of all services as one OpenAPI 3.1 document."""
    return openapi.answer(if_none_match)


@get("/docs", auth="public", media_type="text/html")
async def show_docs(
    docs: StaticPage, if_none_match: Annotated[str | None, header("If-None-Match")] = None
) -> Answer:
    """Show the same contract to people."""
    return docs.answer(if_none_match)


@get("/v1/pages/home", auth="public")
async def show_home(request: Request, aggregates: Aggregates) -> Answer:
    """Show all that the first screen needs, in one call.

    A part that is away is null, and named in `missing`.
    """
    return await aggregates.show(HOME, dict(request.headers))
