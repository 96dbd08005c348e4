"""An installation from several mirrors of which most are of no use, and what nginx keeps for a region."""

import asyncio
import shutil
import socket
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path
from subprocess import Popen

import pytest
from aiohttp import ClientConnectorError, ClientSession, web

from samovar.content.engine.installing import open_folder
from samovar.content.engine.mirrors import Mirrors, new_session
from samovar.content.engine.pace import Pace, Schedule
from samovar.content.engine.scoring import EXPLORE_EVERY, REST_S, Scores
from samovar.content.engine.tickets import Ticket, Tickets
from samovar.content.install.errors import SourceFailed
from samovar.content.install.state import empty_tree
from tests.content.engine.test_mirrors import DATA, KEY, Server, broken, fetch, served, source
from tests.content.format.material import MIB, noise
from tests.content.install.shop import Content, Shop, expected, read

CONFIGURATION = Path(__file__).parents[3] / "deploy/mirror/nginx.conf"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
OBJECT = f"packs/{'0' * 64}"


def unused_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
    return port


async def test_a_game_is_installed_however_many_mirrors_are_of_no_use(
    shop: Shop, tmp_path: Path, threads: ThreadPoolExecutor
) -> None:
    content = Content({f"{number}": noise(f"{number}", MIB) for number in range(12)})
    offer = shop.offer(empty_tree(), shop.push(content))

    async def lie(request: web.Request) -> web.StreamResponse:
        span = request.http_range
        begin, end = span.start or 0, span.stop or 0
        return web.Response(
            status=206, body=bytes(end - begin), headers={"Content-Range": f"bytes {begin}-{end - 1}/*"}
        )

    liar, broke, empty = Server(lie), Server(broken("breaks off")), Server(broken("404"))
    good = Server(shop=shop)
    dead = f"http://127.0.0.1:{unused_port()}/new/"
    async with (
        served(liar, broke, empty, good) as bases,
        source((dead, *bases)) as mirrors,
        open_folder(tmp_path / "game", threads) as folder,
    ):
        await folder.install(offer, mirrors)
    assert read(tmp_path / "game") == expected(content)
    assert all(server.asked for server in (liar, broke, empty, good))


async def test_a_mirror_that_comes_back_is_found_out_and_used_again() -> None:
    now = [0.0]
    is_broken = [True]
    healthy = Server()

    async def recovering(request: web.Request) -> web.StreamResponse:
        return await (broken("500") if is_broken[0] else healthy.serve)(request)

    async def never() -> Ticket:
        raise SourceFailed("there is one ticket")

    async def no_sleep(_seconds: float) -> None:
        return

    near, far = Server(recovering), Server()
    async with served(near, far) as bases, new_session() as session:
        scores = Scores(lambda: now[0])
        mirrors = Mirrors(
            session,
            Tickets(Ticket(bases, 2e9), never, lambda: 1e9),
            scores,
            Pace(Schedule(), now=datetime.now, monotonic=time.monotonic),
            monotonic=lambda: now[0],
            sleep=no_sleep,
        )
        assert await fetch(mirrors, 0, 1000) == DATA[:1000]
        assert len(near.asked) == 1
        is_broken[0] = False
        for _ in range(EXPLORE_EVERY):
            await fetch(mirrors, 0, 1000)
        assert len(near.asked) == 1, "it rests"
        now[0] += REST_S
        for _ in range(2 * EXPLORE_EVERY):
            await fetch(mirrors, 0, 1000)
        assert len(near.asked) > 1
        assert not scores.of(bases[0].removesuffix("/new/")).failures


async def listens(mirror: str) -> None:
    """Wait until a server answers."""
    async with asyncio.timeout(30), ClientSession() as session:
        while True:
            try:
                async with session.get(mirror):
                    return
            except ClientConnectorError:
                await asyncio.sleep(0.02)


class Origin:
    """The platform, as a mirror sees it: contents to whoever has a ticket that counts."""

    def __init__(self) -> None:
        self.honoured = {"ticket-number-one", "ticket-number-two"}
        self.asked: list[tuple[str, str]] = []

    async def answer(self, request: web.Request) -> web.StreamResponse:
        ticket, kind, name = (request.match_info[one] for one in ("ticket", "kind", "name"))
        span = request.http_range
        begin, end = span.start or 0, min(span.stop or len(DATA), len(DATA))
        self.asked.append((ticket, request.headers.get("Range", "")))
        if ticket not in self.honoured:
            return web.Response(status=403)
        assert f"{kind}/{name}" == OBJECT
        headers = {
            "Content-Range": f"bytes {begin}-{end - 1}/{len(DATA)}",
            "ETag": f'"{name}"',
            "Cache-Control": "public, max-age=31536000, immutable",
        }
        return web.Response(status=206, body=DATA[begin:end], headers=headers)


@asynccontextmanager
async def origin() -> AsyncIterator[tuple[Origin, int]]:
    platform = Origin()
    app = web.Application()
    app.router.add_get("/content/{ticket}/{kind}/{name}", platform.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield platform, runner.addresses[0][1]
    finally:
        await runner.cleanup()


@contextmanager
def nginx(folder: Path, platform_port: int) -> Iterator[str]:
    """Run nginx with the configuration that operators are given, in front of a platform without TLS."""
    port = unused_port()
    configuration = CONFIGURATION.read_text()
    for theirs, ours in (
        ("server play.example.org:443;", f"server 127.0.0.1:{platform_port};"),
        ("https://platform", "http://platform"),
        ("listen 8080;", f"listen 127.0.0.1:{port};"),
        ("worker_processes auto;", "worker_processes 1; daemon off; master_process off;"),
        (
            "http {\n",
            "http {\n" + "".join(f"{one}_temp_path temp;" for one in TEMPORARY),
        ),
    ):
        assert theirs in configuration
        configuration = configuration.replace(theirs, ours)
    (folder / "nginx.conf").write_text(configuration)
    command = [str(NGINX), "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "e.log")]
    with Popen(command) as process:
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


@pytest.mark.skipif(NGINX is None, reason="needs nginx")
async def test_nginx_keeps_what_it_passed_for_those_whose_ticket_counts(tmp_path: Path) -> None:
    async with origin() as (platform, port), ClientSession() as session:
        with nginx(tmp_path, port) as mirror:

            async def get(ticket: str, span: str) -> tuple[int, bytes]:
                path = f"{mirror}/content/{ticket}/{OBJECT}"
                async with session.get(path, headers={"Range": span}) as answer:
                    return answer.status, await answer.read()

            await listens(mirror)
            assert await get("ticket-number-one", "bytes=1000-1999") == (206, DATA[1000:2000])
            fetched = len(platform.asked)
            assert await get("ticket-number-one", "bytes=5000-99999") == (206, DATA[5000:100_000])
            assert len(platform.asked) == fetched, "ticket and contents are kept"
            assert await get("ticket-number-two", "bytes=0-9") == (206, DATA[:10])
            assert platform.asked[fetched:] == [("ticket-number-two", "bytes=0-0")]
            status, _ = await get("ticket-of-a-stranger", "bytes=0-9")
            assert status == 403
            async with session.get(f"{mirror}/content/ticket-number-one/manifests/{'0' * 64}") as other:
                assert other.status == 404
            async with source((f"{mirror}/content/ticket-number-two/",)) as mirrors:
                assert await fetch(mirrors, 100, 200_000) == DATA[100:200_100]
            assert KEY == OBJECT
