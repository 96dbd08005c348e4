"""Which request goes where: the route table as the file of routes that Envoy watches.

Envoy looks through a list of routes one by one, which for three hundred of them costs more than all else that it does (20 µs of
60). So the lists are short: one for each beginning of a path, found by a tree of prefixes, with all routes that can match behind
that beginning. Each list ends with 405 for known paths and 404 for all others.
"""

import re
from collections.abc import Iterator, Sequence

import msgspec

from samovar.services.gateway.domain import Operation, RouteTable, segments_of
from samovar.services.gateway.envoy import client
from samovar.services.gateway.envoy.access import OPEN, requirements
from samovar.services.gateway.envoy.clusters import cached, sockets
from samovar.services.gateway.envoy.filters import (
    API_KEY_HEADER,
    BUFFER,
    BUFFERED_BYTES_MAX,
    CORS,
    NOT_LIMITED,
    ROUTE_HEADER,
)
from samovar.services.gateway.envoy.limits import local_limit
from samovar.services.gateway.envoy.messages import Message, extension, header, seconds, typed

CONFIG = "samovar"
PREFIX_SEGMENTS_MAX = 3
RETRIES = 2
SOCKET_IDLE_TIMEOUT = "120s"
# The browser asks again whether another origin may call, after this long.
PREFLIGHT_MAX_AGE_S = 7_200

_BYTES_MAX = 2**63 - 1
_ROOT = "/"
_BAD_REQUEST, _NOT_FOUND, _NOT_ALLOWED, _TOO_LARGE = 400, 404, 405, 413
_NOWHERE = {**OPEN, **NOT_LIMITED}
_EXPOSED = "ETag, Location, Link, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, X-Request-Id, Age"


def routes(table: RouteTable) -> Message:
    """Return the routes."""
    host: Message = {
        "name": "all",
        "domains": ["*"],
        "matcher": _tree(table),
        "typed_per_filter_config": {CORS: _cross_origin()},
    }
    configuration = typed(
        "envoy.config.route.v3.RouteConfiguration",
        name=CONFIG,
        virtual_hosts=[host],
        # One address, the client's own, whatever it claims and however many proxies of ours it came through.
        request_headers_to_add=[header("x-forwarded-for", "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%")],
        # Services know the token that stands for a key, and have no use for the key itself.
        request_headers_to_remove=["x-envoy-external-address", API_KEY_HEADER],
        response_headers_to_add=[header("x-content-type-options", "nosniff")],
    )
    return {"resources": [configuration]}


def _tree(table: RouteTable) -> Message:
    not_found = [_refusal("not found", {"prefix": "/"}, _NOT_FOUND)]
    # A service may have the bare address, and pages beside those of the client.
    of_pages = [*_routes_at_root(table), *client.routes(), *not_found]
    by_prefix = {
        prefix: _routes_behind(prefix, table) + (not_found if client.is_of_api(prefix) else of_pages)
        for prefix in _prefixes(table)
    }
    lists = {prefix: {"action": _list(found)} for prefix, found in by_prefix.items()}
    tree = {"input": _input(":path"), "prefix_match_map": {"map": lists}}
    encoded_slash = _refusal("encoded slash", {"prefix": "/"}, _BAD_REQUEST)
    preflight = {
        "name": "preflight",
        "match": {"prefix": "/"},
        # The CORS filter answers it; only an upgrade of Envoy could let it through, and then to the gateway itself.
        "route": {"cluster": "gateway"},
        "typed_per_filter_config": _NOWHERE,
    }
    return {
        "matcher_list": {
            "matchers": [
                # A service would see another path than the one that was checked here.
                {
                    "predicate": _matches(":path", r"[^?]*%(?:2[fF]|5[cC]).*"),
                    "on_match": {"action": _list([encoded_slash])},
                },
                {
                    "predicate": {
                        "and_matcher": {
                            "predicate": [
                                _matches(":method", "OPTIONS"),
                                _matches("access-control-request-method", ".+"),
                            ]
                        }
                    },
                    "on_match": {"action": _list([preflight])},
                },
            ]
        },
        "on_no_match": {
            "matcher": {"matcher_tree": tree, "on_no_match": {"action": _list(of_pages)}},
        },
    }


