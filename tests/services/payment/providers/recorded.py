"""A provider that answers what was recorded of its dialect, one answer a request, and keeps what it was asked."""

import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import web

DIALECTS = Path(__file__).parent / "dialects"


class Recorded:
    """The server.

    Attributes:
        requests: Method and path, headers in lower case, body of each request.
        url: Where it answers.
    """

    def __init__(self, dialect: str) -> None:
        self._answers: dict[str, Any] = json.loads((DIALECTS / f"{dialect}.json").read_text())
        self._wanted: deque[str] = deque()
        self.requests: list[tuple[str, dict[str, str], Any]] = []
        self.url = ""

    def will(self, *names: str) -> None:
        """Say what is answered next; `lost` closes the connection without an answer."""
        self._wanted.extend(names)

    async def answer(self, request: web.Request) -> web.Response:
        body = await request.read()
        headers = {name.lower(): value for name, value in request.headers.items()}
        where = f"{request.method} {request.path_qs}"
        self.requests.append((where, headers, json.loads(body) if body else None))
        name = self._wanted.popleft()
        if name == "lost":
            assert request.transport
            request.transport.close()
            return web.Response()
        recorded = self._answers[name]
        text = recorded["body"] if isinstance(recorded["body"], str) else json.dumps(recorded["body"])
        return web.Response(status=recorded["status"], text=text, content_type="application/json")


@asynccontextmanager
async def recorded(dialect: str) -> AsyncIterator[Recorded]:
    """Run the server."""
    server = Recorded(dialect)
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", server.answer)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield server
    await runner.cleanup()
