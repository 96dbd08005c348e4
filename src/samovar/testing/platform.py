"""The whole platform for a test, as `samovar up` starts it: a process of its own, free ports, a folder of its own."""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

import aiohttp
import msgspec
from yarl import URL

from samovar.embedded.ports import ReservedPort
from samovar.kit.database import Database
from samovar.kit.settings import Secret
from samovar.testing.collector import TraceCollector
from samovar.testing.hosting import Answer
from samovar.testing.messages import Messages

READY_WITHIN_S = 300.0
_POLL_S = 0.05
# All of a test's clients share one address; the limits that this would hit are tested on their own.
_GENEROUS = {
    "SAMOVAR_AUTH__REGISTRATIONS_PER_ADDRESS_MAX": "1000000",
    "SAMOVAR_AUTH__SIGN_INS_PER_ADDRESS_MAX": "1000000",
}
# The same for all tests: compressing takes seconds.
_FILES = {"SAMOVAR_CLIENT__KEPT": str(Path(__file__).parents[3] / ".cache" / "client")}
# A test fills the store itself.
_EMPTY = {"SAMOVAR_UP__DEMO": "false"}


class PlatformFailed(Exception):
    """`samovar up` ended or never became ready; the message is what it said."""


class Platform:
    """One running platform and a client at its gateway.

    Attributes:
        url: The gateway's address.
        state: The folder of its data.
        collector: Where the traces go of requests whose sender wants them traced; nothing else is.
    """

    def __init__(
        self, state: Path, port: int, process: asyncio.subprocess.Process, collector: TraceCollector
    ) -> None:
        self.state = state
        self.collector = collector
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self._process = process
        self._session = aiohttp.ClientSession(self.url)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._session.close()
        if self._process.returncode is None:
            self._process.terminate()
        await self._process.communicate()

    @property
    def record(self) -> dict[str, Any]:
        """What it says of itself; empty before it says anything."""
        file = self.state / "up.json"
        return json.loads(file.read_text("utf-8")) if file.exists() else {}

    @property
    def messages(self) -> Messages:
        """What its mails, text messages and calls go to."""
        return Messages(http_port=self.record["processes"]["messages"]["port"])

    def pid_of(self, name: str) -> int:
        """Return the process of a server or a service."""
        pid: int = self.record["processes"][name]["pid"]
        return pid

    def kill(self, name: str) -> None:
        """Kill a server or a service as a power cut would."""
        os.kill(self.pid_of(name), signal.SIGKILL)

    @contextmanager
    def held(self, name: str) -> Iterator[None]:
        """Hold a server or a service still for as long as the block lasts: it takes connections and answers nothing."""
        pid = self.pid_of(name)
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)

    async def request(self, method: str, path: str | URL, *, token: str | None = None, **more: Any) -> Answer:
        """Ask the gateway."""
        headers = dict(more.pop("headers", {})) | ({"Authorization": f"Bearer {token}"} if token else {})
        async with self._session.request(method, path, headers=headers, **more) as answer:
            body = await answer.read()
            return Answer(
                answer.status,
                {name.lower(): value for name, value in answer.headers.items()},
                msgspec.json.decode(body) if body and "json" in answer.content_type else body,
            )

    async def register(self) -> Answer:
        """Register somebody new."""
        person = {
            "email": f"{uuid4().hex}@example.org",
            "password": f"{uuid4()}",
            "display_name": "Аня",
            "consents": [],
        }
        return await self.request("POST", "/v1/auth/register", json=person)

    @asynccontextmanager
    async def database(self, service: str) -> AsyncIterator[Database]:
        """Open a service's database beside the service."""
        url = self.record["environment"][f"SAMOVAR_{service.upper()}__DATABASE_URL"]
        opened = await Database.open(Secret(url), service="test", pool_size_min=0, pool_size_max=2)
        yield opened
        await opened.close()

    async def until(self, true: Callable[[], Awaitable[bool]], *, within_s: float) -> float:
        """Wait until something is true and return how long that took, seconds.

        Raises:
            TimeoutError: It did not become true in time.
        """
        started = time.monotonic()
        async with asyncio.timeout(within_s):
            while not await true():
                await self.check()
                await asyncio.sleep(_POLL_S)
        return time.monotonic() - started

    async def check(self) -> None:
        """Raise when the platform has ended by itself.

        Raises:
            PlatformFailed: With what it said.
        """
        if self._process.returncode is not None:
            said, _ = await self._process.communicate()
            raise PlatformFailed(said.decode(errors="replace"))


@asynccontextmanager
async def platform_up(state: Path, *arguments: str) -> AsyncIterator[Platform]:
    """Start the whole platform and wait until it is ready."""
    with TraceCollector() as collector:
        # Given back last: whoever here listened on a free port after that could be given this one.
        reserved = ReservedPort()
        reserved.release()
        traces = {
            "SAMOVAR_PLATFORM__OTLP_ENDPOINT": collector.endpoint,
            "SAMOVAR_PLATFORM__TRACE_SAMPLE_RATIO": "0",
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "samovar.cli.main", "up", "--no-follow"),
            *("--state", str(state), "--port", str(reserved.number), *arguments),
            env=_EMPTY | _FILES | os.environ | _GENEROUS | traces,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            limit=1 << 24,
        )
        async with Platform(state, reserved.number, process, collector) as platform:

            async def ready() -> bool:
                return bool(platform.record.get("phase") == "ready")

            await platform.until(ready, within_s=READY_WITHIN_S)
            yield platform
