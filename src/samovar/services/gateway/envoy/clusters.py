"""Where requests go: each service, and how much it is spared when it is in trouble."""

from samovar.services.gateway.domain import RouteTable
from samovar.services.gateway.envoy import client
from samovar.services.gateway.envoy.messages import Message, socket, typed

CONNECT_TIMEOUT = "1s"
# A service closes a connection that is idle for 10 s; whoever writes into one at that moment gets no answer, so we close it first.
UPSTREAM_IDLE_TIMEOUT = "5s"
# As many as a service's process serves at once; what is more would only wait there.
REQUESTS_MAX = 1_024
PENDING_MAX = 512
CONNECTIONS_MAX = 1_024
SOCKETS_MAX = 100_000
RETRY_PERCENT_MAX = 20
RETRIES_ALWAYS = 3
EJECTED_PERCENT_MAX = 50

_HTTP = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions"


def clusters(table: RouteTable) -> Message:
    """Return the clusters that the routes name, as the file that Envoy watches."""
    made = [_cluster("edge", ["edge"]), _cluster("jwks", ["jwks"]), _collector()]
    for service in table.services:
        policies = [one.policy for one in table.operations if one.service == service]
        if policies:
            made.append(_cluster(service, [service]))
        if any(policy.cache for policy in policies):
            # When the cache is away, the retry goes past it.
            made.append(_cluster(cached(service), ["edge", service]))
        if any(policy.websocket for policy in policies):
            made.append(_cluster(sockets(service), [service], lasting=True))
    made += [
        _cluster(client.CLUSTER, [client.CLUSTER]),
        _cluster(client.SOCKETS, [client.CLUSTER], lasting=True),
    ]
    return {"resources": [typed("envoy.config.cluster.v3.Cluster", **cluster) for cluster in made]}


def cached(service: str) -> str:
    """Return the name of the cluster that asks the response cache first."""
    return f"{service}.cached"


def sockets(service: str) -> str:
    """Return the name of the cluster for WebSockets, which last, so that they take nothing from the short requests."""
    return f"{service}.sockets"


def _cluster(name: str, places: list[str], *, lasting: bool = False) -> Message:
    requests_max = SOCKETS_MAX if lasting else REQUESTS_MAX
    endpoints = [
        {
            "priority": priority,
            "lb_endpoints": [{"endpoint": {"address": socket(f"${{{place}.host}}", f"${{{place}.port}}")}}],
        }
        for priority, place in enumerate(places)
    ]
    return {
        "name": name,
        "type": "STRICT_DNS",
        "dns_lookup_family": "V4_PREFERRED",
        "connect_timeout": CONNECT_TIMEOUT,
        "lb_policy": "LEAST_REQUEST",
        "load_assignment": {"cluster_name": name, "endpoints": endpoints},
        "typed_extension_protocol_options": {
            _HTTP: typed(
                _HTTP,
                common_http_protocol_options={"idle_timeout": UPSTREAM_IDLE_TIMEOUT},
                explicit_http_config={"http_protocol_options": {}},
            )
        },
        "circuit_breakers": {
            "thresholds": [
                {
                    "max_connections": max(CONNECTIONS_MAX, requests_max),
                    "max_pending_requests": PENDING_MAX,
                    "max_requests": requests_max,
                    "retry_budget": {
                        "budget_percent": {"value": RETRY_PERCENT_MAX},
                        "min_retry_concurrency": RETRIES_ALWAYS,
                    },
                }
            ]
        },
        # The edge passes on what is wrong with a service, and still has good answers: only its absence counts.
        "outlier_detection": _outliers(by_answers=len(places) == 1),
    }


def _outliers(*, by_answers: bool) -> Message:
    """Return when a process is left alone for a while: it refuses connections, or answers 502, 503, 504, five times on end.

    A 500 is a fault of the code, which all processes share: it ejects nobody.
    """
    return {
        "interval": "1s",
        "base_ejection_time": "5s",
        "max_ejection_time": "60s",
        "max_ejection_percent": EJECTED_PERCENT_MAX,
        "split_external_local_origin_errors": True,
        "consecutive_local_origin_failure": 5,
        "consecutive_gateway_failure": 5,
        "enforcing_consecutive_gateway_failure": 100 if by_answers else 0,
        "enforcing_consecutive_5xx": 0,
        "enforcing_success_rate": 0,
        "enforcing_local_origin_success_rate": 0,
    }


def _collector() -> Message:
    """Return where spans go: nowhere, unless an address of a collector is filled in."""
    return {
        "name": "collector",
        "type": "STRICT_DNS",
        "connect_timeout": CONNECT_TIMEOUT,
        "load_assignment": {"cluster_name": "collector", "endpoints": "${collector}"},
    }
