"""The edge's own HTTP: whole requests, however they come, and nothing but those."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from samovar.embedded.ports import ReservedPort
from samovar.kit.rest.answers import Answer
from samovar.services.gateway.edge.server import BODY_BYTES_MAX, HEAD_BYTES_MAX, EdgeServer, Request
from samovar.testing.hosting import WAIT_S
from tests.services.gateway.conftest import until

GET = b"GET /a%20b?c=1&d HTTP/1.1\r\nhost: edge\r\nX-Name: Value: 1\r\n\r\n"


class Port:
    """A server that tells what it was asked.

    Attributes:
        may_answer: Answers wait for it.
    """

    def __init__(self) -> None:
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.asked: list[Request] = []
        self._port = ReservedPort()
        self._port.lend()
        self.server = EdgeServer(self._answer, "127.0.0.1", self._port.number)

    async def _answer(self, request: Request) -> Answer:
        self.asked.append(request)
        await self.may_answer.wait()
        if request.path == "/fault":
            raise ValueError("a fault of ours")
        return Answer(b"body", status=404, media_type="text/plain", headers={"etag": '"1"'})

    async def was_asked(self) -> bool:
        return bool(self.asked)

    async def talk(self, *pieces: bytes, answers: int = 0) -> bytes:
        """Send pieces, each in a packet of its own, and return `answers` answers, or all until the server hangs up."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port.number)
        try:
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(0)
            async with asyncio.timeout(WAIT_S):
                if not answers:
                    return await reader.read()
                return b"".join([await reader.readuntil(b"\r\n\r\nbody") for _ in range(answers)])
        finally:
            writer.close()

    async def stop(self) -> None:
        await self.server.stop()
        self._port.release()


@pytest.fixture
async def port() -> AsyncIterator[Port]:
    port = Port()
    await port.server.start()
    yield port
    await port.stop()


async def test_a_request_is_read_and_answered(port: Port) -> None:
    answer = await port.talk(GET, answers=1)
    assert port.asked == [Request("GET", "/a%20b", "c=1&d", {"host": "edge", "x-name": "Value: 1"})]
    head, body = answer.split(b"\r\n\r\n")
    assert head.splitlines() == [
        b"HTTP/1.1 404 Not Found",
        b"content-length: 4",
        b"content-type: text/plain",
        b'etag: "1"',
    ]
    assert body == b"body"


async def test_a_request_may_come_in_pieces(port: Port) -> None:
    await port.talk(*(GET[at : at + 7] for at in range(0, len(GET), 7)), answers=1)
    assert len(port.asked) == 1


async def test_a_connection_serves_one_request_after_the_other(port: Port) -> None:
    await port.talk(GET, GET + GET, answers=3)
    assert len(port.asked) == 3


async def test_a_body_is_dropped(port: Port) -> None:
    post = b"POST /a HTTP/1.1\r\ncontent-length: 6\r\n\r\n"
    await port.talk(post, b"sec", b"ret" + GET, answers=2)
    assert [request.method for request in port.asked] == ["POST", "GET"]


async def test_head_gets_the_length_alone(port: Port) -> None:
    answer = await port.talk(b"HEAD /a HTTP/1.1\r\n\r\n" + GET, answers=1)
    assert answer.startswith(b"HTTP/1.1 404 Not Found\r\ncontent-length: 4\r\n")
    assert answer.count(b"body") == 1


@pytest.mark.parametrize(
    "nonsense",
    [
        b"nonsense\r\n\r\n",
        b"GET /a HTTP/1.1 and more\r\n\r\n",
        b"GET /a HTTP/1.1\r\nno colon\r\n\r\n",
        b"GET /a HTTP/1.1\r\ncontent-length: many\r\n\r\n",
        b"GET /a HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        b"GET /a HTTP/1.1\r\ncontent-length: %d\r\n\r\n" % (BODY_BYTES_MAX + 1),
        b"GET /a HTTP/1.1\r\nx: " + b"y" * HEAD_BYTES_MAX,
    ],
)
async def test_what_envoy_would_not_send_ends_the_connection(port: Port, nonsense: bytes) -> None:
    assert await port.talk(nonsense) == b""
    assert port.asked == []


async def test_a_fault_of_ours_ends_one_connection_and_no_other(port: Port) -> None:
    assert await port.talk(b"GET /fault HTTP/1.1\r\n\r\n") == b""
    assert await port.talk(GET, answers=1)


async def test_stopping_finishes_what_is_under_way(port: Port) -> None:
    port.may_answer.clear()
    waiting = asyncio.create_task(port.talk(GET, answers=1))
    await until(port.was_asked)
    stopping = asyncio.create_task(port.server.stop())
    await asyncio.sleep(0)
    port.may_answer.set()
    assert (await waiting).endswith(b"body")
    await stopping
    with pytest.raises(ConnectionRefusedError):
        await port.talk(GET, answers=1)


async def test_a_client_that_is_gone_hurts_nobody(port: Port) -> None:
    port.may_answer.clear()
    waiting = asyncio.create_task(port.talk(GET, answers=1))
    await until(port.was_asked)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    port.may_answer.set()
    assert await port.talk(GET, answers=1)
