"""The declaration of gateway, and `build`, the only place that builds."""

from collections.abc import Mapping
from importlib import resources
from importlib.metadata import version

import aiohttp
import msgspec

from samovar.kit.routes import routes_in
from samovar.kit.runtime import Kit, Service
from samovar.services.gateway import api
from samovar.services.gateway.contracts import read_contracts
from samovar.services.gateway.edge.aggregates import Aggregates
from samovar.services.gateway.openapi import merge
from samovar.services.gateway.pages import StaticPage
from samovar.services.gateway.settings import GatewaySettings
from samovar.services.gateway.status import Statuses

# The page carries its own style and script; nothing may come from anywhere else.
_DOCS_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'"


async def build(kit: Kit, settings: GatewaySettings) -> Mapping[str, object]:
    """Build what the handlers ask for by name."""
    session = await kit.closing.enter_async_context(aiohttp.ClientSession())
    contracts = read_contracts()
    document = merge(contracts, version=version("samovar"))
    page = (resources.files(__package__) / "docs.html").read_bytes()
    return {
        "statuses": Statuses(
            session, kit.platform, sorted(contracts), timeout_s=settings.status_timeout_ms / 1000
        ),
        "aggregates": Aggregates(session, kit.platform),
        "openapi": StaticPage(msgspec.json.encode(document), "application/json"),
        "docs": StaticPage(page, "text/html; charset=utf-8", Content_Security_Policy=_DOCS_POLICY),
    }


service = Service(
    name="gateway",
    summary="The one door from outside: routing, checks at the edge, limits, cache, pages",
    package=__package__,
    settings=GatewaySettings,
    build=build,
    routes=routes_in(api),
)
