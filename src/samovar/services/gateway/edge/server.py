"""What Envoy asks the Python side for while a request waits: limits, API keys, cached answers.

This is no part of the public API and has a port of its own, closed to all but Envoy. It is plain ASGI, without routing, logging
and metrics of a request, since Envoy has done or will do all of that: a cached answer takes some 30 µs here.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from litestar.types import Message, Receive, Send

from samovar.kit import tracing
from samovar.kit.errors import NotFound, RateLimited, SamovarError
from samovar.kit.i18n import Catalogue, language_of
from samovar.kit.rest import problems
from samovar.kit.rest.answers import Answer
from samovar.kit.routes import Cache
from samovar.services.gateway.domain import RouteTable
from samovar.services.gateway.edge.authz import Authorisation
from samovar.services.gateway.edge.cache import Fetched, ResponseCache, Served
from samovar.services.gateway.edge.upstream import Services
from samovar.services.gateway.envoy.filters import KEYS_PATH, LIMITS_PATH, ROUTE_HEADER
from samovar.services.gateway.envoy.local_replies import TRACE_HEADER

QUERY_PARAMETERS_MAX = 50
_OK, _NOT_MODIFIED = 200, 304


class Edge:
    """The ASGI application behind Envoy."""

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

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """Answer one question of Envoy's."""
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        try:
            if scope["path"].startswith(LIMITS_PATH):
                answer = await self._count(headers)
            elif scope["path"].startswith(KEYS_PATH):
                token = await self._authorisation.exchange(headers)
                answer = Answer(headers={"authorization": f"Bearer {token}"})
            else:
                answer = await self._page(scope, headers)
        except SamovarError as error:
            answer = self._problem(error, headers)
        if scope["method"] == "HEAD":
            send = _without_body(send)
        await answer(scope, receive, send)

    async def _count(self, headers: Mapping[str, str]) -> Answer:
        decision = await self._authorisation.count(headers)
        if decision is None or decision.allowed:
            return Answer(headers=decision.headers() if decision else None)
        answer = self._problem(RateLimited(retry_after_s=decision.retry_after_s), headers)
        answer.headers = {**(answer.headers or {}), **decision.headers()}
        return answer

    async def _page(self, scope: Any, headers: Mapping[str, str]) -> Answer:
        operation = self._cached.get(headers.get(ROUTE_HEADER, ""))
        if operation is None or operation.policy.cache is None:
            raise NotFound("not a route that is cached")
        rule, language = operation.policy.cache, language_of(headers.get("accept-language"))
        path, query = scope["raw_path"].decode("latin-1"), _key_query(scope["query_string"], rule)
        with tracing.extracted(headers):
            if query is None:
                target = f"{path}?{scope['query_string'].decode('latin-1')}"
                return _uncached(await self._services.fetch(operation, target, language))
            target = f"{path}?{query}" if query else path
            served = await self._cache.get(
                f"{language} {operation.name} {target}",
                operation.name,
                rule,
                lambda: self._services.fetch(operation, target, language),
            )
        return _answer(served, rule, headers.get("if-none-match"))

    def _problem(self, error: SamovarError, headers: Mapping[str, str]) -> Answer:
        trace_id = headers.get(TRACE_HEADER) or tracing.current_trace_id()
        language = language_of(headers.get("accept-language"))
        return Answer(
            problems.problem_of(error, catalogue=self._catalogue, language=language, trace_id=trace_id),
            status=error.http_status,
            media_type=problems.MEDIA_TYPE,
            headers=problems.headers_of(error),
        )


def _key_query(query: bytes, rule: Cache) -> str | None:
    """Return the query as it stands in the key, or None when it holds what the route does not list."""
    if not query:
        return ""
    try:
        pairs = parse_qsl(
            query.decode("latin-1"), keep_blank_values=True, max_num_fields=QUERY_PARAMETERS_MAX
        )
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
        else f"public, max-age={rule.ttl_s}, stale-while-revalidate={rule.stale_s}",
        "vary": "accept-language",
    }
    if if_none_match and _names(if_none_match, served.kept.etag):
        return Answer(status=_NOT_MODIFIED, headers=headers)
    return _passed_on(fetched, headers)


def _uncached(fetched: Fetched) -> Answer:
    return _passed_on(fetched, {"cache-control": "no-store", "vary": "accept-language"})


def _passed_on(fetched: Fetched, headers: dict[str, str]) -> Answer:
    theirs = dict(fetched.headers)
    media_type = theirs.pop("content-type", "application/octet-stream")
    return Answer(fetched.body, status=fetched.status, media_type=media_type, headers=theirs | headers)


def _names(if_none_match: str, etag: str) -> bool:
    """Compare weakly (RFC 9110, section 13.1.2): a compressed answer carries the weak form."""
    wanted = {part.strip().removeprefix("W/") for part in if_none_match.split(",")}
    return "*" in wanted or etag in wanted


def _without_body(send: Send) -> Send:
    async def send_head(message: Message) -> None:
        if message["type"] == "http.response.body":
            message["body"] = b""
        await send(message)

    return send_head
