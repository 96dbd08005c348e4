"""Calling addresses that strangers chose: never into our own networks, never on and on (SSRF)."""

import asyncio
import socket

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from samovar.services.auth.sign_out.adapters import BackChannel, NotTold, PublicResolver, RefusedByClient
from samovar.services.auth.sign_out.domain import PAUSES_S, is_public, pause_after


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.1.2.3",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fd00::1",
        "ff02::1",
        "2001:db8::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "2002:a00:1::",
        "localhost",
        "",
        "2130706433",
    ],
)
def test_an_address_inside_is_not_called(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "64:ff9b::101:101"])
def test_an_address_of_the_open_internet_is(address: str) -> None:
    assert is_public(address)


@given(st.text(max_size=40))
def test_nonsense_is_no_address(text: str) -> None:
    assert is_public(text) in {True, False}


@pytest.mark.parametrize(
    "uri",
    [
        "https://127.0.0.1/logout",
        "https://127.0.0.1:8080/logout",
        "https://[::1]/logout",
        "https://[::ffff:7f00:1]/logout",
        "https://10.0.0.1/logout",
        "https://169.254.169.254/latest/meta-data",
        "https://2130706433/logout",
        "https://0x7f000001/logout",
        "https://0177.0.0.1/logout",
        "https://127.1/logout",
        "https://localhost/logout",
        "https://localhost./logout",
        "https://metadata/logout",
        "http://example.com/logout",
        "file:///etc/passwd",
    ],
)
async def test_nothing_inside_is_called_in_production(uri: str) -> None:
    async with BackChannel(allow_private=False) as channel:
        with pytest.raises(NotTold):
            await channel.tell(uri, "token")


async def test_a_name_that_leads_inside_is_refused_when_it_is_looked_up() -> None:
    resolver = PublicResolver()
    with pytest.raises(OSError, match="private network"):
        await resolver.resolve("localhost", 443, socket.AF_UNSPEC)
    await resolver.close()


@pytest.mark.parametrize(
    ("status", "kind"), [(400, RefusedByClient), (302, NotTold), (404, NotTold), (500, NotTold)]
)
async def test_an_answer_that_is_no_yes(status: int, kind: type[Exception]) -> None:
    heard: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        heard.append(request.path)
        return web.Response(status=status, headers={"Location": "/elsewhere"}, body=b"x" * 100_000)

    application = web.Application()
    application.router.add_post("/{path:.*}", answer)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with BackChannel(allow_private=True) as channel:
        with pytest.raises(kind):
            await channel.tell(f"http://127.0.0.1:{runner.addresses[0][1]}/logout", "token")
    await runner.cleanup()
    assert heard == ["/logout"]


async def test_a_client_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("samovar.services.auth.sign_out.adapters.TIMEOUT_S", 0.2)

    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(1_024):
            pass
        writer.close()
        await writer.wait_closed()
        over.set()

    over = asyncio.Event()

    server = await asyncio.start_server(hang, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with BackChannel(allow_private=True) as channel:
        with pytest.raises(NotTold):
            await channel.tell(f"http://127.0.0.1:{port}/logout", "token")
    await asyncio.wait_for(over.wait(), 10)
    server.close()


def test_pauses_grow_and_end() -> None:
    pauses = [pause_after(attempts).total_seconds() for attempts in range(1, 12)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == PAUSES_S[-1]
