"""How often: a route's rate limit as buckets in Envoy's memory, one for each client.

Envoy counts every limit in its own process. A limit with `where="cluster"` is besides that counted over all processes by the
edge, so that the local one is the floor that remains when the edge is away.
"""

from samovar.kit.routes import RateLimit
from samovar.services.gateway.domain import Operation
from samovar.services.gateway.envoy.access import CLAIMS, JWT
from samovar.services.gateway.envoy.messages import Message, typed

LOCAL_LIMIT = "envoy.filters.http.local_ratelimit"
# The limits of the least recent clients are forgotten beyond this; one client takes about 0.5 KB.
CLIENTS_MAX = 20_000
# A network hands one customer a /64 of IPv6 addresses at least.
IPV6_PREFIX = 64

# The key of the descriptor, the action that makes it, and what the action asks for.
_Counted = tuple[str, str, Message]
_KIND = "envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit"
_ALWAYS = {"default_value": {"numerator": 100}}
_ADDRESS: _Counted = (
    "masked_remote_address",
    "masked_remote_address",
    {"v4_prefix_mask_len": 32, "v6_prefix_mask_len": IPV6_PREFIX},
)
_CLAIMS: dict[str, tuple[str, str]] = {
    "account": ("account", "sub"),
    # A key is the session of its tokens; somebody who calls without one is counted by their sign-in.
    "api_key": ("session", "sid"),
}


def local_limit(operation: Operation) -> dict[str, Message]:
    """Return the limit of a route, by filter; nothing where it has none."""
    limit = operation.policy.rate_limit
    if limit is None:
        return {}
    key, action, fields = _ADDRESS if operation.is_open else _counted(limit)
    return {
        LOCAL_LIMIT: typed(
            _KIND,
            stat_prefix="local_limit",
            filter_enabled=_ALWAYS,
            filter_enforced=_ALWAYS,
            rate_limits=[{"actions": [{action: fields}]}],
            # An entry without a value stands for each value that comes, with a bucket of its own.
            descriptors=[{"entries": [{"key": key}], "token_bucket": _bucket(limit)}],
            max_dynamic_descriptors=CLIENTS_MAX,
            always_consume_default_token_bucket=False,
            token_bucket=_bucket(limit),
            enable_x_ratelimit_headers="DRAFT_VERSION_03",
            enable_retry_after_header=True,
        )
    }


def _counted(limit: RateLimit) -> _Counted:
    if limit.by == "address":
        return _ADDRESS
    name, claim = _CLAIMS[limit.by]
    path = [{"key": CLAIMS}, {"key": claim}]
    return name, "metadata", {"descriptor_key": name, "metadata_key": {"key": JWT, "path": path}}


def _bucket(limit: RateLimit) -> Message:
    return {
        "max_tokens": limit.requests,
        "tokens_per_fill": limit.requests,
        "fill_interval": f"{limit.per_s}s",
    }
