"""What Envoy asks before it lets a request through (`ext_authz` over HTTP): limits over all gateways, and API keys.

Limits are asked for last, when token and roles have passed, so that a refused request counts for nobody; without an answer the
request goes on, and Envoy's own limit is what remains. API keys are asked for first, and without an answer nobody gets in.
"""

import asyncio
import hashlib
from collections.abc import Mapping
from ipaddress import ip_network
from typing import NamedTuple

import structlog

from samovar.kit.limits import BATCH_MAX, Decision, Limits
from samovar.kit.routes import RateLimit
from samovar.services.gateway.domain import RouteTable
from samovar.services.gateway.edge.api_keys import ApiKeys
from samovar.services.gateway.envoy.filters import (
    ACCOUNT_HEADER,
    ADDRESS_HEADER,
    API_KEY_HEADER,
    ROUTE_HEADER,
)
from samovar.services.gateway.envoy.limits import IPV6_PREFIX

REPORTED_MAX = 100

log = structlog.get_logger(__name__)


class Authorisation:
    """Counts requests over all gateways, and exchanges API keys."""

    def __init__(self, table: RouteTable, limits: Limits, api_keys: ApiKeys) -> None:
        self._counts = _Counts(limits)
        self._api_keys = api_keys
        self._unknown: set[str] = set()
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
            self._report(route)
            return None
        return await self._counts.hit(f"{route}:{_who(limit, headers)}", limit)

    async def exchange(self, headers: Mapping[str, str]) -> str:
        """Return the short token that stands for an API key; see `ApiKeys.exchange`."""
        return await self._api_keys.exchange(headers.get(API_KEY_HEADER, ""), headers.get(ADDRESS_HEADER, ""))

    def _report(self, route: str) -> None:
        if route not in self._unknown and len(self._unknown) < REPORTED_MAX:
            self._unknown.add(route)
            log.warning(
                "Envoy asks about a route that has no limit here: is it of another release?", route=route
            )


class _Waiting(NamedTuple):
    """A request that is to be counted."""

    key: str
    limit: RateLimit
    decided: asyncio.Future[Decision]


class _Counts:
    """Counts in few round trips: while one is under way, the requests that come wait together for the next.

    A round trip costs this process more than all else that it does for a request.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._waiting: list[_Waiting] = []
        self._under_way: asyncio.Task[None] | None = None

    async def hit(self, key: str, limit: RateLimit) -> Decision:
        decided: asyncio.Future[Decision] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(key, limit, decided))
        if self._under_way is None:
            self._under_way = asyncio.create_task(self._count())
        return await decided

    async def _count(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:BATCH_MAX], self._waiting[BATCH_MAX:]
            try:
                decisions = await self._limits.hit_each([(one.key, one.limit) for one in batch])
            except Exception as error:  # noqa: BLE001  Whatever it is, nobody may wait for ever.
                for one in batch:
                    _settle(one.decided, error)
            else:
                for one, decision in zip(batch, decisions, strict=True):
                    _settle(one.decided, decision)
        self._under_way = None


def _settle(decided: asyncio.Future[Decision], outcome: Decision | Exception) -> None:
    if decided.done():
        return  # Envoy has given up waiting.
    if isinstance(outcome, Exception):
        decided.set_exception(outcome)
    else:
        decided.set_result(outcome)


def _who(limit: RateLimit, headers: Mapping[str, str]) -> str:
    """Return who is counted: what the limit names, or else what is known of the client."""
    account, key = headers.get(ACCOUNT_HEADER), headers.get(API_KEY_HEADER)
    if key and limit.by == "api_key":
        return hashlib.sha256(key.encode()).hexdigest()
    if account and limit.by != "address":
        return account
    address = headers.get(ADDRESS_HEADER, "")
    return str(ip_network((address, IPV6_PREFIX), strict=False)) if ":" in address else address
