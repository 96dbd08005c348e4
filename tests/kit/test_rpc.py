"""The gRPC server as a bare client meets it: who is answered, when it ends, what an error says."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from samovar.kit import deadline
from samovar.kit.errors import Conflict, FieldError, InvalidInput
from samovar.kit.identity import Caller, current_caller
from samovar.kit.injection import MissingDependency
from samovar.kit.rpc import server as rpc
from samovar.kit.rpc.server import Rpc
from samovar.kit.settings import Secret

SECRET = (("samovar-secret", "the-secret-of-this-installation"),)
WAIT_S = 10.0
CALLER = Caller(
    account_id=UUID(int=1),
    session_id=UUID(int=2),
    roles=("player",),
    auth_time=datetime(2026, 1, 1, tzinfo=UTC),
    expires_at=datetime(2026, 1, 2, tzinfo=UTC),
    token=Secret("the.players.token"),
)


async def repeat(text: str) -> str:
    return text


@pytest.fixture
async def dial() -> AsyncIterator[Any]:
    channels = []

    def connect(port: int) -> grpc.aio.Channel:
        channels.append(grpc.aio.insecure_channel(f"127.0.0.1:{port}"))
        return channels[-1]

    yield connect
    for channel in channels:
        await channel.close()


async def say(
    echo: Any, channel: Any, text: str = "hello", *, metadata: Any = SECRET, timeout_s: float = WAIT_S
) -> str:
    """Make a call and return the answer."""
    stub = echo.generated.EchoStub(channel)
    answer = await stub.Say(echo.messages.Words(text=text), metadata=metadata, timeout=timeout_s)
    return str(answer.text)


async def refusal(*args: Any, **options: Any) -> grpc.aio.AioRpcError:
    """Make a call that is refused and return how."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await say(*args, **options)
    return caught.value


def trailers(error: grpc.aio.AioRpcError) -> dict[str, Any]:
    return dict(error.trailing_metadata())


async def test_who_knows_the_secret_is_answered(echo: Any, dial: Any) -> None:
    channel = dial(await echo.serve(repeat))
    assert await say(echo, channel, "привет") == "привет"


@pytest.mark.parametrize("metadata", [(), (("samovar-secret", ""),), (("samovar-secret", "guess"),)])
async def test_who_does_not_know_the_secret_reaches_nothing(echo: Any, dial: Any, metadata: Any) -> None:
    heard: list[str] = []

    async def listen(text: str) -> str:
        heard.append(text)
        return text

    error = await refusal(echo, dial(await echo.serve(listen)), metadata=metadata)
    assert error.code() is grpc.StatusCode.UNAUTHENTICATED
    assert trailers(error)["samovar-code"] == "rpc.secret_refused"
    assert heard == []


async def test_an_error_of_ours_keeps_its_code_and_particulars(echo: Any, dial: Any) -> None:
    class OutOfStock(Conflict):
        code = "catalog.out_of_stock"

    async def refuse(_text: str) -> str:
        raise OutOfStock("none are left", retry_after_s=2.5, left=0)

    error = await refusal(echo, dial(await echo.serve(refuse)))
    assert error.code() is grpc.StatusCode.ABORTED
    assert error.details() == "none are left"
    assert trailers(error)["samovar-code"] == "catalog.out_of_stock"
    assert trailers(error)["samovar-status"] == "409"
    assert trailers(error)["samovar-retry-after"] == "2.500"
    assert json.loads(trailers(error)["samovar-particulars-bin"]) == {"params": {"left": 0}}


async def test_particulars_without_measure_are_left_out(echo: Any, dial: Any) -> None:
    async def refuse(_text: str) -> str:
        raise InvalidInput("x" * 100_000, fields=[FieldError("name", "too_long", "y" * 100_000)])

    error = await refusal(echo, dial(await echo.serve(refuse)))
    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert "samovar-particulars-bin" not in trailers(error)


async def test_a_bug_says_nothing_of_the_inside(echo: Any, dial: Any) -> None:
    async def fail(_text: str) -> str:
        raise KeyError("a secret of the inside")

    error = await refusal(echo, dial(await echo.serve(fail)))
    assert error.code() is grpc.StatusCode.INTERNAL
    assert "inside" not in f"{error.details()}{trailers(error)}{error.debug_error_string()}"
    assert trailers(error)["samovar-code"] == "internal"


