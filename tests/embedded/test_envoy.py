"""Envoy runs what it is given, and says what is wrong with it."""

import json
from pathlib import Path
from typing import Any

import pytest

from samovar.embedded.binaries import ServerError
from samovar.embedded.envoy import EnvoyServer
from samovar.embedded.process import http_status

EXTENSIONS = "type.googleapis.com/envoy.extensions.filters"


def answering(port: int) -> dict[str, Any]:
    """Return a listener that answers 204 to everything."""
    route = {"match": {"prefix": "/"}, "direct_response": {"status": 204}}
    manager = {
        "@type": f"{EXTENSIONS}.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "test",
        "route_config": {"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": [route]}]},
        "http_filters": [
            {
                "name": "envoy.filters.http.router",
                "typed_config": {"@type": f"{EXTENSIONS}.http.router.v3.Router"},
            }
        ],
    }
    name = "envoy.filters.network.http_connection_manager"
    return {
        "name": "test",
        "address": address(port),
        "filter_chains": [{"filters": [{"name": name, "typed_config": manager}]}],
    }


def address(port: int) -> dict[str, Any]:
    return {"socket_address": {"address": "127.0.0.1", "port_value": port}}


def configured(folder: Path) -> EnvoyServer:
    folder.mkdir(parents=True)
    server = EnvoyServer(folder, folder / "envoy.json")
    config = {
        "admin": {"address": address(server.admin_port)},
        "static_resources": {"listeners": [answering(server.port)]},
    }
    server.config.write_text(json.dumps(config), "utf-8")
    return server


async def test_two_run_side_by_side(folder: Path) -> None:
    async with configured(folder / "1") as one, configured(folder / "2") as two:
        assert [await http_status(server.port, "/") for server in (one, two)] == [204, 204]


async def test_a_wrong_configuration_is_said_in_one_sentence(folder: Path) -> None:
    server = configured(folder)
    server.config.write_text('{"listeners": 1}', "utf-8")
    with pytest.raises(ServerError, match="listeners"):
        async with server:
            pass
