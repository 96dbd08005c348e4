"""The process behind the gateway: the page at every path of the client, the files behind their digest, the socket."""

import asyncio
import contextlib
import gc
import secrets
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import uvicorn
from flet_web.fastapi.flet_app_manager import app_manager
from starlette.datastructures import Headers
from starlette.requests import Request, cookie_parser
from starlette.responses import FileResponse, Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from samovar.client import differ
from samovar.client.browser import COOKIE
from samovar.client.web import assets
from samovar.client.web.assets import UNUSED_SCRIPT, UNUSED_SCRIPT_TEXT, Assets
from samovar.client.web.connection import Main, connect
from samovar.client.web.page import (
    BOOT_PATH,
    COOKIE_MAX_AGE_S,
    HEADERS,
    PREFIX,
    SOCKET_PATH,
    WORKER_PATH,
    boot,
    config,
    manifest,
    page,
    worker,
)
from samovar.client.web.uploads import PREFIX as UPLOADS
from samovar.client.web.uploads import Uploads

FRAME_BYTES_MAX = 1_048_576
_DRAIN_S = 5
# Longer than Envoy keeps an idle connection: nobody writes into one that we are closing.
_IDLE_S = 75
# What screens leave behind is freed as they go (`differ`). Looking through the heap for what refers to itself takes 2 ms a session, in which
# nobody gets an answer, and finds next to nothing: Python's own rule does it every few seconds under load.
_YOUNG = (300_000, 10, 1_000_000)
_ALL_EVERY_S = 300.0
_KEY_BYTES = 32
# The runtime asks again and again for fonts of scripts that ours does not have.
_A_WHILE = "public, max-age=3600"
_FOR_EVER = "public, max-age=31536000, immutable"
_NOT_FOUND, _NOT_ALLOWED = 404, 405
_OWN_FILES = {"loading.css": "text/css"}


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where the process listens and what it needs.

    Attributes:
        origin: The platform's address, as browsers know it.
        kept: The folder for compressed files.
    """

    host: str
    port: int
    origin: str
    kept: Path


class WebClient:
    """The application that the server runs (ASGI).

    Args:
        place: See `Place`.
        main: Called for each new session, with its page and its browser.
        uploads: Where browsers bring files for their sessions.
    """

    def __init__(self, place: Place, main: Main, uploads: Uploads) -> None:
        self._assets = Assets(place.kept)
        self._assets.write_changed()
        self._main = main
        self._uploads = uploads
        self._kept = place.kept
        self._is_secure = place.origin.startswith("https:")
        digest = self._assets.digest
        folder = Path(__file__).parent
        self._made = {
            "config.js": (config(digest), "text/javascript"),
            "manifest.json": (manifest(digest), "application/manifest+json"),
            **{name: ((folder / name).read_bytes(), kind) for name, kind in _OWN_FILES.items()},
        }
        self._page = page(digest)
        self._boot = boot(digest)
        self._worker = worker(digest)
        self._files = f"{PREFIX}/{digest}/"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        elif scope["type"] == "http" and scope["method"] == "PUT" and scope["path"].startswith(UPLOADS):
            ticket = scope["path"].removeprefix(UPLOADS)
            status = await self._uploads.receive(ticket, Request(scope, receive).stream())
            await Response(status_code=status)(scope, receive, send)
        elif scope["type"] == "http":
            await self._answer(scope)(scope, receive, send)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Do what is done beside requests: ending old sessions, compressing files."""
        await app_manager.start()
        beside = [asyncio.create_task(self._compress()), asyncio.create_task(_collect_garbage())]
        try:
            yield
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
            await app_manager.shutdown()

    async def _compress(self) -> None:
        """Let a process of its own compress the files, and end with it."""
        command = (sys.executable, "-P", "-m", assets.__name__, str(self._kept))
        process = await asyncio.create_subprocess_exec(*command, stdin=asyncio.subprocess.DEVNULL)
        try:
            await process.wait()
        finally:
            if process.returncode is None:
                process.kill()

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        socket = WebSocket(scope, receive, send)
        if scope["path"] == SOCKET_PATH:
            await connect(socket, self._main)
        else:
            await socket.close()

    def _answer(self, scope: Scope) -> Response:
        path = scope["path"]
        if scope["method"] not in {"GET", "HEAD"}:
            return Response(status_code=_NOT_ALLOWED, headers={"Allow": "GET, HEAD"})
        if path == "/readyz":
            return Response()
        headers = Headers(scope=scope)
        if path == BOOT_PATH:
            return self._started(self._boot, "text/javascript", headers)
        if path == WORKER_PATH:
            allowed = {**HEADERS, "Cache-Control": "no-cache", "Service-Worker-Allowed": "/"}
            return Response(self._worker, media_type="text/javascript", headers=allowed)
        if path.startswith(f"{PREFIX}/"):
            return self._file(path.removeprefix(self._files), headers)
        return self._started(self._page, "text/html", headers)

    def _file(self, path: str, headers: Headers) -> Response:
        kept = {**HEADERS, "Cache-Control": _FOR_EVER, "Vary": "Accept-Encoding"}
        if path == f"{PREFIX}/{UNUSED_SCRIPT}":
            return Response(UNUSED_SCRIPT_TEXT, media_type="text/javascript", headers=kept)
        if made := self._made.get(path):
            return Response(made[0], media_type=made[1], headers=kept)
        found = self._assets.find(path, headers.get("accept-encoding", ""))
        if found is None:
            return Response(status_code=_NOT_FOUND, headers={**HEADERS, "Cache-Control": _A_WHILE})
        if found.encoding:
            kept["Content-Encoding"] = found.encoding
        return FileResponse(found.file, media_type=found.media_type, headers=kept)

    def _started(self, body: bytes, media_type: str, headers: Headers) -> Response:
        """Return what starts the client. A browser without a key gets one: alone it opens nothing, see ADR 0150."""
        answer = Response(body, media_type=media_type, headers={**HEADERS, "Cache-Control": "no-cache"})
        if COOKIE not in cookie_parser(headers.get("cookie", "")):
            answer.set_cookie(
                COOKIE,
                secrets.token_urlsafe(_KEY_BYTES),
                max_age=COOKIE_MAX_AGE_S,
                secure=self._is_secure,
                httponly=True,
                samesite="lax",
            )
        return answer


async def _collect_garbage() -> None:
    """Look through the heap seldom, and never through what is there from the start."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_YOUNG)
    while True:
        await asyncio.sleep(_ALL_EVERY_S)
        gc.collect()


async def serve(place: Place, main: Main, uploads: Uploads) -> None:
    """Serve until SIGTERM or SIGINT."""
    differ.install()
    client = WebClient(place, main, uploads)
    server = uvicorn.Server(
        uvicorn.Config(
            client,
            host=place.host,
            port=place.port,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            ws="websockets-sansio",
            ws_max_size=FRAME_BYTES_MAX,
            timeout_graceful_shutdown=_DRAIN_S,
            timeout_keep_alive=_IDLE_S,
        )
    )
    async with client.running():
        await server.serve()
