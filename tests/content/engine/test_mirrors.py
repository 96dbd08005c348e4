"""What one mirror breaks off another one goes on with; a refused ticket is exchanged once; nobody who lies is believed."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import pytest
from aiohttp import web

from samovar.content.engine.installing import open_folder
from samovar.content.engine.mirrors import Mirrors, new_session
from samovar.content.engine.pace import Pace, Schedule
from samovar.content.engine.scoring import Scores
from samovar.content.engine.tickets import Ticket, Tickets
from samovar.content.install.errors import SourceFailed
from samovar.content.install.state import empty_tree
from tests.content.format.material import KIB, MIB, noise
from tests.content.install.shop import Content, Shop, expected, read

DATA = noise("object", 300 * KIB)
KEY = "packs/" + "0" * 64
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Server:
    """A mirror on loopback.

    Args:
        handler: Answers; without it objects are served from the shop or `DATA`.
    """

    def __init__(self, handler: Handler | None = None, shop: Shop | None = None) -> None:
        self.asked: list[str] = []
        self.base = ""
        self._handler = handler or self.serve
        self._shop = shop

    async def serve(self, request: web.Request) -> web.StreamResponse:
        if request.path.startswith("/old/"):
            return web.Response(status=403)
        data = (
            DATA if self._shop is None else (self._shop.folder / request.path.rpartition("/")[2]).read_bytes()
        )
        span = request.http_range
        begin, end = span.start or 0, span.stop or len(data)
        return web.Response(
            status=206,
            body=data[begin:end],
            headers={"Content-Range": f"bytes {begin}-{end - 1}/{len(data)}"},
        )

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.headers["Range"])
        return await self._handler(request)


@asynccontextmanager
async def served(*servers: Server) -> AsyncIterator[tuple[str, ...]]:
    runners = []
    for server in servers:
        app = web.Application()
        app.router.add_get("/{path:.*}", server.answer)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        server.base = f"http://{host}:{port}/new/"
        runners.append(runner)
    try:
        yield tuple(server.base for server in servers)
    finally:
        for runner in runners:
            await runner.cleanup()


@asynccontextmanager
async def source(bases: tuple[str, ...], renewed: list[Ticket] | None = None) -> AsyncIterator[Mirrors]:
    async def renew() -> Ticket:
        assert renewed, "a ticket was exchanged that need not be"
        return renewed.pop()

    async def no_sleep(_seconds: float) -> None:
        return

    tickets = Tickets(Ticket(bases, 2e9), renew, lambda: 1e9)
    pace = Pace(Schedule(), now=datetime.now, monotonic=time.monotonic)
    async with new_session() as session:
        yield Mirrors(
            session, tickets, Scores(time.monotonic), pace, monotonic=time.monotonic, sleep=no_sleep
        )


async def fetch(mirrors: Mirrors, offset: int, length: int) -> bytes:
    return b"".join([data async for data in mirrors.read(KEY, offset, length)])


async def test_a_range_is_fetched() -> None:
    async with served(Server()) as bases, source(bases) as mirrors:
        assert await fetch(mirrors, 1000, 200 * KIB) == DATA[1000:][: 200 * KIB]
        assert await fetch(mirrors, 0, len(DATA)) == DATA


def broken(kind: str) -> Handler:
    async def answer(request: web.Request) -> web.StreamResponse:
        span = request.http_range
        begin, end = span.start or 0, span.stop or 0
        given = {"Content-Range": f"bytes {begin}-{end - 1}/{len(DATA)}"}
        if kind.isdigit():
            return web.Response(status=int(kind))
        if kind == "other range":
            return web.Response(
                status=206, body=DATA[: end - begin], headers={"Content-Range": "bytes 0-9/10"}
            )
        if kind == "whole":
            return web.Response(body=DATA)
        response = web.StreamResponse(status=206, headers=given)
        if kind == "breaks off":
            response.content_length = end - begin
        await response.prepare(request)
        await response.write(DATA[begin : begin + (end - begin) // 3])
        if kind == "breaks off" and request.transport is not None:
            request.transport.close()
        return response

    return answer


@pytest.mark.parametrize(
    "kind", ["500", "416", "404", "302", "other range", "whole", "breaks off", "too short"]
)
async def test_what_one_mirror_fails_at_another_goes_on_with(kind: str) -> None:
    bad, good = Server(broken(kind)), Server()
    async with served(bad, good) as bases, source(bases) as mirrors:
        assert await fetch(mirrors, 5000, 100 * KIB) == DATA[5000:][: 100 * KIB]
    assert bad.asked
    begin = int(good.asked[0].removeprefix("bytes=").partition("-")[0])
    assert (begin > 5000) == (kind in {"breaks off", "too short"})


async def test_who_fails_is_left_and_who_answers_is_asked() -> None:
    bad, good = Server(broken("500")), Server()
    async with served(bad, good) as bases, source(bases) as mirrors:
        for _ in range(10):
            await fetch(mirrors, 0, 1000)
    assert len(bad.asked) == 1
    assert len(good.asked) == 10


@pytest.mark.parametrize(("kind", "gone"), [("404", True), ("500", False)])
async def test_when_nobody_answers_that_is_said(kind: str, *, gone: bool) -> None:
    async with served(Server(broken(kind)), Server(broken(kind))) as bases, source(bases) as mirrors:
        with pytest.raises(SourceFailed) as failed:
            await fetch(mirrors, 0, 1000)
    assert failed.value.gone == gone


async def test_a_refused_ticket_is_exchanged_once_for_all(
    shop: Shop, tmp_path: Path, threads: ThreadPoolExecutor
) -> None:
    content = Content({f"{number}": noise(f"{number}", MIB) for number in range(8)})
    offer = shop.offer(empty_tree(), shop.push(content))
    server = Server(shop=shop)
    async with served(server) as bases:
        old = tuple(base.replace("/new/", "/old/") for base in bases)
        async with (
            source(old, [Ticket(bases, 2e9)]) as mirrors,
            open_folder(tmp_path / "game", threads) as folder,
        ):
            await folder.install(offer, mirrors)
    assert read(tmp_path / "game") == expected(content)


async def test_a_ticket_that_is_refused_again_ends_it() -> None:
    async with served(Server()) as bases:
        old = tuple(base.replace("/new/", "/old/") for base in bases)
        async with source(old, [Ticket(old, 2e9), Ticket(old, 2e9)]) as mirrors:
            with pytest.raises(SourceFailed, match="refuses the ticket"):
                await fetch(mirrors, 0, 1000)


async def test_a_mirror_that_lies_is_left_for_one_that_does_not(
    shop: Shop, tmp_path: Path, threads: ThreadPoolExecutor
) -> None:
    content = Content({"a": noise("a", 3 * MIB)})
    offer = shop.offer(empty_tree(), shop.push(content))

    async def lie(request: web.Request) -> web.StreamResponse:
        span = request.http_range
        begin, end = span.start or 0, span.stop or 0
        return web.Response(
            status=206, body=bytes(end - begin), headers={"Content-Range": f"bytes {begin}-{end - 1}/*"}
        )

    liar, good = Server(lie), Server(shop=shop)
    async with (
        served(liar, good) as bases,
        source(bases) as mirrors,
        open_folder(tmp_path / "game", threads) as folder,
    ):
        await folder.install(offer, mirrors)
    assert read(tmp_path / "game") == expected(content)
    assert liar.asked
    assert good.asked


async def test_a_mirror_that_is_much_slower_than_another_is_left_in_the_middle(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("samovar.content.engine.mirrors.WATCH_S", 0)
    left = asyncio.Event()

    async def drip(request: web.Request) -> web.StreamResponse:
        span = request.http_range
        begin, end = span.start or 0, span.stop or 0
        response = web.StreamResponse(
            status=206, headers={"Content-Range": f"bytes {begin}-{end - 1}/{len(DATA)}"}
        )
        response.content_length = end - begin
        await response.prepare(request)
        await response.write(DATA[begin : begin + 1000])
        await left.wait()
        return response

    slow, fast = Server(drip), Server()
    async with served(slow, fast) as bases, source(bases) as mirrors:
        mirrors._scores.worked(bases[1].removesuffix("/new/"), 10**9, 1)
        assert await fetch(mirrors, 0, 200 * KIB) == DATA[: 200 * KIB]
        left.set()
    assert slow.asked == [f"bytes=0-{200 * KIB - 1}"]
    assert fast.asked == [f"bytes=1000-{200 * KIB - 1}"]
