"""The web client behind the same Envoy: what is a page of it, and what stays an answer of the API."""

from typing import Any
from uuid import uuid4

import pytest

from samovar.kit.routes import get
from samovar.services.gateway.domain import route_table
from samovar.services.gateway.envoy.routes import routes as compiled
from tests.services.gateway.conftest import Gateway
from tests.services.gateway.shop import contract

BROWSER = {"accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}


@pytest.mark.parametrize("path", ["/", "/game/tea-line?tab=reviews", "/settings/security", "/v1x", "/_ui"])
async def test_a_browser_gets_the_client_at_every_path_that_no_service_has(
    gateway: Gateway, path: str
) -> None:
    answer = await gateway.ask(path, headers=BROWSER)
    assert answer.status == 200
    assert gateway.shop.requests[-1].raw_path == path


@pytest.mark.parametrize(
    "path", ["/v1", "/v1/none", "/v1?x=1", "/content/none", "/oauth2/none", "/.well-known/none"]
)
async def test_a_path_of_the_api_that_is_not_there_is_a_404_of_the_api_for_a_browser_too(
    gateway: Gateway, path: str
) -> None:
    answer = await gateway.ask(path, headers=BROWSER)
    assert (answer.status, answer.body["code"]) == (404, "request.not_found")


async def test_who_wants_no_page_gets_a_404_but_at_the_front(gateway: Gateway) -> None:
    assert (await gateway.ask("/settings/security", headers={"accept": "*/*"})).status == 404
    assert (await gateway.ask("/", headers={"accept": "*/*"})).status == 200
    assert (await gateway.ask("/settings/security", "POST", headers=BROWSER)).status == 404


async def test_files_are_given_to_whoever_asks(gateway: Gateway) -> None:
    answer = await gateway.ask("/client/0123/main.dart.js", headers={"accept": "*/*"})
    assert answer.status == 200


async def test_a_file_is_asked_for_again_where_its_connection_was_closed(gateway: Gateway) -> None:
    path = f"/client/0123/font.ttf?reset=2&mark={uuid4()}"
    assert (await gateway.ask(path, headers={"accept": "*/*"})).status == 200
    assert len(gateway.shop.seen(path)) == 3


async def test_a_file_of_a_browser_is_brought_to_its_address_and_to_no_other(gateway: Gateway) -> None:
    brought = await gateway.ask("/client/upload/ticket", "PUT", data=b"png" * 1_000)
    assert brought.status == 200
    assert gateway.shop.requests[-1].raw_path == "/client/upload/ticket"
    assert (await gateway.ask("/client/0123/main.dart.js", "PUT", data=b"x")).status == 404
    assert (await gateway.ask("/client/upload/ticket", "POST", data=b"x")).status == 404


async def test_a_slash_that_is_hidden_in_a_page_is_refused(gateway: Gateway) -> None:
    assert (await gateway.ask("/game/a%2fb", headers=BROWSER)).status == 400


async def test_the_client_is_believed_whose_address_it_names(gateway: Gateway) -> None:
    named = {"x-forwarded-for": "203.0.113.9"}
    await gateway.ask("/v1/things/special?who=outside", headers=named)
    (outside,) = gateway.shop.seen("who=outside")
    assert outside.headers["x-forwarded-for"] == "127.0.0.1"
    await gateway.ask("/v1/things/special?who=inside", headers=named, port=gateway.inside_port)
    (inside,) = gateway.shop.seen("who=inside")
    assert inside.headers["x-forwarded-for"] == "203.0.113.9"


def test_the_bare_address_of_a_service_stands_before_the_client_and_before_no_other_path() -> None:
    paths = ("/", "/page/{name}", "/v1/things/{name}")
    declared = [get(path, auth="public")(_show) for path in paths]
    tree = compiled(route_table([contract(*declared)]))["resources"][0]["virtual_hosts"][0]["matcher"][
        "on_no_match"
    ]["matcher"]
    lists = tree["matcher_tree"]["prefix_match_map"]["map"]

    def names(action: Any) -> list[str]:
        return [route["name"] for route in action["action"]["typed_config"]["routes"]]

    assert set(lists) == {"/page", "/v1/things"}
    assert names(tree["on_no_match"])[0] == "shop get /"
    assert "client page" in names(lists["/page"])
    assert "client page" not in names(lists["/v1/things"])


async def _show() -> None:
    """Answer nothing: the routes alone are looked at."""
