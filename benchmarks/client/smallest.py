"""The smallest Flet application there is, served by the server of the client: what no screen of ours can go below.

python benchmarks/client/smallest.py PORT
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import flet as ft

from samovar.client.browser import Browser
from samovar.client.theme.material import theme
from samovar.client.web.server import Place, serve
from samovar.client.web.uploads import Uploads
from samovar.embedded.ports import ReservedPort

KEPT = Path(__file__).parents[2] / ".cache" / "client"
READY_WITHIN_S = 60
_POLL_S = 0.1


async def hello(page: ft.Page, browser: Browser) -> None:
    """Show a button, and a word more each time that it is pressed."""
    del browser
    page.theme = theme()

    def say(_: ft.Event[ft.TextButton]) -> None:
        page.add(ft.Semantics(identifier="said", content=ft.Text("Привет")))

    page.add(ft.Semantics(identifier="hello", content=ft.TextButton("Привет", on_click=say)))


@asynccontextmanager
async def smallest() -> AsyncIterator[tuple[str, int]]:
    """Serve it in a process of its own; yields its address and its process."""
    reserved = ReservedPort()
    reserved.release()
    process = await asyncio.create_subprocess_exec(sys.executable, __file__, str(reserved.number))
    origin = f"http://127.0.0.1:{reserved.number}"
    try:
        async with aiohttp.ClientSession() as http, asyncio.timeout(READY_WITHIN_S):
            while not await _answers(http, origin):  # noqa: ASYNC110  Another process tells no event.
                await asyncio.sleep(_POLL_S)
        yield origin, process.pid
    finally:
        process.terminate()
        await process.wait()


async def _answers(http: aiohttp.ClientSession, origin: str) -> bool:
    try:
        async with http.get(f"{origin}/readyz") as answer:
            return answer.ok
    except aiohttp.ClientError:
        return False


if __name__ == "__main__":
    port = int(sys.argv[1])
    asyncio.run(
        serve(
            Place(host="127.0.0.1", port=port, origin=f"http://127.0.0.1:{port}", kept=KEPT), hello, Uploads()
        )
    )
