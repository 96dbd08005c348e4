"""Which request reaches which service: paths, methods, bodies, sockets, retries."""

import io
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest

from samovar.services.gateway.domain import route_table
from samovar.services.gateway.envoy.routes import routes as compiled
from tests.services.gateway.conftest import Gateway
from tests.services.gateway.shop import STREAMED_BYTES_MAX, contract, routes

PROBLEM = "application/problem+json"


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/v1",
            "/v1/",
            "/v1/thing",
            "/v1/thingsome",
            "/v1/things/",
            "/v1/things/special/",
            "/v1/things/a/b/c",
        ),
        *(
            "/v1/inside",
            "/v1/../v1/inside",
            "/v1//inside",
            "/V1/things",
            "/readyz",
            "/metrics",
            "/.edge/limits",
        ),
    ],
)
async def test_an_unknown_path_is_404(gateway: Gateway, path: str) -> None:
    answer = await gateway.ask(path, token=gateway.token("admin"))
    assert (answer.status, answer.body["code"]) == (404, "request.not_found")
    assert answer.headers["content-type"] == PROBLEM


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/v1/things", "GET, HEAD, POST"),
        ("PUT", f"/v1/things/{UUID(int=7)}", "DELETE, GET, HEAD"),
        # That this method exists for services inside is nobody's business.
        ("POST", "/v1/things/special", "GET, HEAD"),
        ("OPTIONS", "/v1/things/special", "GET, HEAD"),
        ("TRACE", "/v1/hooks/acme", "POST"),
    ],
)
async def test_an_unknown_method_of_a_known_path_is_405(
    gateway: Gateway, method: str, path: str, allowed: str
) -> None:
    answer = await gateway.ask(path, method)
    assert (answer.status, answer.body["code"]) == (405, "request.method_not_allowed")
    assert answer.headers["allow"] == allowed


async def test_a_literal_wins_over_a_parameter(gateway: Gateway) -> None:
    assert (await gateway.ask("/v1/things/special")).status == 200
    assert (await gateway.ask(f"/v1/things/{uuid4()}")).status == 401
    # The longer literal has no such path behind it, the parameter has.
    assert (await gateway.ask("/v1/things/special/reviews")).status == 200
    assert (await gateway.ask("/v1/things/special/offers")).status == 401
    assert (await gateway.ask("/v1/things/specialities/reviews")).status == 200


async def test_the_lists_of_routes_are_short() -> None:
    tree = compiled(route_table([contract(*routes())]))["resources"][0]["virtual_hosts"][0]["matcher"]
    lists = tree["on_no_match"]["matcher"]["matcher_tree"]["prefix_match_map"]["map"]
    sizes = {prefix: len(found["action"]["typed_config"]["routes"]) for prefix, found in lists.items()}
    assert sizes["/v1/things"] == 9
    assert sizes["/v1/limits/address"] == 3


@pytest.mark.parametrize(
    ("sent", "arrives"),
    [
        ("/v1//things", "/v1/things"),
        ("/v1/prices/../things", "/v1/things"),
        ("/v1/prices/%2e%2e/things", "/v1/things"),
        ("/v1/./things?a=%2F..%2F", "/v1/things?a=%2F..%2F"),
    ],
)
async def test_a_path_is_checked_as_the_service_will_see_it(
    gateway: Gateway, sent: str, arrives: str
) -> None:
    answer = await gateway.ask(sent)
    assert (answer.status, answer.body["path"]) == (200, arrives)


@pytest.mark.parametrize("path", ["/v1/hooks/a%2Fb", "/v1/hooks/..%5Cinside", "/v1%2finside"])
async def test_an_encoded_slash_is_refused(gateway: Gateway, path: str) -> None:
    answer = await gateway.ask(path, "POST")
    assert (answer.status, answer.body["code"]) == (400, "request.malformed")


async def test_head_is_answered_like_get(gateway: Gateway) -> None:
    answer = await gateway.ask("/v1/things", "HEAD")
    assert (answer.status, answer.body) == (200, b"")


async def test_a_body_above_the_limit_is_413(gateway: Gateway) -> None:
    async def chunked() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"x" * 100

    token = gateway.token()
    assert (await gateway.ask("/v1/things", "POST", token=token, data=b"x" * 1_000)).body[
        "body_bytes"
    ] == 1_000
    for body in (b"x" * 1_001, chunked()):
        answer = await gateway.ask("/v1/things", "POST", token=token, data=body)
        assert (answer.status, answer.body["code"]) == (413, "request.too_large")


async def test_a_large_body_is_passed_on_as_it_comes(gateway: Gateway) -> None:
    answer = await gateway.ask("/v1/uploads", "PUT", data=io.BytesIO(b"x" * STREAMED_BYTES_MAX))
    assert (answer.status, answer.body["body_bytes"]) == (200, STREAMED_BYTES_MAX)
    answer = await gateway.ask("/v1/uploads", "PUT", data=io.BytesIO(b"x" * (STREAMED_BYTES_MAX + 1)))
    assert (answer.status, answer.body["code"]) == (413, "request.too_large")


async def test_a_service_that_takes_too_long_is_504(gateway: Gateway) -> None:
    answer = await gateway.ask("/v1/quick?delay_ms=3000")
    assert (answer.status, answer.body["code"]) == (504, "request.deadline_exceeded")


@pytest.mark.parametrize("fault", ["fails", "reset"])
async def test_what_may_be_repeated_survives_faults(gateway: Gateway, fault: str) -> None:
    path = f"/v1/flaky?{fault}=2&mark={uuid4()}"
    answer = await gateway.ask(path, "PUT", data=b"x" * 100_000)
    assert (answer.status, answer.body["body_bytes"]) == (200, 100_000)
    assert len(gateway.shop.seen(path)) == 3


@pytest.mark.parametrize("fault", ["fails", "reset"])
async def test_what_may_not_be_repeated_is_sent_once(gateway: Gateway, fault: str) -> None:
    path = f"/v1/flaky?{fault}=1&mark={uuid4()}"
    answer = await gateway.ask(path, "POST", data=b"x")
    assert answer.status == 503
    assert len(gateway.shop.seen(path)) == 1


async def test_retries_end(gateway: Gateway) -> None:
    path = f"/v1/flaky?fails=100&mark={uuid4()}"
    assert (await gateway.ask(path, "PUT")).status == 503
    assert len(gateway.shop.seen(path)) == 3


async def test_a_socket_is_passed_on_where_one_is_declared(gateway: Gateway) -> None:
    async with gateway._session.ws_connect("/v1/socket") as socket:
        await socket.send_str("привет")
        assert (await socket.receive_str()) == "echo привет"


async def test_a_socket_is_refused_elsewhere(gateway: Gateway) -> None:
    upgrade = {"connection": "upgrade", "upgrade": "websocket", "sec-websocket-version": "13"}
    answer = await gateway.ask(f"/v1/things?mark={(mark := uuid4())}", headers=upgrade)
    assert answer.status == 403
    assert gateway.shop.seen(str(mark)) == []