async def test_the_callers_deadline_ends_the_work_here_too(echo: Any, dial: Any) -> None:
    left: list[float | None] = []
    ended = asyncio.Event()

    async def hang(_text: str) -> str:
        left.append(deadline.remaining_s())
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        return ""

    error = await refusal(echo, dial(await echo.serve(hang)), timeout_s=0.2)
    assert error.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    async with asyncio.timeout(WAIT_S):
        await ended.wait()
    assert left[0] is not None
    assert left[0] < rpc.TIMEOUT_S / 2


async def test_a_call_without_a_deadline_gets_one(
    echo: Any, dial: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rpc, "TIMEOUT_S", 0.1)

    async def hang(_text: str) -> str:
        await asyncio.Event().wait()
        return ""

    stub = echo.generated.EchoStub(dial(await echo.serve(hang)))
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await stub.Say(echo.messages.Words(), metadata=SECRET)
    assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    assert trailers(caught.value)["samovar-code"] == "request.deadline_exceeded"


async def test_a_timeout_inside_is_a_bug_not_the_deadline(echo: Any, dial: Any) -> None:
    async def time_out(_text: str) -> str:
        raise TimeoutError

    error = await refusal(echo, dial(await echo.serve(time_out)))
    assert error.code() is grpc.StatusCode.INTERNAL


async def test_the_end_users_token_is_verified_and_known_inside(echo: Any, dial: Any) -> None:
    async def who(_text: str) -> str:
        caller = current_caller.get()
        return str(caller.account_id) if caller else "nobody"

    channel = dial(await echo.serve(who, caller=CALLER))
    token = ("authorization", "Bearer the.players.token")
    assert await say(echo, channel, metadata=(*SECRET, token)) == str(CALLER.account_id)
    assert await say(echo, channel) == "nobody"
    error = await refusal(echo, channel, metadata=(*SECRET, ("authorization", "Bearer forged")))
    assert error.code() is grpc.StatusCode.UNAUTHENTICATED
    assert trailers(error)["samovar-code"] == "auth.token_invalid"


async def test_calls_beyond_the_limit_are_refused_while_health_still_answers(echo: Any, dial: Any) -> None:
    arrived, go_on = asyncio.Event(), asyncio.Event()

    async def wait(text: str) -> str:
        arrived.set()
        await go_on.wait()
        return text

    channel = dial(await echo.serve(wait, calls_max=1))
    first = asyncio.create_task(say(echo, channel, "first"))
    await arrived.wait()
    error = await refusal(echo, channel, "second")
    assert error.code() is grpc.StatusCode.UNAVAILABLE
    assert trailers(error)["samovar-code"] == "service.unavailable"
    assert "samovar-retry-after" in trailers(error)
    assert await health(channel) == health_pb2.HealthCheckResponse.SERVING
    go_on.set()
    assert await first == "first"
    assert await say(echo, channel, "third") == "third"


async def test_a_message_that_is_too_large_is_refused(echo: Any, dial: Any) -> None:
    error = await refusal(echo, dial(await echo.serve(repeat)), "x" * (rpc.MESSAGE_BYTES_MAX + 1))
    assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED


async def health(channel: Any, service: str = "echo") -> Any:
    """Return what the health service says, asked without the secret."""
    stub = health_pb2_grpc.HealthStub(channel)
    answer = await stub.Check(health_pb2.HealthCheckRequest(service=service), timeout=WAIT_S)
    return answer.status


async def test_health_is_told_to_everyone_by_service(echo: Any, dial: Any) -> None:
    channel = dial(await echo.serve(repeat))
    assert await health(channel, "") == health_pb2.HealthCheckResponse.SERVING
    assert await health(channel, "echo") == health_pb2.HealthCheckResponse.SERVING
    assert await health(channel, "samovar.tests.echo.Echo") == health_pb2.HealthCheckResponse.SERVING
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await health(channel, "nobody")
    assert caught.value.code() is grpc.StatusCode.NOT_FOUND


async def reflect(channel: Any, metadata: Any = ()) -> list[str]:
    """Return the services that reflection lists."""
    question = reflection_pb2.ServerReflectionRequest(list_services="")
    stub = reflection_pb2_grpc.ServerReflectionStub(channel)
    answers = stub.ServerReflectionInfo(iter([question]), metadata=metadata, timeout=WAIT_S)
    return [service.name async for answer in answers for service in answer.list_services_response.service]


async def test_reflection_lists_what_is_offered_to_this_machine(echo: Any, dial: Any) -> None:
    names = await reflect(dial(await echo.serve(repeat)))
    assert names == ["grpc.reflection.v1alpha.ServerReflection", "samovar.tests.echo.Echo"]


