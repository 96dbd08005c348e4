"""The door itself: what a client may send, how slowly, and what is written about it."""

from samovar.kit.i18n import Catalogue
from samovar.kit.logs import ECS_VERSION
from samovar.services.gateway.envoy.filters import filters
from samovar.services.gateway.envoy.local_replies import local_replies
from samovar.services.gateway.envoy.messages import Message, extension, socket, typed
from samovar.services.gateway.envoy.routes import CONFIG

HEADERS_KB_MAX = 32
HEADERS_COUNT_MAX = 100
STREAMS_PER_CONNECTION_MAX = 128
WINDOW_BYTES = 1_048_576
CONNECTION_BUFFER_BYTES = 1_048_576
CONNECTION_IDLE_TIMEOUT = "300s"
HEADERS_TIMEOUT = "10s"
STREAM_IDLE_TIMEOUT = "60s"
REQUEST_TIMEOUT = "30s"
# What clients may not say: it is ours to say, or it would change how we see the request.
STRIPPED = (
    *("x-user-id", "x-real-ip", "x-forwarded-host", "x-forwarded-prefix", "x-forwarded-port", "forwarded"),
    *("x-original-url", "x-rewrite-url", "x-http-method-override"),
)
STRIPPED_PREFIXES = ("x-samovar-", "x-envoy-")

_MANAGER = "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"


def listener(catalogue: Catalogue) -> Message:
    """Return the listeners, as the file that Envoy watches.

    The second one is for the web client alone: it calls the API for its players, and is believed when it says from which
    address each of them came. Without it all players of the web would share the limits of one address.
    """
    outside = _listener("outside", catalogue, socket("${host}", "${port}"), hops="${trusted_hops}")
    inside = _listener("inside", catalogue, socket("${inside_host}", "${inside_port}"), hops=1)
    return {"resources": [outside, inside]}


def _listener(name: str, catalogue: Catalogue, address: Message, *, hops: str | int) -> Message:
    manager = extension(
        "envoy.filters.network.http_connection_manager", _MANAGER, **_manager(name, catalogue, hops)
    )
    return typed(
        "envoy.config.listener.v3.Listener",
        name=name,
        address=address,
        per_connection_buffer_limit_bytes=CONNECTION_BUFFER_BYTES,
        filter_chains=[{"filters": [manager]}],
    )


def _manager(name: str, catalogue: Catalogue, hops: str | int) -> Message:
    return {
        "stat_prefix": name,
        "rds": {"route_config_name": CONFIG, "config_source": watched("routes.json")},
        "http_filters": filters(),
        "local_reply_config": local_replies(catalogue),
        "access_log": [_access_log()],
        "tracing": _tracing(),
        "server_name": "samovar",
        # The peer's address is the client's, unless an operator says how many proxies of theirs stand before us.
        "use_remote_address": True,
        "xff_num_trusted_hops": hops,
        "internal_address_config": {"cidr_ranges": [{"address_prefix": "255.255.255.255", "prefix_len": 32}]},
        "early_header_mutation_extensions": [_strip()],
        "always_set_request_id_in_response": True,
        "normalize_path": True,
        "merge_slashes": True,
        "upgrade_configs": [{"upgrade_type": "websocket", "enabled": False}],
        "max_request_headers_kb": HEADERS_KB_MAX,
        "request_headers_timeout": HEADERS_TIMEOUT,
        "request_timeout": REQUEST_TIMEOUT,
        "stream_idle_timeout": STREAM_IDLE_TIMEOUT,
        "common_http_protocol_options": {
            "idle_timeout": CONNECTION_IDLE_TIMEOUT,
            "max_headers_count": HEADERS_COUNT_MAX,
            # `x_user_id` would pass for `x-user-id` behind a server that cannot tell them apart.
            "headers_with_underscores_action": "REJECT_REQUEST",
        },
        "http2_protocol_options": {
            "allow_connect": True,
            "max_concurrent_streams": STREAMS_PER_CONNECTION_MAX,
            "initial_stream_window_size": WINDOW_BYTES,
            "initial_connection_window_size": WINDOW_BYTES,
        },
    }


def watched(name: str) -> Message:
    """Return a source of configuration: a file that is read again whenever one is renamed into its folder."""
    source = {"path": f"${{folder}}/{name}", "watched_directory": {"path": "${folder}"}}
    return {"path_config_source": source, "resource_api_version": "V3"}


def _strip() -> Message:
    mutations: list[Message] = [{"remove": name} for name in STRIPPED]
    mutations += [{"remove_on_match": {"key_matcher": {"prefix": prefix}}} for prefix in STRIPPED_PREFIXES]
    return extension(
        "envoy.http.early_header_mutation.header_mutation",
        "envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation",
        mutations=mutations,
    )


def _tracing() -> Message:
    """Continue the client's trace, or begin one; whether it is recorded is decided here, once, for all behind us."""
    exporter = {"http_uri": {"uri": "${collector_url}", "cluster": "collector", "timeout": "5s"}}
    return {
        "provider": extension(
            "envoy.tracers.opentelemetry",
            "envoy.config.trace.v3.OpenTelemetryConfig",
            service_name="gateway",
            http_service=exporter,
            sampler="${sampler}",
        ),
    }


def _access_log() -> Message:
    """One line of ECS for each request; the query stays out, since tokens and names travel in it."""
    line = {
        "@timestamp": "%START_TIME(%Y-%m-%dT%H:%M:%S.%3fZ)%",
        "ecs.version": ECS_VERSION,
        "log.level": "info",
        "message": "%REQ(:METHOD)% %PATH(NQ)% %RESPONSE_CODE%",
        "event.dataset": "gateway.access",
        "event.duration": "%COMMON_DURATION(DS_RX_BEG:DS_TX_END:ns)%",
        "service.name": "gateway",
        "http.request.id": "%RESP(X-REQUEST-ID)%",
        "http.request.method": "%REQ(:METHOD)%",
        "http.response.status_code": "%RESPONSE_CODE%",
        "http.response.body.bytes": "%BYTES_SENT%",
        "url.path": "%PATH(NQ)%",
        "client.ip": "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%",
        "user.id": "%DYNAMIC_METADATA(envoy.filters.http.jwt_authn:claims:sub)%",
        "user_agent.original": "%REQ(USER-AGENT)%",
        "trace.id": "%TRACE_ID%",
        "span.id": "%SPAN_ID%",
        "samovar.route": "%ROUTE_NAME%",
        "samovar.upstream": "%UPSTREAM_CLUSTER%",
        "samovar.upstream_ms": "%RESPONSE_DURATION%",
        "samovar.reason": "%RESPONSE_CODE_DETAILS%",
    }
    return extension(
        "envoy.access_loggers.stdout",
        "envoy.extensions.access_loggers.stream.v3.StdoutAccessLog",
        log_format={"json_format": line, "omit_empty_values": True},
    )
