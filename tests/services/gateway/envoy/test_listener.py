"""What clients may send, how slowly, and what is written about it."""

import asyncio
import json
import re
from typing import Any

import pytest

from samovar.testing.hosting import WAIT_S
from tests.services.gateway.conftest import Gateway, until

TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"


async def raw(gateway: Gateway, request: bytes) -> str:
    """Send bytes, which may be less than a request, and return the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", gateway.envoy.port)
    writer.write(request)
    async with asyncio.timeout(WAIT_S):
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = re.search(r"content-length: (\d+)", head)
        body = await reader.readexactly(int(length[1]) if length else 0)
    writer.close()
    await writer.wait_closed()
    return head + body.decode()


async def test_a_client_cannot_speak_for_the_gateway(gateway: Gateway) -> None:
    lies = {
        "x-user-id": "1",
        "x-samovar-account": "1",
        "x-samovar-route": "shop get /v1/inside",
        "x-forwarded-for": "192.0.2.1, 192.0.2.2",
        "x-forwarded-host": "elsewhere.test",
        "forwarded": "for=192.0.2.1",
        "x-real-ip": "192.0.2.1",
        "x-original-url": "/v1/inside",
        "x-envoy-retry-on": "5xx",
        "x-envoy-upstream-rq-timeout-ms": "1",
        "x-envoy-anything": "1",
        "x-http-method-override": "DELETE",
        "x-request-id": "mine",
    }
    answer = await gateway.ask("/v1/things?delay_ms=5", headers=lies)
    arrived = answer.body["headers"]
    assert arrived["x-forwarded-for"] == "127.0.0.1"
    assert arrived["x-request-id"] == answer.headers["x-request-id"] != "mine"
    kept = {"x-forwarded-for", "x-request-id"}
    assert not (set(lies) - kept) & set(arrived)
    assert not any(name.startswith("x-envoy") for name in {*arrived, *answer.headers})
    assert answer.headers["server"] == "samovar"


async def test_a_trace_goes_on_or_begins(gateway: Gateway) -> None:
    given = {"traceparent": f"00-{TRACE_ID}-00f067aa0ba902b7-01"}
    answer = await gateway.ask("/v1/things", headers=given)
    assert answer.body["headers"]["traceparent"].split("-")[1] == TRACE_ID
    refused = await gateway.ask("/nowhere", headers=given)
    assert refused.body["trace_id"] == TRACE_ID
    begun = await gateway.ask("/v1/things")
    assert len(begun.body["headers"]["traceparent"].split("-")[1]) == 32


async def test_headers_that_come_too_slowly_are_408(gateway: Gateway) -> None:
    answer = await raw(gateway, b"GET /v1/things HTTP/1.1\r\nhost: a\r\n")
    assert answer.startswith("HTTP/1.1 408 ")
    assert "request.timed_out" in answer


async def test_a_body_that_stops_coming_is_408(gateway: Gateway) -> None:
    answer = await raw(gateway, b"POST /v1/hooks/acme HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\n1")
    assert answer.startswith("HTTP/1.1 408 ")
    assert "request.timed_out" in answer


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /v1/things HTTP/1.1\r\nhost: a\r\nx: " + b"y" * 40_000 + b"\r\n\r\n", 431),
        (b"GET /v1/things HTTP/1.1\r\nhost: a\r\n" + b"x: y\r\n" * 200 + b"\r\n", 431),
        (b"GET /v1/things HTTP/1.1\r\nhost: a\r\nx_user_id: 1\r\nconnection: close\r\n\r\n", 400),
        (
            b"POST /v1/things HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n",
            400,
        ),
        (b"GET /v1/things HTTP/1.1\r\nhost: a\r\nx\x00y: 1\r\n\r\n", 400),
        (b"NONSENSE\r\n\r\n", 400),
    ],
)
async def test_a_request_that_breaks_the_protocol_is_refused(
    gateway: Gateway, request_: bytes, status: int
) -> None:
    assert (await raw(gateway, request_)).startswith(f"HTTP/1.1 {status} ")


async def test_a_request_leaves_one_line_in_the_log(gateway: Gateway) -> None:
    token = gateway.token()
    answer = await gateway.ask("/v1/limits/cluster?secret=1", token=token)
    request_id = answer.headers["x-request-id"]

    async def lines() -> list[dict[str, Any]]:
        return [json.loads(line) for line in gateway.lines if request_id in line]

    (written,) = await until(lines)
    assert written["samovar.route"] == "shop get /v1/limits/cluster"
    assert (written["url.path"], written["http.response.status_code"]) == ("/v1/limits/cluster", 200)
    assert written["trace.id"] == answer.body["headers"]["traceparent"].split("-")[1]
    assert isinstance(written["event.duration"], int)
    assert written["user.id"]
