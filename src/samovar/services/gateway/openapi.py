"""All services' contracts as one OpenAPI 3.1 document: what a client of the platform sees, and nothing of the inside."""

from collections.abc import Mapping
from typing import Any

from samovar.services.gateway.domain import METHODS

_SCHEMAS = "#/components/schemas/"


def merge(contracts: Mapping[str, Mapping[str, Any]], *, version: str) -> dict[str, Any]:
    """Return the merged document: outside routes only, schemas of the same name and other content renamed."""
    paths: dict[str, dict[str, Any]] = {}
    schemas: dict[str, Any] = {}
    security: dict[str, Any] = {}
    tags = []
    for service, document in sorted(contracts.items()):
        outside = _outside(document["paths"])
        if not outside:
            continue
        tags.append({"name": service, "description": document["info"]["summary"]})
        renamed = _renamed(service, document["components"]["schemas"], schemas)
        for name, schema in document["components"]["schemas"].items():
            schemas[renamed[name]] = _with_references(schema, renamed)
        for path, item in outside.items():
            paths.setdefault(path, {}).update(_with_references(item, renamed))
        security |= document["components"]["securitySchemes"]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Samovar",
            "summary": "An open game platform",
            "version": version,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "tags": tags,
        "paths": dict(sorted(paths.items())),
        "components": {"schemas": dict(sorted(schemas.items())), "securitySchemes": security},
    }


def _outside(paths: Mapping[str, Any]) -> dict[str, Any]:
    kept = {
        path: {
            method: item[method]
            for name in METHODS
            if (method := name.lower()) in item and _is_outside(item[method])
        }
        for path, item in paths.items()
    }
    return {path: item for path, item in kept.items() if item}


def _is_outside(operation: Mapping[str, Any]) -> bool:
    return bool(operation["x-samovar"]["auth"] != "service")


def _renamed(service: str, own: Mapping[str, Any], taken: Mapping[str, Any]) -> dict[str, str]:
    """Return the name under which each of a service's schemas is published."""
    return {
        name: name if taken.get(name, schema) == schema else f"{service.capitalize()}{name}"
        for name, schema in own.items()
    }


def _with_references(value: Any, renamed: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {
            key: _SCHEMAS + renamed[item.removeprefix(_SCHEMAS)]
            if key == "$ref" and isinstance(item, str)
            else _with_references(item, renamed)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_with_references(item, renamed) for item in value]
    return value
