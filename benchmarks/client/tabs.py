"""A browser's tab as the client's process sees it, without a browser: it speaks Flet's protocol over one WebSocket.

Frames are `0x00` and a MessagePack value `[action, body]`. The tab registers, answers what the process asks of a browser (storage,
the address), keeps the tree of controls by the patches that come, and sends clicks. It draws nothing.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Self

import aiohttp
import msgspec

REGISTER, PATCH, EVENT, UPDATE, INVOKE, CRASHED = range(1, 7)
PAGE = 1
WIDTH, HEIGHT = 1360, 860
REPLACE, ADD, REMOVE, MOVE = range(4)
WAIT_S = 30.0
FRAME_BYTES_MAX = 1 << 26


class Lost(Exception):
    """The tab did not get what it waited for; the message says what."""


@dataclass
class Tab:
    """One tab.

    Attributes:
        storage: What the browser keeps between visits.
        root: The page and all controls in it, as the process has told.
        received: Bytes that came.
    """

    storage: dict[str, Any] = field(default_factory=dict)
    root: dict[str, Any] = field(default_factory=dict)
    received: int = 0
    _socket: aiohttp.ClientWebSocketResponse | None = None
    _reading: "asyncio.Task[None] | None" = None
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _index: dict[int, Any] = field(default_factory=dict)

    async def open(
        self, http: aiohttp.ClientSession, origin: str, route: str = "/", *, browser_key: str = ""
    ) -> Self:
        """Connect and register, as a page that was loaded at this address."""
        self._socket = await http.ws_connect(
            f"{origin}/client/ws",
            headers={"Origin": origin, "Cookie": f"samovar_browser={browser_key}", "Accept-Language": "ru"},
            max_msg_size=FRAME_BYTES_MAX,
        )
        self._reading = asyncio.create_task(self._read())
        media = {"padding": {}, "view_padding": {}, "view_insets": {}, "device_pixel_ratio": 1.0}
        page = {
            "route": route,
            "pwa": False,
            "web": True,
            "debug": False,
            "wasm": False,
            "multi_view": False,
            "platform": "linux",
            "width": WIDTH,
            "height": HEIGHT,
            "media": media,
        }
        await self._send(REGISTER, {"session_id": "", "page_name": "client", "page": page})
        return self

    async def close(self) -> None:
        """Close the tab."""
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)
        if self._socket is not None:
            await self._socket.close()

    def controls(self) -> Iterator[dict[str, Any]]:
        """Yield all controls of what is shown, services left out."""
        yield from _controls(self.root.get("views", []))

    def find(self, name: str) -> dict[str, Any] | None:
        """Return a control by its name."""
        return next((one for one in self.controls() if one.get("identifier") == name), None)

    async def see(self, name: str, *, within_s: float = WAIT_S) -> dict[str, Any]:
        """Wait until a control is there.

        Raises:
            Lost: It did not come.
        """
        await self.until(lambda: self.find(name) is not None, name, within_s=within_s)
        return self.find(name) or {}

    async def until(self, true: Callable[[], bool], what: str, *, within_s: float = WAIT_S) -> None:
        """Wait until something is true of what is shown.

        Raises:
            Lost: It did not become so.
        """
        try:
            async with asyncio.timeout(within_s):
                while not true():
                    await self.change()
        except TimeoutError:
            raise Lost(f"{what} did not come at {self.root.get('route')}") from None

    async def change(self) -> None:
        """Wait for the next patch.

        Raises:
            Lost: The connection is over.
        """
        self._changed.clear()
        if self._reading is None or self._reading.done():
            raise Lost("the connection is over")
        await self._changed.wait()

    async def click(self, name: str) -> float:
        """Click a control; return how long its first visible answer took, seconds.

        Raises:
            Lost: It is not there, or nothing came of it.
        """
        named = await self.see(name)
        target = next((one for one in _controls([named]) if one.get("on_click")), None)
        if target is None:
            raise Lost(f"{name} cannot be clicked")
        return await self._answered(EVENT, {"target": target["_i"], "name": "click", "data": None})

    async def submit(self, name: str, text: str) -> None:
        """Type into a field and press Enter.

        Raises:
            Lost: It is not there.
        """
        named = await self.see(name)
        target = next(one for one in _controls([named]) if one.get("on_submit"))
        await self._send(UPDATE, {"id": target["_i"], "props": {"value": text}})
        await self._send(EVENT, {"target": target["_i"], "name": "submit", "data": text})

    async def go(self, route: str) -> None:
        """Write another address into the browser's line."""
        self.root["route"] = route
        await self._send(UPDATE, {"id": PAGE, "props": {"route": route}})
        await self._send(EVENT, {"target": PAGE, "name": "route_change", "data": {"route": route}})

    async def _answered(self, action: int, body: object) -> float:
        began = time.perf_counter()
        await self._send(action, body)
        try:
            async with asyncio.timeout(WAIT_S):
                await self.change()
        except TimeoutError:
            raise Lost(f"nothing came of {body}") from None
        return time.perf_counter() - began

    async def _send(self, action: int, body: object) -> None:
        if self._socket is None:
            raise Lost("the tab is not open")
        await self._socket.send_bytes(b"\x00" + msgspec.msgpack.encode([action, body]))

    async def _read(self) -> None:
        socket = self._socket
        if socket is None:
            return
        async for message in socket:
            if message.type is not aiohttp.WSMsgType.BINARY:
                continue
            self.received += len(message.data)
            action, body = msgspec.msgpack.decode(message.data[1:])
            await self._take(action, body)

    async def _take(self, action: int, body: dict[str, Any]) -> None:
        if action == REGISTER:
            self.root = body["page_patch"]
            self._note(self.root)
        elif action == PATCH:
            found = self._index.get(body["id"])
            if found is not None:
                self._apply(found, body["patch"])
                self._changed.set()
        elif action == INVOKE:
            result = await self._asked(body["name"], body.get("args") or {})
            answer = {"control_id": body["control_id"], "call_id": body["call_id"]}
            await self._send(INVOKE, answer | {"result": result, "error": None})
        elif action == CRASHED:
            raise Lost(f"the session crashed: {body['message']}")

    async def _asked(self, name: str, arguments: dict[str, Any]) -> Any:
        """Do what a browser does, and return what it answers."""
        if name == "push_route":
            await self.go(arguments["route"])
        elif name == "get":
            return self.storage.get(arguments["key"])
        elif name == "set":
            self.storage[arguments["key"]] = arguments["value"]
            return True
        elif name == "remove":
            return self.storage.pop(arguments["key"], None) is not None
        return None

    def _apply(self, target: Any, patch: list[Any]) -> None:
        nodes: dict[int, Any] = {}
        _place(patch[0], target, nodes)
        for operation in patch[1:]:
            kind, node, key = operation[:3]
            holder = nodes[node]
            if kind == MOVE:
                value = _taken(holder, key)
                _put(nodes[operation[3]], operation[4], value, anew=True)
            elif kind == REMOVE:
                _taken(holder, key)
            else:
                _put(holder, key, operation[3], anew=kind == ADD)
                self._note(operation[3])

    def _note(self, value: Any) -> None:
        """Take note of the controls in a value, by their numbers."""
        for one in _controls([value]):
            self._index[one["_i"]] = one


def _place(tree: list[Any], value: Any, nodes: dict[int, Any]) -> None:
    """Find what the numbers of a patch stand for."""
    nodes[tree[0]] = value
    for key, below in (tree[1] if len(tree) > 1 else {}).items():
        _place(below, value[key], nodes)


def _taken(holder: Any, key: Any) -> Any:
    return holder.pop(key) if isinstance(holder, list) else holder.pop(key, None)


def _put(holder: Any, key: Any, value: Any, *, anew: bool) -> None:
    if anew and isinstance(holder, list):
        holder.insert(key, value)
    else:
        holder[key] = value


def _controls(values: Any) -> Iterator[dict[str, Any]]:
    """Yield the controls in a value, and those in them."""
    waiting = [values]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if "_c" in value:
                yield value
            waiting.extend(reversed(value.values()))
        elif isinstance(value, list):
            waiting.extend(reversed(value))
