"""Putting addresses and ports into the structure, and the finished files where Envoy watches them."""

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from samovar.kit.settings import PlatformSettings, SettingsError
from samovar.services.gateway.contracts import read_contracts
from samovar.services.gateway.domain import route_table
from samovar.services.gateway.envoy.client import CLUSTER
from samovar.services.gateway.envoy.compiler import BOOTSTRAP, structure
from samovar.services.gateway.envoy.messages import extension, socket
from samovar.services.gateway.settings import GatewaySettings

LOOPBACK = "127.0.0.1"

_PLACE = re.compile(r"\$\{([a-z0-9_.]+)\}")
_HTTP_PORT = 80
_MILLION = 1_000_000
_SAMPLERS = "envoy.tracers.opentelemetry.samplers"


class Listening(msgspec.Struct, frozen=True, kw_only=True):
    """Where one Envoy listens.

    Attributes:
        folder: Its files.
        admin_port: The port of the admin page, which whoever reaches it can use to stop Envoy.
        inside_port: The port for the web client, who is believed whose address it names; 0 takes a free one.
    """

    folder: Path
    port: int
    host: str = LOOPBACK
    admin_port: int
    admin_host: str = LOOPBACK
    inside_port: int = 0
    inside_host: str = LOOPBACK


def configure(listening: Listening, *, platform: PlatformSettings, settings: GatewaySettings) -> Path:
    """Write the configuration of this installation and return the file that Envoy starts with.

    Raises:
        ContractError: The services' contracts do not fit together.
        SettingsError: An address cannot be used.
    """
    table = route_table(read_contracts().values())
    values = places(table.services, listening=listening, platform=platform, settings=settings)
    files = {name: fill(message, values) for name, message in structure(table).items()}
    return write(listening.folder, files)


def places(
    services: tuple[str, ...], *, listening: Listening, platform: PlatformSettings, settings: GatewaySettings
) -> dict[str, Any]:
    """Return what is to be filled in, by the name of its place.

    Raises:
        SettingsError: An address cannot be used.
    """
    found: dict[str, Any] = {
        "folder": str(listening.folder),
        "host": listening.host,
        "port": listening.port,
        "admin_host": listening.admin_host,
        "admin_port": listening.admin_port,
        "inside_host": listening.inside_host,
        "inside_port": listening.inside_port,
        "origin": platform.origin,
        "jwks_url": platform.jwks_url,
        "cors_origins": [{"exact": origin} for origin in settings.cors_origins],
        "trusted_hops": settings.trusted_hops,
    }
    rest = {name: f"http://{platform.address_of(name).rest}" for name in (*services, CLUSTER)}
    gateway = urlsplit(f"http://{platform.address_of('gateway').rest}").hostname
    for place, url in {
        **rest,
        "edge": f"http://{gateway}:{settings.edge_port}",
        "jwks": platform.jwks_url,
    }.items():
        found[f"{place}.host"], found[f"{place}.port"] = _host_and_port(url)
    return found | _tracing(platform)


def fill(structure: Any, values: Mapping[str, Any]) -> str:
    """Return a file of the structure with its places filled in, as JSON.

    Raises:
        LookupError: A place has no value.
    """
    return json.dumps(_filled(structure, values), ensure_ascii=False, indent=1)


def write(folder: Path, files: Mapping[str, str]) -> Path:
    """Write finished files so that a running Envoy never sees half of one, and return what it starts with."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    # A route may name a cluster that is new, so clusters come first.
    for name in sorted(files):
        unfinished = folder / f".{name}.new"
        with unfinished.open("w", encoding="utf-8") as file:
            file.write(files[name])
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(folder / name)
    return folder / BOOTSTRAP


def _filled(value: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(value, dict):
        return {key: _filled(item, values) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, values) for item in value]
    if not isinstance(value, str):
        return value
    if whole := _PLACE.fullmatch(value):
        return _value(whole, values)
    return _PLACE.sub(lambda place: str(_value(place, values)), value)


def _value(place: re.Match[str], values: Mapping[str, Any]) -> Any:
    if place[1] not in values:
        raise LookupError(f"nothing to fill in for {place[0]}")
    return values[place[1]]


def _host_and_port(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    if parts.scheme != "http" or not parts.hostname:
        raise SettingsError(f"{url}: Envoy reaches other parts at http://host:port")
    return parts.hostname, parts.port or _HTTP_PORT


def _tracing(platform: PlatformSettings) -> dict[str, Any]:
    """Return where spans go and which are recorded: those that the client wants, and a share of all others."""
    share = platform.trace_sample_ratio if platform.otlp_endpoint else 0
    ratio = extension(
        f"{_SAMPLERS}.trace_id_ratio_based",
        "envoy.extensions.tracers.opentelemetry.samplers.v3.TraceIdRatioBasedSamplerConfig",
        sampling_percentage={"numerator": round(share * _MILLION), "denominator": "MILLION"},
    )
    if platform.otlp_endpoint is None:
        return {"collector": [], "collector_url": "http://collector", "sampler": ratio}
    address = socket(*_host_and_port(platform.otlp_endpoint))
    return {
        "collector": [{"lb_endpoints": [{"endpoint": {"address": address}}]}],
        "collector_url": f"{platform.otlp_endpoint.rstrip('/')}/v1/traces",
        "sampler": extension(
            f"{_SAMPLERS}.parent_based",
            "envoy.extensions.tracers.opentelemetry.samplers.v3.ParentBasedSamplerConfig",
            wrapped_sampler=ratio,
        ),
    }
