"""Contracts that do not fit together are refused before anything is served."""

from typing import Any

import pytest

from samovar.kit.routes import Cache, Route, delete, get, post
from samovar.services.gateway.domain import ContractError, route_table
from tests.services.gateway.shop import RESTOCKED, contract, handler, routes


def refuse(match: str, *contracts: dict[str, Any]) -> None:
    """Assert that the contracts are refused, in words that name the fault."""
    with pytest.raises(ContractError, match=match):
        route_table(contracts)


def changed(route: Route, **policy: Any) -> dict[str, Any]:
    """Return a contract whose policy says something that a service cannot declare."""
    made = contract(route)
    for methods in made["paths"].values():
        for operation in methods.values():
            operation["x-samovar"] |= policy
    return made


def test_literals_come_before_parameters_and_services_inside_not_at_all() -> None:
    table = route_table([contract(*routes())])
    paths = list(table.by_path())
    assert paths.index("/v1/things/special") < paths.index("/v1/things/{thing_id}")
    assert "/v1/inside" not in paths
    assert [one.method for one in table.by_path()["/v1/things/special"]] == ["GET"]
    assert table.by_name()["shop get /v1/things"].service == "shop"


def test_a_route_without_a_policy_is_refused() -> None:
    made = contract(get("/v1/things", auth="public")(handler))
    del made["paths"]["/v1/things"]["get"]["x-samovar"]
    refuse("shop: GET /v1/things has no policy", made)


def test_a_policy_without_auth_is_refused() -> None:
    made = contract(get("/v1/things", auth="public")(handler))
    del made["paths"]["/v1/things"]["get"]["x-samovar"]["auth"]
    refuse("shop: GET /v1/things: .*`auth`", made)


@pytest.mark.parametrize(("one", "other"), [("a", "a"), ("{id}", "{name}"), ("a/{id}/b", "a/{name}/b")])
def test_two_services_with_one_path_are_refused(one: str, other: str) -> None:
    first = contract(get(f"/v1/{one}", auth="public")(handler))
    second = contract(get(f"/v1/{other}", auth="player")(handler), name="fair")
    refuse(
        r"shop: GET .* and fair: GET .* serve the same path|fair: GET .* and shop: GET .* serve the same path",
        first,
        second,
    )


def test_one_path_may_have_methods_of_two_services() -> None:
    first = contract(get("/v1/things/{id}", auth="public")(handler))
    second = contract(delete("/v1/things/{thing_id}", auth="player")(handler), name="fair")
    assert {one.service for one in route_table([first, second]).operations} == {"shop", "fair"}


def test_paths_of_which_neither_is_the_more_exact_are_refused() -> None:
    crossing = [get(f"/v1/{path}", auth="public")(handler) for path in ("{a}/top", "games/{b}")]
    refuse("neither is the more exact", contract(*crossing))


@pytest.mark.parametrize(
    ("route", "policy"),
    [
        (post("/v1/a", auth="public")(handler), {}),
        (get("/v1/a", auth="player")(handler), {}),
        (get("/v1/a", auth="public")(handler), {"websocket": True}),
    ],
)
def test_only_a_public_get_may_be_cached(route: Route, policy: dict[str, Any]) -> None:
    refuse("cached", changed(route, cache={"ttl_s": 1}, **policy))


def test_a_tag_that_nothing_purges_is_refused() -> None:
    cached = get("/v1/a", auth="public", cache=Cache(ttl_s=1, tags=("shop.v1.thing_lost",)))(handler)
    refuse("no service publishes shop.v1.thing_lost", contract(cached))
    assert route_table(
        [contract(get("/v1/a", auth="public", cache=Cache(ttl_s=1, tags=(RESTOCKED,)))(handler))]
    )


def test_a_permission_that_nobody_declares_is_refused() -> None:
    route = get("/v1/a", auth="staff", permissions=("shop.thing.steal",))(handler)
    refuse("no service declares the permission shop.thing.steal", contract(route))


def test_a_permission_of_a_route_open_to_all_is_refused() -> None:
    route = get("/v1/a", auth="public")(handler)
    refuse("open to all", changed(route, permissions=["shop.thing.remove"]))


def test_an_unknown_role_is_refused() -> None:
    refuse("unknown roles: king", contract(permissions={"shop.thing.remove": ["king"]}))


def test_two_operations_of_one_name_are_refused() -> None:
    made = contract(get("/v1/a", auth="public")(handler), get("/v1/b", auth="public")(handler))
    for methods in made["paths"].values():
        methods["get"]["operationId"] = "the_same"
    refuse("the same operationId", made)
