"""REST on a port: Granian embedded in our own process and loop, beside gRPC and the consumers."""

import asyncio
import socket

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.embed import Server
from litestar.types import ASGIApp

from samovar.kit import logs

HEADER_READ_TIMEOUT_MS = 10_000
HEADERS_BYTES_MAX = 65_536
BACKLOG = 1_024
REQUESTS_AT_ONCE_MAX = 1_024
START_TIMEOUT_S = 10.0
_POLL_S = 0.005


class RestServer:
    """Serves one application until it is stopped.

    Attributes:
        address: `host:port`.
    """

    def __init__(self, app: ASGIApp, host: str, port: int) -> None:
        self._host, self._port = host, port or _free_port(host)
        self.address = f"{self._host}:{self._port}"
        self._server = Server(
            app,
            address=self._host,
            port=self._port,
            interface=Interfaces.ASGINL,
            http=HTTPModes.auto,
            backlog=BACKLOG,
            backpressure=REQUESTS_AT_ONCE_MAX,
            http1_settings=HTTP1Settings(
                header_read_timeout=HEADER_READ_TIMEOUT_MS, max_buffer_size=HEADERS_BYTES_MAX
            ),
            log_level=LogLevels.error,
            log_dictconfig=logs.GRANIAN,
        )
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Listen, and return once connections are accepted.

        Raises:
            OSError: The port is taken.
        """
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((self._host, self._port))
        self._task = asyncio.create_task(self._server.serve())
        async with asyncio.timeout(START_TIMEOUT_S):
            while not await self._accepts():
                if self._task.done():
                    self._task.result()
                await asyncio.sleep(_POLL_S)

    async def stop(self) -> None:
        """Accept nothing more, finish what is under way, and return."""
        if self._task is not None:
            self._server.stop()  # type: ignore[no-untyped-call]  # Granian has no annotation there
            await self._task

    async def _accepts(self) -> bool:
        try:
            _, writer = await asyncio.open_connection(self._host, self._port)
        except OSError:
            return False
        writer.close()
        return True


def _free_port(host: str) -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port
