"""Answers are read whole, and only so far."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from samovar.services.payment.calling import body_of, new_session

# More than one piece of a connection holds.
BODY = bytes(range(256)) * 4_000


@pytest.fixture
async def server() -> AsyncIterator[TestServer]:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=BODY)

    app = web.Application()
    app.router.add_get("/", answer)
    server = TestServer(app)
    async with server:
        yield server


async def test_an_answer_in_many_pieces_is_read_whole(server: TestServer) -> None:
    async with new_session(10) as session, session.get(server.make_url("/")) as answer:
        assert await body_of(answer, len(BODY)) == BODY


async def test_an_answer_that_is_too_long_is_refused(server: TestServer) -> None:
    async with new_session(10) as session, session.get(server.make_url("/")) as answer:
        with pytest.raises(aiohttp.ClientPayloadError):
            await body_of(answer, len(BODY) - 1)
