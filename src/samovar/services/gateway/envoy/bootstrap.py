"""What Envoy starts with: where its other files are, its admin page, and when it sheds load."""

from samovar.services.gateway.envoy.listener import watched
from samovar.services.gateway.envoy.messages import Message, socket, typed

CONNECTIONS_MAX = 20_000
HEAP_BYTES_MAX = 1_073_741_824
_MONITORS = "envoy.extensions.resource_monitors"


def bootstrap() -> Message:
    """Return the first file that Envoy reads."""
    return {
        "node": {"id": "gateway", "cluster": "samovar"},
        "admin": {"address": socket("${admin_host}", "${admin_port}")},
        "dynamic_resources": {"lds_config": watched("listener.json"), "cds_config": watched("clusters.json")},
        "overload_manager": _overload(),
    }


def _overload() -> Message:
    heap = typed(f"{_MONITORS}.fixed_heap.v3.FixedHeapConfig", max_heap_size_bytes=HEAP_BYTES_MAX)
    connections = typed(
        f"{_MONITORS}.downstream_connections.v3.DownstreamConnectionsConfig",
        max_active_downstream_connections=CONNECTIONS_MAX,
    )
    return {
        "refresh_interval": "1s",
        "resource_monitors": [
            {"name": "envoy.resource_monitors.fixed_heap", "typed_config": heap},
            {
                "name": "envoy.resource_monitors.global_downstream_max_connections",
                "typed_config": connections,
            },
        ],
        "actions": [
            _action("envoy.overload_actions.shrink_heap", 0.85),
            _action("envoy.overload_actions.disable_http_keepalive", 0.9),
            _action("envoy.overload_actions.stop_accepting_requests", 0.95),
        ],
    }


def _action(name: str, share: float) -> Message:
    return {
        "name": name,
        "triggers": [{"name": "envoy.resource_monitors.fixed_heap", "threshold": {"value": share}}],
    }
