"""What a request passes through, in order: CORS, trace, compression, API key, token, roles, limits, body, and on."""

from samovar.kit.identity import AUDIENCE, LEEWAY_S, TOKEN_BYTES_MAX, TOKEN_LIFETIME_MAX
from samovar.services.gateway.envoy.access import CLAIMS, JWT, RBAC
from samovar.services.gateway.envoy.limits import LOCAL_LIMIT
from samovar.services.gateway.envoy.local_replies import TRACE_HEADER
from samovar.services.gateway.envoy.messages import Message, extension, header, typed

CORS = "envoy.filters.http.cors"
BUFFER = "envoy.filters.http.buffer"
CLUSTER_LIMIT = "samovar.cluster_limit"
API_KEY_HEADER = "x-api-key"
ADDRESS_HEADER = "x-samovar-address"
ACCOUNT_HEADER = "x-samovar-account"
ROUTE_HEADER = "x-samovar-route"
EDGE_TIMEOUT = "0.25s"
# Where the edge is asked; no path of a service begins like this.
LIMITS_PATH, KEYS_PATH = "/.edge/limits", "/.edge/keys"
# An issuer publishes a new key longer before its use than this.
KEYS_AGE_MAX = "30s"
TOKENS_KEPT_MAX = 20_000
COMPRESSED_BYTES_MIN = 860
# Larger bodies are passed on as they come: a process that holds them whole would run out of memory.
BUFFERED_BYTES_MAX = 1_048_576

_HTTP = "envoy.extensions.filters.http"
_EXT_AUTHZ = f"{_HTTP}.ext_authz.v3"
_LIMIT_HEADERS = ("limit", "remaining", "reset")
_COMPRESSED_TYPES = (
    *("application/json", "application/problem+json", "application/javascript", "application/xml"),
    *("application/wasm", "application/manifest+json", "application/vnd.oai.openapi+json", "image/svg+xml"),
)
NOT_LIMITED = {CLUSTER_LIMIT: typed(f"{_EXT_AUTHZ}.ExtAuthzPerRoute", disabled=True)}
"""What a route without a limit over all gateways says to the filter that asks the edge for one."""


def filters() -> list[Message]:
    """Return the chain. Tokens and roles refuse a route that says nothing: to be open is the route's own word."""
    return [
        extension(CORS, f"{_HTTP}.cors.v3.Cors"),
        extension("samovar.headers", f"{_HTTP}.header_mutation.v3.HeaderMutation", mutations=_mutations()),
        *(_compressor(name) for name in ("brotli", "zstd", "gzip")),
        _api_keys(),
        extension(JWT, f"{_HTTP}.jwt_authn.v3.JwtAuthentication", **_tokens()),
        extension(RBAC, f"{_HTTP}.rbac.v3.RBAC", rules={"action": "ALLOW"}),
        extension(LOCAL_LIMIT, f"{_HTTP}.local_ratelimit.v3.LocalRateLimit", stat_prefix="local_limit"),
        _ask_edge(
            CLUSTER_LIMIT,
            LIMITS_PATH,
            fails_open=True,
            tells={
                ROUTE_HEADER: "%ROUTE_NAME%",
                ADDRESS_HEADER: "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%",
                ACCOUNT_HEADER: f"%DYNAMIC_METADATA({JWT}:{CLAIMS}:sub)%",
            },
        ),
        extension(BUFFER, f"{_HTTP}.buffer.v3.Buffer", max_request_bytes=BUFFERED_BYTES_MAX),
        extension("envoy.filters.http.router", f"{_HTTP}.router.v3.Router", suppress_envoy_headers=True),
    ]


def _mutations() -> Message:
    """Keep the trace id where Envoy's own errors find it; give the limits' headers the names of our contract."""
    renamed = [
        {"append": header(f"ratelimit-{name}", f"%RESP(x-ratelimit-{name})%", action="ADD_IF_ABSENT")}
        for name in _LIMIT_HEADERS
    ]
    removed = [{"remove": f"x-ratelimit-{name}"} for name in _LIMIT_HEADERS]
    return {
        "request_mutations": [{"append": header(TRACE_HEADER, "%TRACE_ID%")}],
        "response_mutations": [*renamed, *removed],
    }


