"""The settings of gateway: section `gateway`. It owns no truth and has no database."""

from typing import Annotated

from msgspec import Meta

from samovar.kit.settings import Port, Settings


class GatewaySettings(Settings, frozen=True, kw_only=True):
    """What an operator may turn."""

    edge_port: Annotated[
        Port,
        Meta(
            description="The port on which Envoy asks for cached answers and limits; keep it closed to all others."
        ),
    ] = 8001
    cache_bytes_max: Annotated[
        int, Meta(ge=0, description="The most memory that cached answers may take in one process, bytes.")
    ] = 64 * 1024 * 1024
    status_timeout_ms: Annotated[
        int, Meta(ge=1, description="How long `/v1/status` waits for one service, milliseconds.")
    ] = 2_000
    cors_origins: Annotated[
        tuple[str, ...],
        Meta(
            description='Pages of these origins may call the API, `["https://shop.example"]`; none by default.'
        ),
    ] = ()
    trusted_hops: Annotated[
        int,
        Meta(
            ge=0,
            description="How many proxies of yours stand before Envoy: the client's address is what the first of them wrote "
            "into `X-Forwarded-For`. With 0 that header counts for nothing.",
        ),
    ] = 0