def _routes_at_root(table: RouteTable) -> list[Message]:
    """Return the routes of the bare address: as a prefix it would stand before every other path."""
    operations = table.by_path().get(_ROOT)
    return list(_routes_of(_ROOT, operations, table)) if operations else []


def _prefixes(table: RouteTable) -> list[str]:
    return sorted({_prefix_of(operation.path) for operation in table.operations} - {_ROOT})


def _prefix_of(path: str) -> str:
    literals: list[str] = []
    for segment in segments_of(path)[:PREFIX_SEGMENTS_MAX]:
        if segment is None:
            break
        literals.append(segment)
    return "/" + "/".join(literals)


def _routes_behind(prefix: str, table: RouteTable) -> list[Message]:
    """Return, in matching order, the routes of all paths that begin with `prefix` and with no longer prefix."""
    longer = [other for other in _prefixes(table) if other.startswith(prefix) and other != prefix]
    found: list[Message] = []
    for path, operations in table.by_path().items():
        elsewhere = any(_prefix_of(path).startswith(other) for other in longer)
        if not elsewhere and _may_begin_with(path, prefix):
            found += _routes_of(path, operations, table)
    return found


def _may_begin_with(path: str, prefix: str) -> bool:
    segments, *wanted = segments_of(path), *prefix[1:].split("/")
    if len(segments) < len(wanted):
        return False
    *whole, last = zip(segments, wanted, strict=False)
    return all(segment in {None, want} for segment, want in whole) and (
        last[0] is None or last[0].startswith(last[1])
    )


def _routes_of(path: str, operations: Sequence[Operation], table: RouteTable) -> Iterator[Message]:
    for operation in operations:
        if operation.policy.body_bytes_max > BUFFERED_BYTES_MAX:
            yield _too_large(operation)
        if operation.policy.cache and operation.policy.cache.anonymous_only:
            for proof in ("authorization", API_KEY_HEADER):
                yield _past_the_cache(operation, table, proof)
        yield _route(operation, table)
    methods = sorted(
        {one.method for one in operations} | {"HEAD" for one in operations if one.method == "GET"}
    )
    refusal = _refusal(f"{path} other methods", _match(path), _NOT_ALLOWED)
    yield {**refusal, "response_headers_to_add": [header("allow", ", ".join(methods))]}


def _route(operation: Operation, table: RouteTable) -> Message:
    policy = operation.policy
    made: Message = {
        "name": operation.name,
        "match": _match(operation.path, operation.method),
        "route": {
            "cluster": _cluster_of(operation),
            "timeout": seconds(policy.timeout_ms),
        },
        "typed_per_filter_config": {
            **requirements(operation, table),
            **local_limit(operation),
            **_cluster_limit(operation),
            **_body_limit(operation),
        },
    }
    if policy.idempotent:
        made["route"]["retry_policy"] = _retries(operation)
    if policy.websocket:
        # A time-out would end every socket; idle ones end, and clients ping.
        made["route"] |= {
            "timeout": "0s",
            "idle_timeout": SOCKET_IDLE_TIMEOUT,
            "upgrade_configs": [{"upgrade_type": "websocket"}],
        }
    if policy.cache:
        made["request_headers_to_add"] = [header(ROUTE_HEADER, operation.name)]
    return made


def _past_the_cache(operation: Operation, table: RouteTable, proof: str) -> Message:
    """Return the route of a request that says who sends it: what is kept for strangers is not for them."""
    straight = msgspec.structs.replace(
        operation, policy=msgspec.structs.replace(operation.policy, cache=None)
    )
    made = _route(straight, table)
    made["name"] = f"{operation.name} with {proof}"
    made["match"].setdefault("headers", []).append({"name": proof, "present_match": True})
    return made


