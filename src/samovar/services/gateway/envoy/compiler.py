"""The compiler: the services' contracts in, the structure of Envoy's configuration out.

The structure is Envoy's own JSON with places for what differs between installations: addresses, ports, origins; `filling` completes
it at start. What hardly ever changes of it is committed under `deploy/envoy`, where a change shows in review. The routes are not:
they would be a megabyte, and each says no more than `x-samovar` in the contract of its service, which is committed.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from typing import Any

from samovar.kit.i18n import Catalogue
from samovar.services.gateway.domain import RouteTable, route_table
from samovar.services.gateway.envoy.bootstrap import bootstrap
from samovar.services.gateway.envoy.clusters import clusters
from samovar.services.gateway.envoy.listener import listener
from samovar.services.gateway.envoy.messages import Message
from samovar.services.gateway.envoy.routes import routes
from samovar.services.gateway.permissions import permissions_page

BOOTSTRAP = "envoy.json"
ROUTES = "routes.json"
LINE_LENGTH_MAX = 240


def structure(table: RouteTable) -> dict[str, Message]:
    """Return the files of the structure by name."""
    packages = ("samovar.kit", "samovar.services.gateway")
    catalogue = Catalogue.load(resources.files(package) / "locale" for package in packages)
    return {
        BOOTSTRAP: bootstrap(),
        "listener.json": listener(catalogue),
        "clusters.json": clusters(table),
        ROUTES: routes(table),
    }


def generated_files(documents: Iterable[Mapping[str, Any]]) -> dict[str, bytes]:
    """Return what is committed: the structure and the page of permissions, by path in the repository.

    Raises:
        ContractError: The contracts do not fit together.
    """
    table = route_table(documents)
    files = {
        f"deploy/envoy/{name}": _as_json(message)
        for name, message in structure(table).items()
        if name != ROUTES
    }
    return files | {"docs/permissions.md": permissions_page(table).encode()}


def _as_json(message: Message) -> bytes:
    return "\n".join(_lines(message)).encode() + b"\n"


def _lines(value: Any, depth: int = 0, name: str = "", end: str = "") -> Iterator[str]:
    """Yield a value as lines of JSON: what fits into one stands in one, so that a review reads a route and not its brackets."""
    label = f"{json.dumps(name, ensure_ascii=False)}: " if name else ""
    line = json.dumps(value, ensure_ascii=False)
    if not value or not isinstance(value, dict | list) or len(line) <= LINE_LENGTH_MAX:
        yield f"{' ' * depth}{label}{line}{end}"
        return
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    yield f"{' ' * depth}{label}{opening}"
    parts = list(value.items()) if isinstance(value, dict) else [("", part) for part in value]
    for place, (key, part) in enumerate(parts, 1):
        yield from _lines(part, depth + 1, key, "," if place < len(parts) else "")
    yield f"{' ' * depth}{closing}{end}"
