"""Envoy's messages as plain JSON: always JSON, never YAML, which reads a name `n` as false."""

from typing import Any

Message = dict[str, Any]

_PREFIX = "type.googleapis.com/"


def typed(kind: str, **fields: Any) -> Message:
    """Return a message that carries the name of its type."""
    return {"@type": _PREFIX + kind, **fields}


def extension(name: str, kind: str, **fields: Any) -> Message:
    """Return a named extension with its configuration."""
    return {"name": name, "typed_config": typed(kind, **fields)}


def header(name: str, value: str, *, action: str = "OVERWRITE_IF_EXISTS_OR_ADD") -> Message:
    """Return the setting of a header; one whose value turns out empty is left out."""
    return {"header": {"key": name, "value": value}, "append_action": action}


def socket(host: str, port: str | int) -> Message:
    """Return an address; both parts may be places to be filled in."""
    return {"socket_address": {"address": host, "port_value": port}}


def seconds(milliseconds: float) -> str:
    """Return a duration as Envoy reads it."""
    return f"{milliseconds / 1000:g}s"
