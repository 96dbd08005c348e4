"""The merged contract: everything from outside, nothing of the inside."""

import json
import re
from typing import Any

from samovar.services.gateway.openapi import merge
from tests.services.gateway.shop import contract, routes


def service(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """Return a contract whose only route answers a `Thing` of its own."""
    made = contract(name=name)
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}
    operation = {"responses": {"200": {"content": content}}, "x-samovar": {"auth": "public"}}
    made["paths"] = {f"/v1/{name}": {"get": operation}}
    made["components"]["schemas"]["Thing"] = schema
    return made


def test_inside_routes_are_left_out() -> None:
    paths = merge({"shop": contract(*routes())}, version="1")["paths"]
    assert "/v1/inside" not in paths
    assert list(paths["/v1/things/special"]) == ["get"]
    assert list(paths) == sorted(paths)


def test_a_service_without_outside_routes_is_not_named() -> None:
    merged = merge({"shop": contract(*routes()), "quiet": contract(name="quiet")}, version="1")
    assert [tag["name"] for tag in merged["tags"]] == ["shop"]


def test_schemas_of_one_name_and_other_content_are_told_apart() -> None:
    contracts = {
        "books": service("books", {"type": "string"}),
        "games": service("games", {"type": "integer"}),
        "toys": service("toys", {"type": "string"}),
    }
    merged = merge(contracts, version="1")
    schemas = merged["components"]["schemas"]
    answered = {
        path: item["get"]["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
        for path, item in merged["paths"].items()
    }
    kinds = {path: schemas[reference.rpartition("/")[2]]["type"] for path, reference in answered.items()}
    assert kinds == {"/v1/books": "string", "/v1/games": "integer", "/v1/toys": "string"}


def test_every_reference_leads_somewhere() -> None:
    merged = merge({"shop": contract(*routes())}, version="1")
    names = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(merged)))
    assert names
    assert names <= set(merged["components"]["schemas"])
