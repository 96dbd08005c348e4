"""The declaration of gateway, and `build`, the only place that builds."""

from collections.abc import Mapping
from importlib import resources
from importlib.metadata import version

import aiohttp
import msgspec

from samovar.kit.i18n import Catalogue
from samovar.kit.routes import routes_in
from samovar.kit.runtime import Kit, Service
from samovar.services.auth.contract.v1_pb2_grpc import ApiKeysStub
from samovar.services.gateway import api
from samovar.services.gateway.consumers import purging
from samovar.services.gateway.contracts import read_contracts
from samovar.services.gateway.domain import route_table
from samovar.services.gateway.edge.aggregates import Aggregates
from samovar.services.gateway.edge.api_keys import ApiKeys
from samovar.services.gateway.edge.application import Edge
from samovar.services.gateway.edge.authz import Authorisation
from samovar.services.gateway.edge.cache import ResponseCache
from samovar.services.gateway.edge.server import EdgeServer
from samovar.services.gateway.edge.upstream import Services
from samovar.services.gateway.openapi import merge
from samovar.services.gateway.pages import StaticPage
from samovar.services.gateway.settings import GatewaySettings
from samovar.services.gateway.status import Statuses

# The page carries its own style and script; nothing may come from anywhere else.
_DOCS_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'"


async def build(kit: Kit, settings: GatewaySettings) -> Mapping[str, object]:
    """Build what the handlers ask for by name, and open the port that Envoy asks at."""
    # A jar would send the cookies of one caller with the requests of the next.
    session = await kit.closing.enter_async_context(
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
    )
    contracts = read_contracts()
    table = route_table(contracts.values())
    responses = ResponseCache(settings.cache_bytes_max)
    edge = Edge(
        table,
        authorisation=Authorisation(
            table, kit.limits, ApiKeys(ApiKeysStub(kit.peers.channel("auth")), kit.verifier, kit.clock)
        ),
        cache=responses,
        services=Services(session, kit.platform),
        catalogue=Catalogue.load(
            resources.files(package) / "locale" for package in ("samovar.kit", __package__)
        ),
    )
    server = EdgeServer(edge.answer, kit.platform.host, settings.edge_port)
    await server.start()
    kit.closing.push_async_callback(server.stop)
    kit.listeners.extend(purging(table))
    page = (resources.files(__package__) / "docs.html").read_bytes()
    return {
        "responses": responses,
        "statuses": Statuses(
            session, kit.platform, sorted(contracts), timeout_s=settings.status_timeout_ms / 1000
        ),
        "aggregates": Aggregates(session, kit.platform),
        "openapi": StaticPage(
            msgspec.json.encode(merge(contracts, version=version("samovar"))), "application/json"
        ),
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
