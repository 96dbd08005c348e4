"""What Envoy asks the Python side for while a request waits: limits, API keys, cached answers.

This is no part of the public API and has a port of its own, closed to all but Envoy. It has no routing, access log and metrics of
a request, since Envoy has done or will do all of that.
"""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from samovar.kit import tracing
from samovar.kit.errors import NotFound, RateLimited, SamovarError
from samovar.kit.i18n import Catalogue, language_of
from samovar.kit.rest import problems
from samovar.kit.rest.answers import Answer
from samovar.kit.rest.etags import client_has
from samovar.kit.routes import Cache
from samovar.services.gateway.domain import Operation, RouteTable
from samovar.services.gateway.edge.authz import Authorisation
from samovar.services.gateway.edge.cache import Fetched, ResponseCache, Served
from samovar.services.gateway.edge.instead import AWAY, is_for_people, page_instead
from samovar.services.gateway.edge.server import Request
from samovar.services.gateway.edge.upstream import Services
from samovar.services.gateway.envoy.filters import KEYS_PATH, LIMITS_PATH, ROUTE_HEADER
from samovar.services.gateway.envoy.local_replies import TRACE_HEADER

QUERY_PARAMETERS_MAX = 50
_OK, _NOT_MODIFIED = 200, 304


class Edge:
    """Answers Envoy."""

    def __init__(
        self,
        table: RouteTable,
        *,
        authorisation: Authorisation,
        cache: ResponseCache,
        services: Services,
        catalogue: Catalogue,
    ) -> None:
        self._cached = {operation.name: operation for operation in table.operations if operation.policy.cache}
        self._authorisation = authorisation
        self._cache = cache
        self._services = services
        self._catalogue = catalogue

    async def answer(self, request: Request) -> Answer:
        """Return what Envoy is to know, or what its client is to get."""
        headers = request.headers
        try:
            if request.path == LIMITS_PATH:
                return await self._count(headers)
            if request.path == KEYS_PATH:
                token = await self._authorisation.exchange(headers)
                return Answer(headers={"authorization": f"Bearer {token}"})
            return await self._page(request)
        except SamovarError as error:
            if error.http_status == AWAY and is_for_people(self._operation(headers), headers):
                return page_instead(
                    request.path, self._catalogue, language_of(headers.get("accept-language"))
                )
            return self._problem(error, headers)

    def _operation(self, headers: Mapping[str, str]) -> Operation | None:
        return self._cached.get(headers.get(ROUTE_HEADER, ""))

    async def _count(self, headers: Mapping[str, str]) -> Answer:
        decision = await self._authorisation.count(headers)
        if decision is None or decision.allowed:
            return Answer(headers=decision.headers() if decision else None)
        answer = self._problem(RateLimited(retry_after_s=decision.retry_after_s), headers)
        answer.headers = {**(answer.headers or {}), **decision.headers()}
        return answer

    async def _page(self, request: Request) -> Answer:
        headers, path = request.headers, request.path
        operation = self._operation(headers)
        if operation is None or operation.policy.cache is None:
            raise NotFound("not a route that is cached")
        rule, language = operation.policy.cache, language_of(headers.get("accept-language"))
        query = _key_query(request.query, rule)
        with tracing.extracted(headers):
            if query is None:
                fetched = await self._services.fetch(operation, f"{path}?{request.query}", language)
                answer = _uncached(fetched)
            else:
                target = f"{path}?{query}" if query else path
                served = await self._cache.get(
                    f"{language} {operation.name} {target}",
                    operation.name,
                    rule,
                    lambda: self._services.fetch(operation, target, language),
                )
                answer = _answer(served, rule, headers.get("if-none-match"))
        if answer.status == AWAY and is_for_people(operation, headers):
            return page_instead(path, self._catalogue, language)
        return answer

    def _problem(self, error: SamovarError, headers: Mapping[str, str]) -> Answer:
        trace_id = headers.get(TRACE_HEADER) or tracing.current_trace_id()
        language = language_of(headers.get("accept-language"))
        return Answer(
            problems.problem_of(error, catalogue=self._catalogue, language=language, trace_id=trace_id),
            status=error.http_status,
            media_type=problems.MEDIA_TYPE,
            headers=problems.headers_of(error),
        )


def _key_query(query: str, rule: Cache) -> str | None:
    """Return the query as it stands in the key, or None when it holds what the route does not list."""
    if not query:
        return ""
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=QUERY_PARAMETERS_MAX)
    except ValueError:
        return None
    if any(name not in rule.query for name, _ in pairs):
        return None
    # The order of names means nothing; the order of one name's values may.
    return urlencode(sorted(pairs, key=lambda pair: pair[0]))


def _answer(served: Served, rule: Cache, if_none_match: str | None) -> Answer:
    fetched = served.kept.answer
    if fetched.status != _OK or not fetched.keepable:
        return _uncached(fetched)
    headers = {
        "etag": served.kept.etag,
        "age": str(served.age_s),
        # An event purges the gateway's copy, never the browser's: what has tags is asked for again each time, for a 304.
        "cache-control": "public, no-cache"
        if rule.tags
        else f"public, max-age={rule.ttl_s}, stale-while-revalidate={rule.stale_s}"
        if fetched.max_age_s is None
        else f"public, max-age={max(0, min(rule.ttl_s, fetched.max_age_s - served.age_s))}",
        "vary": "accept-language",
    }
    if client_has(if_none_match, served.kept.etag):
        return Answer(status=_NOT_MODIFIED, headers=headers)
    return _passed_on(fetched, headers)


def _uncached(fetched: Fetched) -> Answer:
    return _passed_on(fetched, {"cache-control": "no-store", "vary": "accept-language"})


def _passed_on(fetched: Fetched, headers: dict[str, str]) -> Answer:
    theirs = dict(fetched.headers)
    media_type = theirs.pop("content-type", "application/octet-stream")
    return Answer(fetched.body, status=fetched.status, media_type=media_type, headers=theirs | headers)
