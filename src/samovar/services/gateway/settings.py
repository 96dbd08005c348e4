"""The settings of gateway: section `gateway`. It owns no truth and has no database."""

from typing import Annotated

from msgspec import Meta

from samovar.kit.settings import Settings


class GatewaySettings(Settings, frozen=True, kw_only=True):
    """What an operator may turn."""

    cache_bytes_max: Annotated[
        int, Meta(ge=0, description="The most memory that cached answers may take in one process, bytes.")
    ] = 64 * 1024 * 1024
    status_timeout_ms: Annotated[
        int, Meta(ge=1, description="How long `/v1/status` waits for one service, milliseconds.")
    ] = 2_000
