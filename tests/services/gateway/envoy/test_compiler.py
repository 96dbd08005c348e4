"""What is committed: the structure of Envoy's files and the page of permissions."""

import json

from samovar.services.gateway.envoy.compiler import generated_files
from tests.services.gateway.shop import contract, routes


def test_the_structure_is_json_with_places_for_what_installations_differ_in() -> None:
    files = generated_files([contract(*routes())])
    assert set(files) == {
        *(f"deploy/envoy/{name}.json" for name in ("envoy", "listener", "clusters")),
        "docs/permissions.md",
    }
    assert "127.0.0.1" not in "".join(content.decode() for content in files.values())
    clusters = json.loads(files["deploy/envoy/clusters.json"])["resources"]
    assert {cluster["name"] for cluster in clusters} == {
        *("edge", "jwks", "collector"),
        *("shop", "shop.cached", "shop.sockets"),
        *("client", "client.sockets"),
    }


def test_the_page_of_permissions_has_a_row_for_every_route() -> None:
    page = generated_files([contract(*routes())])["docs/permissions.md"].decode()
    assert "| `DELETE /v1/things/{thing_id}` | staff | shop.thing.remove | 401 | 403 | 403 | + |" in page
    assert "/v1/inside" not in page
