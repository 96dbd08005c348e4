"""Calls to a peer that answers, fails, hangs, dies, comes back and never was."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from prometheus_client import REGISTRY

from samovar.kit import deadline, tracing
from samovar.kit.errors import (
    Conflict,
    DeadlineExceeded,
    FieldError,
    Forbidden,
    Internal,
    InvalidInput,
    NotFound,
    SamovarError,
    Unavailable,
    UnsupportedMediaType,
)
from samovar.kit.identity import Caller, current_caller
from samovar.kit.rpc import client as rpc_client
from samovar.kit.rpc import server as rpc
from samovar.kit.rpc.client import Peers
from samovar.kit.settings import PlatformSettings, Secret, ServiceAddress
from samovar.testing.collector import TraceCollector

SECRET = "the-secret-of-this-installation"
WAIT_S = 10.0
CALLER = Caller(
    account_id=UUID(int=1),
    session_id=UUID(int=2),
    roles=("player",),
    auth_time=datetime(2026, 1, 1, tzinfo=UTC),
    expires_at=datetime(2026, 1, 2, tzinfo=UTC),
    token=Secret("the.players.token"),
)

Say = Callable[..., Awaitable[str]]


class GameNotFound(NotFound):
    code = "catalog.game_not_found"


async def repeat(text: str) -> str:
    return text


def platform_of(port: int, secret: str = SECRET) -> PlatformSettings:
    """Return settings under which the service `echo` answers on a port."""
    return PlatformSettings(
        redis_url=Secret(""),
        nats_url=Secret(""),
        rpc_secret=Secret(secret),
        addresses={"echo": ServiceAddress(rest="", rpc=f"127.0.0.1:{port}")},
    )


@pytest.fixture
async def dial(echo: Any) -> AsyncIterator[Callable[..., Say]]:
    """Return a function that makes `say` for the peer behind a port."""
    opened: list[Peers] = []

    def connect(port: int, *, secret: str = SECRET) -> Say:
        opened.append(Peers(platform_of(port, secret)))
        stub = echo.generated.EchoStub(opened[-1].channel("echo"))

        async def say(text: str = "hello", **options: Any) -> str:
            answer = await stub.Say(echo.messages.Words(text=text), **options)
            return str(answer.text)

        return say

    yield connect
    for peers in opened:
        await peers.close()


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


async def test_an_answer_comes_back(echo: Any, dial: Any) -> None:
    say = dial(await echo.serve(repeat))
    assert await say("привет") == "привет"


async def test_a_channel_is_made_once(free_port: int) -> None:
    peers = Peers(platform_of(free_port))
    assert peers.channel("echo") is peers.channel("echo")
    await peers.close()


@pytest.mark.parametrize(
    ("raised", "kind"),
    [
        (GameNotFound("no such game", game_id="g1"), NotFound),
        (Forbidden("not yours"), Forbidden),
        (Conflict("too late"), Conflict),
        (UnsupportedMediaType("text"), UnsupportedMediaType),
        (InvalidInput(fields=[FieldError("items[0].id", "too_short", "is too short")]), InvalidInput),
        (Unavailable("the database is away", retry_after_s=7.0), Unavailable),
        (Internal("our own words"), Internal),
    ],
)
async def test_the_peers_error_is_raised_here(
    echo: Any, dial: Any, raised: SamovarError, kind: type[SamovarError]
) -> None:
    async def refuse(_text: str) -> str:
        raise raised

    with pytest.raises(kind) as caught:
        await dial(await echo.serve(refuse))()
    error = caught.value
    assert (error.code, error.http_status) == (raised.code, raised.http_status)
    assert (error.fields, error.params, error.retry_after_s) == (
        raised.fields,
        raised.params,
        raised.retry_after_s,
    )


async def test_a_peer_that_says_it_is_unavailable_is_not_asked_again(echo: Any, dial: Any) -> None:
    asked: list[str] = []

    async def refuse(text: str) -> str:
        asked.append(text)
        raise Unavailable("the database is away")

    with pytest.raises(Unavailable):
        await dial(await echo.serve(refuse))()
    assert len(asked) == 1


async def test_a_bug_of_the_peer_is_internal_and_not_repeated(echo: Any, dial: Any) -> None:
    asked: list[str] = []

    async def fail(text: str) -> str:
        asked.append(text)
        raise RuntimeError("a secret of the inside")

    with pytest.raises(Internal) as caught:
        await dial(await echo.serve(fail))()
    assert "inside" not in str(caught.value)
    assert len(asked) == 1


async def test_a_wrong_secret_is_our_fault_not_the_end_users(echo: Any, dial: Any) -> None:
    with pytest.raises(Internal):
        await dial(await echo.serve(repeat), secret="of another installation")()


async def test_a_method_that_the_peer_does_not_have_is_our_fault(echo: Any) -> None:
    peers = Peers(platform_of(await echo.serve(repeat)))
    sing: Any = peers.channel("echo").unary_unary("/samovar.tests.echo.Echo/Sing")
    with pytest.raises(Internal, match="UNIMPLEMENTED"):
        await sing(b"")
    await peers.close()


async def test_a_message_that_is_too_large_is_our_fault(echo: Any, dial: Any) -> None:
    say = dial(await echo.serve(repeat))
    with pytest.raises(Internal, match="RESOURCE_EXHAUSTED"):
        await say("x" * (rpc.MESSAGE_BYTES_MAX + 1))
    assert await say("small") == "small"


async def test_a_slow_peer_is_given_up_at_the_deadline(echo: Any, dial: Any) -> None:
    given_up = asyncio.Event()

    async def hang(_text: str) -> str:
        try:
            await asyncio.Event().wait()
        finally:
            given_up.set()
        return ""

    say = dial(await echo.serve(hang))
    with pytest.raises(DeadlineExceeded), deadline.within(0.2):
        await say(timeout=WAIT_S)
    async with asyncio.timeout(WAIT_S):
        await given_up.wait()


async def test_a_call_without_a_deadline_gets_one(
    echo: Any, dial: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(_text: str) -> str:
        await asyncio.Event().wait()
        return ""

    monkeypatch.setattr(rpc_client, "TIMEOUT_S", 0.1)
    with pytest.raises(DeadlineExceeded):
        await dial(await echo.serve(hang))()


async def test_when_no_time_is_left_the_peer_is_not_called(echo: Any, dial: Any) -> None:
    asked: list[str] = []

    async def listen(text: str) -> str:
        asked.append(text)
        return text

    say = dial(await echo.serve(listen))
    with deadline.within(0), pytest.raises(DeadlineExceeded):
        await say()
    assert asked == []


async def test_the_deadline_goes_on_through_a_chain_of_services(echo: Any, dial: Any) -> None:
    left: list[float | None] = []

    async def measure(text: str) -> str:
        left.append(deadline.remaining_s())
        return text

    far = dial(await echo.serve(measure))
    near = dial(await echo.serve(far))
    with deadline.within(1.0):
        await near()
    # gRPC rounds what is left upwards on its way.
    assert left[0] is not None
    assert left[0] < 1.5 < rpc_client.TIMEOUT_S


async def test_a_caller_that_goes_away_stops_the_work_of_the_peer(echo: Any, dial: Any) -> None:
    arrived, stopped = asyncio.Event(), asyncio.Event()

    async def hang(_text: str) -> str:
        arrived.set()
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()
        return ""

    say = dial(await echo.serve(hang))
    call = asyncio.ensure_future(say())
    await arrived.wait()
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    async with asyncio.timeout(WAIT_S):
        await stopped.wait()


async def test_the_end_users_token_goes_with_the_call(echo: Any, dial: Any) -> None:
    async def who(_text: str) -> str:
        caller = current_caller.get()
        return str(caller.account_id) if caller else "nobody"

    far = dial(await echo.serve(who, caller=CALLER))
    near = dial(await echo.serve(far, caller=CALLER))
    assert await near() == "nobody"
    token = current_caller.set(CALLER)
    try:
        assert await near() == str(CALLER.account_id)
    finally:
        current_caller.reset(token)


async def test_the_trace_links_both_ends(echo: Any, dial: Any) -> None:
    with TraceCollector() as collector:
        tracing.configure("catalog", collector.endpoint, 1.0)
        say = dial(await echo.serve(repeat))
        with tracing.span("GET /v1/games", kind="server", service="catalog"):
            await say()
        tracing.shutdown()
    method = "samovar.tests.echo.Echo/Say"
    assert collector.edges() == {
        ("catalog GET /v1/games", f"catalog {method}"),
        (f"catalog {method}", f"echo {method}"),
    }


async def test_calls_are_counted_at_both_ends(echo: Any, dial: Any) -> None:
    method = "samovar.tests.echo.Echo/Say"
    called = {"peer": "echo", "method": method, "status": "OK"}
    served = {"service": "echo", "method": method, "status": "OK"}
    before = (
        counted("samovar_rpc_client_calls_total", **called),
        counted("samovar_rpc_server_calls_total", **served),
    )
    await dial(await echo.serve(repeat))()
    assert counted("samovar_rpc_client_calls_total", **called) == before[0] + 1
    assert counted("samovar_rpc_server_calls_total", **served) == before[1] + 1
    assert counted("samovar_rpc_server_in_flight", service="echo") == 0


async def test_a_peer_that_is_away_is_tried_three_times(dial: Any, free_port: int) -> None:
    sent = counted("samovar_rpc_client_retries_total", peer="echo", decision="sent")
    with pytest.raises(Unavailable) as caught:
        await dial(free_port)()
    assert caught.value.retry_after_s
    assert counted("samovar_rpc_client_retries_total", peer="echo", decision="sent") == sent + 2


async def test_retries_stay_within_the_deadline(dial: Any, free_port: int) -> None:
    sent = counted("samovar_rpc_client_retries_total", peer="echo", decision="sent")
    with pytest.raises(SamovarError), deadline.within(rpc_client.RETRY_PAUSE_S / 4):
        await dial(free_port)()
    assert counted("samovar_rpc_client_retries_total", peer="echo", decision="sent") == sent


async def test_retries_stay_within_the_budget(dial: Any, free_port: int) -> None:
    sent = counted("samovar_rpc_client_retries_total", peer="echo", decision="sent")
    refused = counted("samovar_rpc_client_retries_total", peer="echo", decision="refused")
    say, calls = dial(free_port), 50
    results = await asyncio.gather(*(say() for _ in range(calls)), return_exceptions=True)
    assert all(isinstance(result, Unavailable) for result in results)
    spent = counted("samovar_rpc_client_retries_total", peer="echo", decision="sent") - sent
    assert spent <= rpc_client.RETRY_TOKENS_MAX + calls * rpc_client.RETRY_SHARE
    assert counted("samovar_rpc_client_retries_total", peer="echo", decision="refused") > refused


async def test_a_peer_that_stops_gracefully_and_comes_back_is_found_again(
    echo: Any, dial: Any, free_port: int
) -> None:
    server = echo.server(repeat)
    await server.start(f"127.0.0.1:{free_port}")
    say = dial(free_port)
    assert await say() == "hello"
    await server.drain(1.0)
    with pytest.raises(Unavailable):
        await say()
    await echo.serve(repeat, port=free_port)
    assert await until_answered(say) == "hello"


async def until_answered(say: Say) -> str:
    """Call until there is an answer; between, calls may fail as `Unavailable` and in no other way."""
    async with asyncio.timeout(WAIT_S):
        while True:
            try:
                return await say()
            except Unavailable:
                await asyncio.sleep(0.05)


async def test_a_peer_killed_and_started_again_is_found_again(dial: Any, peer_process: Any) -> None:
    say = dial(peer_process.port)
    first = await say()
    await peer_process.kill()
    with pytest.raises(Unavailable):
        await say()
    await peer_process.start()
    assert await until_answered(say) != first


async def test_a_peer_killed_under_a_call_is_unavailable(dial: Any, peer_process: Any) -> None:
    call = asyncio.ensure_future(dial(peer_process.port)("hang"))
    await peer_process.heard("hanging")
    await peer_process.kill()
    with pytest.raises(Unavailable):
        await call


@pytest.fixture(autouse=True)
def no_trace_left_on() -> Iterator[None]:
    yield
    tracing.shutdown()
