"""HTTP/2 without TLS (RFC 9113): requests pass, and who abuses its frames is cut off."""

import asyncio
import json
from typing import Any

from samovar.testing.hosting import WAIT_S
from tests.services.gateway.conftest import Gateway

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, GOAWAY = 0, 1, 3, 4, 7
END_STREAM, END_HEADERS = 1, 4
STATUS_200 = 0x88  # An entry of HPACK's static table.
RESETS = 5_000


def frame(kind: int, flags: int, stream: int, payload: bytes = b"") -> bytes:
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


def request(stream: int, path: str) -> bytes:
    """Return a GET, its headers literal and in no table (RFC 7541, section 6.2.2)."""
    headers = {":method": "GET", ":scheme": "http", ":authority": "gateway", ":path": path}
    block = b"".join(
        b"\x00" + bytes([len(name)]) + name.encode() + bytes([len(value)]) + value.encode()
        for name, value in headers.items()
    )
    return frame(HEADERS, END_STREAM | END_HEADERS, stream, block)


async def answer_frames(reader: asyncio.StreamReader) -> Any:
    """Yield what comes: kind, flags, stream, payload."""
    while True:
        head = await reader.readexactly(9)
        payload = await reader.readexactly(int.from_bytes(head[:3], "big"))
        yield head[3], head[4], int.from_bytes(head[5:], "big"), payload


async def test_requests_share_a_connection(gateway: Gateway) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", gateway.envoy.port)
    writer.write(PREFACE + frame(SETTINGS, 0, 0))
    for stream in (1, 3, 5):
        writer.write(request(stream, f"/v1/things?stream={stream}"))
    statuses: dict[int, int] = {}
    bodies: dict[int, bytes] = {}
    ended = set()
    async with asyncio.timeout(WAIT_S):
        async for kind, flags, stream, payload in answer_frames(reader):
            if kind == HEADERS:
                statuses[stream] = payload[0]
            elif kind == DATA:
                bodies[stream] = bodies.get(stream, b"") + payload
            if kind in {HEADERS, DATA} and flags & END_STREAM:
                ended.add(stream)
            if ended == {1, 3, 5}:
                break
    writer.close()
    await writer.wait_closed()
    assert statuses == dict.fromkeys((1, 3, 5), STATUS_200)
    assert {stream: json.loads(body)["path"] for stream, body in bodies.items()} == {
        stream: f"/v1/things?stream={stream}" for stream in (1, 3, 5)
    }


async def test_who_opens_streams_only_to_reset_them_is_cut_off(gateway: Gateway) -> None:
    """CVE-2023-44487: each costs the client nothing and the server a request."""
    reader, writer = await asyncio.open_connection("127.0.0.1", gateway.envoy.port)
    writer.write(PREFACE + frame(SETTINGS, 0, 0))
    for number in range(RESETS):
        stream = 2 * number + 1
        writer.write(request(stream, "/v1/things?delay_ms=50&rapid"))
        writer.write(frame(RST_STREAM, 0, stream, (8).to_bytes(4, "big")))
    async with asyncio.timeout(WAIT_S):
        try:
            while await reader.read(65_536):
                pass
        except ConnectionError:
            pass  # Cut off while there was more to say.
    writer.close()
    assert len(gateway.shop.seen("rapid")) < RESETS
    assert (await gateway.ask("/v1/things")).status == 200
