"""The contracts of all services, as files: the gateway knows services by what they declare, and imports none."""

from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any

import msgspec

from samovar.kit.routes import Policy

METHODS = ("get", "post", "put", "patch", "delete")


class Operation(msgspec.Struct, frozen=True):
    """One route of one service.

    Attributes:
        path: As OpenAPI writes it: `/v1/games/{game_id}`.
    """

    service: str
    method: str
    path: str
    policy: Policy


def read_contracts() -> dict[str, dict[str, Any]]:
    """Return every service's OpenAPI document by its name."""
    files = (folder / "contract" / "openapi.json" for folder in resources.files("samovar.services").iterdir())
    documents = (msgspec.json.decode(file.read_bytes()) for file in files if file.is_file())
    return {document["x-samovar-service"]["name"]: document for document in documents}


def operations(contracts: Mapping[str, Mapping[str, Any]]) -> Iterator[Operation]:
    """Return all routes of all services."""
    for service, document in sorted(contracts.items()):
        for path, item in document["paths"].items():
            for method in METHODS:
                if method in item:
                    policy = msgspec.convert(item[method]["x-samovar"], Policy)
                    yield Operation(service, method.upper(), path, policy)
