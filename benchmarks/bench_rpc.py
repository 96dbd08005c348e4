"""What the kit adds to a gRPC call: both ends in one process and loop, CPU time of both together, bare and with all rules.

    python benchmarks/bench_rpc.py

The kit's side checks the secret, keeps the deadline, continues the trace, counts at both ends and takes a retry budget.
"""

import asyncio
import importlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import grpc
import uvloop

from samovar.kit import tracing
from samovar.kit.errors import Unauthenticated
from samovar.kit.identity import Caller
from samovar.kit.rpc.client import Peers
from samovar.kit.rpc.server import Rpc, RpcServer
from samovar.kit.settings import PlatformSettings, Secret, ServiceAddress
from samovar.testing.collector import TraceCollector

CALLS = 2_000
PARALLEL = 8
ROUNDS = 7
CONTRACT = Path(__file__).parent.parent / "tests" / "kit" / "echo.proto"


class Nobody:
    """A verifier for calls without a token."""

    async def verify(self, token: str) -> Caller:
        """Refuse."""
        raise Unauthenticated(token)


class EchoRpc:
    """Answers with what it was sent."""

    async def Say(self, request: Any, _context: Any) -> Any:  # noqa: N802  of the contract
        """Repeat."""
        return request


async def cpu_us(call: Callable[[], Awaitable[Any]]) -> float:
    """Return the CPU time of one call in µs, the best of several rounds."""

    async def some() -> None:
        for _ in range(CALLS // PARALLEL):
            await call()

    best = float("inf")
    for _ in range(ROUNDS):
        began = time.process_time()
        await asyncio.gather(*(some() for _ in range(PARALLEL)))
        best = min(best, time.process_time() - began)
    return best / CALLS * 1e6


async def bare(messages: Any, generated: Any) -> float:
    """Measure grpc.aio alone, with a deadline."""
    server = grpc.aio.server()
    generated.add_EchoServicer_to_server(EchoRpc(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        stub = generated.EchoStub(channel)
        cost = await cpu_us(lambda: stub.Say(messages.Words(text="hello"), timeout=2.0))
    await server.stop(0)
    return cost


async def kit(messages: Any, generated: Any) -> float:
    """Measure the same with the kit at both ends."""
    secret = Secret("benchmark")
    server = RpcServer(secret=secret, verifier=Nobody())
    server.host("echo", Rpc(generated.add_EchoServicer_to_server, EchoRpc), {})
    port = await server.start("127.0.0.1:0")
    address = ServiceAddress(rest="", rpc=f"127.0.0.1:{port}")
    peers = Peers(
        PlatformSettings(
            redis_url=Secret(""), nats_url=Secret(""), rpc_secret=secret, addresses={"echo": address}
        )
    )
    stub = generated.EchoStub(peers.channel("echo"))
    cost = await cpu_us(lambda: stub.Say(messages.Words(text="hello")))
    await peers.close()
    await server.drain(1.0)
    return cost


async def measure(messages: Any, generated: Any) -> None:
    """Print the costs side by side."""
    print(f"grpc.aio                       {await bare(messages, generated):5.0f} µs a call")
    print(f"with the kit, traces off       {await kit(messages, generated):5.0f} µs a call")
    with TraceCollector() as collector:
        tracing.configure("echo", collector.endpoint, 0.0)
        print(f"with the kit, not sampled      {await kit(messages, generated):5.0f} µs a call")
        tracing.configure("echo", collector.endpoint, 1.0)
        print(
            f"with the kit, sampled          {await kit(messages, generated):5.0f} µs a call, two spans each"
        )
        tracing.shutdown()


def main() -> None:
    """Compile the contract of the tests and measure over it."""
    with tempfile.TemporaryDirectory() as folder:
        protoc = [sys.executable, "-m", "grpc_tools.protoc", f"-I{CONTRACT.parent}", f"--python_out={folder}"]
        subprocess.run([*protoc, f"--grpc_python_out={folder}", str(CONTRACT)], check=True)  # noqa: S603
        sys.path.insert(0, folder)
        uvloop.run(measure(importlib.import_module("echo_pb2"), importlib.import_module("echo_pb2_grpc")))


if __name__ == "__main__":
    main()
