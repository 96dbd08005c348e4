"""A small gRPC service over real sockets, for the tests of both its ends."""

import asyncio
import importlib
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from samovar.kit.identity import Caller, TokenInvalid
from samovar.kit.rpc.server import Rpc, RpcServer
from samovar.kit.settings import Secret

HERE = Path(__file__).parent
WAIT_S = 10.0
SECRET = "the-secret-of-this-installation"

Behave = Callable[[str], Awaitable[str]]


class Door:
    """A verifier that knows one caller."""

    def __init__(self, caller: Caller | None = None) -> None:
        self.caller = caller

    async def verify(self, token: str) -> Caller:
        if self.caller is None or token != self.caller.token.reveal():
            raise TokenInvalid("not the token of the test")
        return self.caller


class EchoRpc:
    """Answers as the test says."""

    def __init__(self, words: Any, behave: Behave) -> None:
        self.words = words
        self.behave = behave

    async def Say(self, request: Any, _context: Any) -> Any:  # noqa: N802  of the contract
        return self.words(text=await self.behave(request.text))


@dataclass
class Echo:
    """The compiled contract, and servers that offer it."""

    folder: Path
    messages: Any
    generated: Any
    servers: list[RpcServer] = field(default_factory=list)

    def server(
        self, behave: Behave, *, secret: str = SECRET, caller: Caller | None = None, **limits: int
    ) -> RpcServer:
        """Return a server that offers `Echo` and is not started."""
        server = RpcServer(secret=Secret(secret), verifier=Door(caller), **limits)
        declared = Rpc(self.generated.add_EchoServicer_to_server, EchoRpc)
        server.host("echo", declared, {"words": self.messages.Words, "behave": behave})
        self.servers.append(server)
        return server

    async def serve(self, behave: Behave, *, port: int = 0, **options: Any) -> int:
        """Start a server and return its port."""
        return await self.server(behave, **options).start(f"127.0.0.1:{port}")


@pytest.fixture(scope="session")
def echo_contract(tmp_path_factory: pytest.TempPathFactory) -> Echo:
    """Compile the contract."""
    folder = tmp_path_factory.mktemp("echo")
    protoc = [sys.executable, "-m", "grpc_tools.protoc", f"-I{HERE}", f"--python_out={folder}"]
    subprocess.run([*protoc, f"--grpc_python_out={folder}", str(HERE / "echo.proto")], check=True)
    sys.path.insert(0, str(folder))
    return Echo(folder, importlib.import_module("echo_pb2"), importlib.import_module("echo_pb2_grpc"))


@pytest.fixture
async def echo(echo_contract: Echo) -> AsyncIterator[Echo]:
    """Return the contract, and stop the servers of the test at its end."""
    echo_contract.servers.clear()
    yield echo_contract
    await asyncio.gather(*(server.drain(0) for server in echo_contract.servers))


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class PeerProcess:
    """The echo peer in a process of its own, and whoever takes its place when it dies."""

    def __init__(self, folder: Path, port: int) -> None:
        self.port = port
        self._command = (sys.executable, str(HERE / "echo_peer.py"), str(folder), f"127.0.0.1:{port}", SECRET)
        self._process: asyncio.subprocess.Process

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(*self._command, stdout=asyncio.subprocess.PIPE)
        await self.heard(str(self.port))

    async def heard(self, word: str) -> None:
        """Wait until the process prints `word`."""
        assert self._process.stdout is not None
        async with asyncio.timeout(WAIT_S):
            while (await self._process.stdout.readline()).decode().strip() != word:
                assert not self._process.stdout.at_eof()

    async def kill(self) -> None:
        """Kill it as a crash would."""
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()


@pytest.fixture
async def peer_process(echo: Echo, free_port: int) -> AsyncIterator[PeerProcess]:
    process = PeerProcess(echo.folder, free_port)
    await process.start()
    yield process
    await process.kill()