async def test_reflection_asks_others_for_the_secret(
    echo: Any, dial: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rpc, "_LOOPBACK", ("ipv4:192.0.2.",))
    channel = dial(await echo.serve(repeat))
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await reflect(channel)
    assert caught.value.code() is grpc.StatusCode.UNAUTHENTICATED
    assert "samovar.tests.echo.Echo" in await reflect(channel, SECRET)


async def test_draining_finishes_what_is_under_way_and_takes_nothing_new(echo: Any, dial: Any) -> None:
    arrived, go_on = asyncio.Event(), asyncio.Event()

    async def wait(text: str) -> str:
        arrived.set()
        await go_on.wait()
        return text

    server = echo.server(wait)
    port = await server.start("127.0.0.1:0")
    watcher = health_pb2_grpc.HealthStub(dial(port)).Watch(health_pb2.HealthCheckRequest(service="echo"))
    assert (await watcher.read()).status == health_pb2.HealthCheckResponse.SERVING
    under_way = asyncio.create_task(say(echo, dial(port), "under way"))
    await arrived.wait()
    draining = asyncio.create_task(server.drain(WAIT_S))
    assert (await watcher.read()).status == health_pb2.HealthCheckResponse.NOT_SERVING
    assert (await refusal(echo, dial(port), "new")).code() is grpc.StatusCode.UNAVAILABLE
    assert not draining.done()
    go_on.set()
    assert await under_way == "under way"
    await draining


async def test_draining_cuts_off_what_takes_too_long(echo: Any, dial: Any) -> None:
    arrived, cut = asyncio.Event(), asyncio.Event()

    async def hang(_text: str) -> str:
        arrived.set()
        try:
            await asyncio.Event().wait()
        finally:
            cut.set()
        return ""

    server = echo.server(hang)
    under_way = asyncio.create_task(say(echo, dial(await server.start("127.0.0.1:0"))))
    await arrived.wait()
    await server.drain(0.1)
    async with asyncio.timeout(WAIT_S):
        await cut.wait()
    with pytest.raises(grpc.aio.AioRpcError):
        await under_way


async def test_a_watcher_of_the_health_does_not_hold_up_the_drain(echo: Any, dial: Any) -> None:
    server = echo.server(repeat)
    port = await server.start("127.0.0.1:0")
    watcher = health_pb2_grpc.HealthStub(dial(port)).Watch(health_pb2.HealthCheckRequest())
    await watcher.read()
    async with asyncio.timeout(WAIT_S):
        await server.drain(WAIT_S * 10)


async def test_draining_twice_at_once_is_draining_once(echo: Any, dial: Any) -> None:
    server = echo.server(repeat)
    channel = dial(await server.start("127.0.0.1:0"))
    assert await say(echo, channel) == "hello"
    await asyncio.gather(*(server.drain(timeout_s) for timeout_s in (1.0, 0, 0, 1.0)))
    assert (await refusal(echo, channel)).code() is grpc.StatusCode.UNAVAILABLE


async def test_watchers_are_limited(echo: Any, dial: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rpc, "WATCHERS_MAX", 1)
    stub = health_pb2_grpc.HealthStub(dial(await echo.serve(repeat)))
    first = stub.Watch(health_pb2.HealthCheckRequest(service="nobody"))
    assert (await first.read()).status == health_pb2.HealthCheckResponse.SERVICE_UNKNOWN
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await stub.Watch(health_pb2.HealthCheckRequest()).read()
    assert caught.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED


async def test_a_port_is_never_shared_by_two_servers(echo: Any) -> None:
    port = await echo.serve(repeat)
    with pytest.raises(RuntimeError, match="bind"):
        await echo.serve(repeat, port=port)


async def test_a_servicer_gets_only_what_was_built(echo: Any) -> None:
    class Needy:
        def __init__(self, library: object) -> None:
            self.library = library

    with pytest.raises(MissingDependency, match="library"):
        echo.server(repeat).host("echo", Rpc(echo.generated.add_EchoServicer_to_server, Needy), {})


async def test_a_stream_is_refused_at_the_start(echo: Any) -> None:
    with pytest.raises(TypeError, match=r"Stream/Watch is a stream"):
        echo.server(repeat).host(
            "echo", Rpc(echo.generated.add_StreamServicer_to_server, echo.generated.StreamServicer), {}
        )
