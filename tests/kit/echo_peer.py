"""A peer in a process of its own, to be killed: `echo_peer.py <folder of the compiled contract> <address> <secret>`.

It prints its port when it serves, answers "hang" never and anything else with its process id.
"""

import asyncio
import importlib
import os
import sys
from typing import Any

from samovar.kit.errors import Unauthenticated
from samovar.kit.identity import Caller
from samovar.kit.rpc.server import Rpc, RpcServer
from samovar.kit.settings import Secret


class Nobody:
    async def verify(self, token: str) -> Caller:
        raise Unauthenticated(f"{len(token)} characters of a token")


class EchoRpc:
    def __init__(self, words: Any) -> None:
        self.words = words

    async def Say(self, request: Any, _context: Any) -> Any:  # noqa: N802  of the contract
        if request.text == "hang":
            print("hanging", flush=True)  # noqa: T201  the test waits for it
            await asyncio.Event().wait()
        return self.words(text=str(os.getpid()))


async def main(folder: str, address: str, secret: str) -> None:
    sys.path.insert(0, folder)
    messages = importlib.import_module("echo_pb2")
    generated = importlib.import_module("echo_pb2_grpc")
    server = RpcServer(secret=Secret(secret), verifier=Nobody())
    server.host("echo", Rpc(generated.add_EchoServicer_to_server, EchoRpc), {"words": messages.Words})
    print(await server.start(address), flush=True)  # noqa: T201  the test reads it
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
