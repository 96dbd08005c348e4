"""What Envoy asks before it lets a request through (`ext_authz` over HTTP): limits over all gateways, and API keys.

Limits are asked for last, when token and roles have passed, so that a refused request counts for nobody; without an answer the
request goes on, and Envoy's own limit is what remains. API keys are asked for first, and without an answer nobody gets in.
"""

import hashlib
from collections.abc import Mapping
from ipaddress import ip_network

import structlog

from samovar.kit.limits import Decision, Limits
from samovar.kit.routes import RateLimit
from samovar.services.gateway.domain import RouteTable
from samovar.services.gateway.envoy.filters import (
    ACCOUNT_HEADER,
    ADDRESS_HEADER,
    API_KEY_HEADER,
    ROUTE_HEADER,
)
from samovar.services.gateway.envoy.limits import IPV6_PREFIX
from samovar.services.gateway.errors import ApiKeyInvalid

log = structlog.get_logger(__name__)


class Authorisation:
    """Counts requests over all gateways, and exchanges API keys."""

    def __init__(self, table: RouteTable, limits: Limits) -> None:
        self._limits = limits
        self._by_route = {
            operation.name: operation.policy.rate_limit
            for operation in table.operations
            if operation.policy.rate_limit
        }

    async def count(self, headers: Mapping[str, str]) -> Decision | None:
        """Count one request against its route's limit; None when this release knows no limit of that route.

        Args:
            headers: What Envoy says of the request, names in lower case.
        """
        route = headers.get(ROUTE_HEADER, "")
        limit = self._by_route.get(route)
        if limit is None:
            log.warning("asked about a route that has no limit here", route=route)
            return None
        return await self._limits.hit(f"{route}:{_who(limit, headers)}", limit)

    async def exchange(self, _headers: Mapping[str, str]) -> str:
        """Return the short token that stands for an API key.

        Raises:
            ApiKeyInvalid: Always: no service issues API keys, so there is none that could be valid.
        """
        raise ApiKeyInvalid


def _who(limit: RateLimit, headers: Mapping[str, str]) -> str:
    """Return who is counted: what the limit names, or else what is known of the client."""
    account, key = headers.get(ACCOUNT_HEADER), headers.get(API_KEY_HEADER)
    if key and limit.by == "api_key":
        return hashlib.sha256(key.encode()).hexdigest()
    if account and limit.by != "address":
        return account
    address = headers.get(ADDRESS_HEADER, "")
    return str(ip_network((address, IPV6_PREFIX), strict=False)) if ":" in address else address