def _cluster_of(operation: Operation) -> str:
    if operation.policy.cache:
        return cached(operation.service)
    return sockets(operation.service) if operation.policy.websocket else operation.service


def _match(path: str, method: str | None = None) -> Message:
    if "{" in path:
        pattern = "/".join("[^/]+" if part is None else re.escape(part) for part in segments_of(path))
        match: Message = {"safe_regex": {"regex": f"/{pattern}"}}
    else:
        match = {"path": path}
    if method == "GET":
        # HEAD is answered by the same handler (RFC 9110, section 9.3.2).
        match["headers"] = [{"name": ":method", "string_match": {"safe_regex": {"regex": "GET|HEAD"}}}]
    elif method:
        match["headers"] = [{"name": ":method", "string_match": {"exact": method}}]
    return match


def _retries(operation: Operation) -> Message:
    policy: Message = {
        "retry_on": "connect-failure,refused-stream,reset,retriable-status-codes",
        "retriable_status_codes": [503],
        "num_retries": RETRIES,
        "retry_back_off": {"base_interval": "0.025s", "max_interval": "0.25s"},
    }
    if operation.policy.cache:
        kind = "envoy.extensions.retry.priority.previous_priorities.v3.PreviousPrioritiesConfig"
        policy["retry_priority"] = extension(
            "envoy.retry_priorities.previous_priorities", kind, update_frequency=1
        )
    return policy


def _cluster_limit(operation: Operation) -> dict[str, Message]:
    limit = operation.policy.rate_limit
    return {} if limit and limit.where == "cluster" else NOT_LIMITED


def _body_limit(operation: Operation) -> dict[str, Message]:
    """Hold back a request until its body has come whole, so that a slow client takes none of the service's time."""
    policy, kind = operation.policy, "envoy.extensions.filters.http.buffer.v3.BufferPerRoute"
    if policy.websocket or policy.body_bytes_max > BUFFERED_BYTES_MAX:
        return {BUFFER: typed(kind, disabled=True)}
    return {BUFFER: typed(kind, buffer={"max_request_bytes": policy.body_bytes_max})}


def _too_large(operation: Operation) -> Message:
    """Refuse by the declared length what is not held back; a service refuses what lies about its length."""
    match = _match(operation.path, operation.method)
    length = {"start": operation.policy.body_bytes_max + 1, "end": _BYTES_MAX}
    match["headers"].append({"name": "content-length", "range_match": length})
    return _refusal(f"{operation.name} too large", match, _TOO_LARGE)


def _refusal(name: str, match: Message, status: int) -> Message:
    return {
        "name": name,
        "match": match,
        "direct_response": {"status": status},
        "typed_per_filter_config": _NOWHERE,
    }


def _list(found: Sequence[Message]) -> Message:
    return extension("routes", "envoy.config.route.v3.RouteList", routes=list(found))


def _input(name: str) -> Message:
    return extension("header", "envoy.type.matcher.v3.HttpRequestHeaderMatchInput", header_name=name)


def _matches(name: str, pattern: str) -> Message:
    match = {"safe_regex": {"google_re2": {}, "regex": pattern}}
    return {"single_predicate": {"input": _input(name), "value_match": match}}


def _cross_origin() -> Message:
    return typed(
        "envoy.extensions.filters.http.cors.v3.CorsPolicy",
        allow_origin_string_match="${cors_origins}",
        allow_methods="GET, POST, PUT, PATCH, DELETE",
        allow_headers="Authorization, Content-Type, Accept-Language, Idempotency-Key, If-Match, If-None-Match, X-API-Key, traceparent",
        expose_headers=_EXPOSED,
        max_age=str(PREFLIGHT_MAX_AGE_S),
    )