def _compressor(name: str) -> Message:
    library = f"envoy.extensions.compression.{name}.compressor.v3.{name.capitalize()}"
    types = [{"exact": kind} for kind in _COMPRESSED_TYPES] + [{"prefix": "text/"}]
    return extension(
        f"envoy.filters.http.compressor.{name}",
        f"{_HTTP}.compressor.v3.Compressor",
        response_direction_config={
            "common_config": {"min_content_length": COMPRESSED_BYTES_MIN, "content_type_matcher": types},
            # A strong validator would name the bytes that were not sent.
            "weaken_etag_on_compress": True,
        },
        compressor_library=extension(name, library),
    )


def _api_keys() -> Message:
    """Exchange an API key for a token, for requests that bring one."""
    has_key = {
        "single_predicate": {
            "input": extension(
                "header", "envoy.type.matcher.v3.HttpRequestHeaderMatchInput", header_name=API_KEY_HEADER
            ),
            "value_match": {"safe_regex": {"google_re2": {}, "regex": ".*"}},
        }
    }
    skip = extension("skip", "envoy.extensions.filters.common.matcher.action.v3.SkipFilter")
    return extension(
        "samovar.api_keys",
        "envoy.extensions.common.matching.v3.ExtensionWithMatcher",
        extension_config=_ask_edge(
            "envoy.filters.http.ext_authz",
            KEYS_PATH,
            fails_open=False,
            tells={ADDRESS_HEADER: "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%"},
        ),
        xds_matcher={
            "matcher_list": {
                "matchers": [{"predicate": {"not_matcher": has_key}, "on_match": {"action": skip}}]
            }
        },
    )


def _ask_edge(name: str, path: str, *, fails_open: bool, tells: dict[str, str]) -> Message:
    """Return a filter that asks the edge, and goes on without its answer only where that is no danger."""
    exact = [{"exact": heard} for heard in ("accept-language", TRACE_HEADER, API_KEY_HEADER)]
    limits = {"prefix": "ratelimit-"}
    return extension(
        name,
        f"{_EXT_AUTHZ}.ExtAuthz",
        failure_mode_allow=fails_open,
        status_on_error={"code": "ServiceUnavailable"},
        # A span of its own would cost as much as the rest of the question.
        emit_client_span=False,
        allowed_headers={"patterns": exact},
        # Nobody there has a use for it.
        disallowed_headers={"patterns": [{"exact": "authorization"}]},
        http_service={
            "server_uri": {"uri": "http://edge", "cluster": "edge", "timeout": EDGE_TIMEOUT},
            "path_override": path,
            "authorization_request": {
                "headers_to_add": [{"key": told, "value": value} for told, value in tells.items()]
            },
            "authorization_response": {
                "allowed_upstream_headers": {"patterns": [{"exact": "authorization"}]},
                "allowed_client_headers": {
                    "patterns": [
                        limits,
                        *(
                            {"exact": kept}
                            for kept in ("content-type", "retry-after", "www-authenticate", "cache-control")
                        ),
                    ]
                },
                "allowed_client_headers_on_success": {"patterns": [limits]},
            },
        },
    )


def _tokens() -> Message:
    keys = {
        "http_uri": {"uri": "${jwks_url}", "cluster": "jwks", "timeout": "2s"},
        "cache_duration": KEYS_AGE_MAX,
        "async_fetch": {"failed_refetch_duration": "1s"},
    }
    provider = {
        "issuer": "${origin}",
        "audiences": [AUDIENCE],
        "require_expiration": True,
        "max_lifetime": f"{TOKEN_LIFETIME_MAX.total_seconds():.0f}s",
        "clock_skew_seconds": LEEWAY_S,
        "from_headers": [{"name": "Authorization", "value_prefix": "Bearer "}],
        # Services verify it again.
        "forward": True,
        "payload_in_metadata": CLAIMS,
        "remote_jwks": keys,
        # Off by default; without it each request costs twice as much.
        "jwt_cache_config": {"jwt_cache_size": TOKENS_KEPT_MAX, "jwt_max_token_size": TOKEN_BYTES_MAX},
    }
    return {
        "providers": {"samovar": provider},
        "rules": [{"match": {"prefix": "/"}, "requires": {"provider_name": "samovar"}}],
    }
