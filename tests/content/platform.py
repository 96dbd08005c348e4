"""The routes of the platform that fetching a game needs, without a platform: orders, tickets, contents, the queue, branches."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from samovar.content.format.canonical import encode, hash_of
from samovar.content.format.manifest import Release, sign
from samovar.content.format.tree import Tree
from samovar.content.install.state import empty_tree
from tests.content.install.shop import APP, DEVELOPER, PLATFORM, Content, Shop

BRANCH = "main"


def _public(key: Ed25519PrivateKey) -> list[dict[str, str]]:
    return [{"public_key": b64encode(key.public_key().public_bytes_raw()).decode()}]


class FakePlatform:
    """The routes.

    Args:
        shop: Has the objects.

    Attributes:
        orders: What was ordered.
        changes: What was told of the download.
        row: The queue's only row, once it is ordered.
        refuses: Orders.
        looks: How often the queue was asked for.
        limit: Bytes a second, of every device.
        keeps: Its row, whoever drops it.
        pause_s: How long each object lets wait.
    """

    def __init__(self, shop: Shop) -> None:
        self.origin = ""
        self.orders: list[dict[str, Any]] = []
        self.changes: list[dict[str, Any]] = []
        self.key = PLATFORM
        self.sequence = 1
        self.tickets = 0
        self.refuses = False
        self.pause_s = 0.0
        self.row: dict[str, Any] | None = None
        self.looks = 0
        self.limit: int | None = None
        self.keeps = False
        self._shop = shop
        self._builds: list[Tree] = []
        self._plan = b""

    def push(self, content: Content) -> None:
        self._builds.append(self._shop.push(content))

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/v1/games/zavod", self._game)
        app.router.add_post("/v1/downloads", self._order)
        app.router.add_post("/v1/downloads/{id}/ticket", self._renew)
        app.router.add_get("/v1/downloads", self._list)
        app.router.add_patch("/v1/downloads/{id}", self._change)
        app.router.add_delete("/v1/downloads/{id}", self._drop)
        app.router.add_put("/v1/downloads/limits/{device}", self._limit)
        app.router.add_get("/v1/games/{id}/branches", self._branches)
        app.router.add_get("/v1/library/games/{id}", self._shelf)
        app.router.add_get("/content/{ticket}/{kind}/{name}", self._content)
        return app

    async def _game(self, _request: web.Request) -> web.Response:
        return web.json_response({"id": str(UUID(bytes=APP))})

    async def _order(self, request: web.Request) -> web.Response:
        if self.refuses or request.headers.get("Authorization") != "Bearer good":
            return web.json_response(
                {"code": "download.not_owned", "detail": "Игры нет в библиотеке."}, status=403
            )
        order = await request.json()
        self.orders.append(order)
        base = int(UUID(order["from_build"])) if "from_build" in order else None
        old = empty_tree() if base is None else self._builds[base - 1]
        offer = self._shop.offer(old, self._builds[-1])
        self._plan = offer.plan
        self._manifest = sign("manifest", encode(offer.manifest), DEVELOPER)
        self.queue(order["game_id"], order["device_id"])
        return self._ticketed()

    def queue(self, game_id: str, device_id: str) -> None:
        """Put a game into the queue of a device."""
        self.row = {
            "id": str(UUID(int=1)),
            "game_id": game_id,
            "device_id": device_id,
            "state": "queued",
            "position": 1,
            "size_bytes": self._builds[-1].size,
            "download_bytes": max(1, self._builds[-1].size),
            "done_bytes": 0,
        }

    def _ticketed(self) -> web.Response:
        self.tickets += 1
        now = datetime.now(UTC)
        assert self.row is not None
        second = int(now.timestamp())
        release = Release(1, APP, BRANCH, hash_of(self._manifest), self.sequence, second - 1, second + 600)
        at = f"/content/{self.tickets}"
        return web.json_response(
            {
                **self.row,
                "branch": BRANCH,
                "build_id": str(UUID(int=len(self._builds))),
                "plan_url": f"{at}/plans/p",
                "manifest_url": f"{at}/manifests/m",
                "content_base_url": f"{at}/",
                "expires_at": (now + timedelta(hours=1)).isoformat(),
                "disk_bytes_peak": 1,
                "release": b64encode(sign("release", encode(release), self.key)).decode(),
                "platform_keys": _public(self.key),
                "developer_keys": _public(DEVELOPER),
                "sources": [f"{at}/"],
            },
            status=201,
        )

    async def _renew(self, _request: web.Request) -> web.Response:
        return self._ticketed()

    async def _change(self, request: web.Request) -> web.Response:
        change = await request.json()
        self.changes.append(change)
        if self.row is None:
            return web.json_response({"code": "download.download_not_found"}, status=404)
        self.row |= change
        return web.json_response(self.row)

    async def _list(self, _request: web.Request) -> web.Response:
        self.looks += 1
        row = self.row and self.row | {"limit_bytes_per_s": self.limit}
        return web.json_response({"items": [] if row is None else [row]})

    async def _limit(self, request: web.Request) -> web.Response:
        if self.row is None:
            return web.json_response({"code": "download.download_not_found"}, status=404)
        self.limit = (await request.json())["bytes_per_s"]
        return web.json_response({"bytes_per_s": self.limit})

    async def _drop(self, _request: web.Request) -> web.Response:
        if self.keeps:
            return web.json_response({"code": "platform.away"}, status=503)
        self.row = None
        return web.Response(status=204)

    async def _shelf(self, request: web.Request) -> web.Response:
        game = {"game_id": request.match_info["id"], "since": datetime.now(UTC).isoformat()}
        return web.json_response(game | {"slug": "zavod", "titles": {"ru": "Завод"}})

    async def _branches(self, _request: web.Request) -> web.Response:
        if not self._builds:
            return web.json_response([])
        newest = {"build_id": str(UUID(int=len(self._builds))), "size_bytes": self._builds[-1].size}
        return web.json_response([{"name": BRANCH, "has_password": False, **newest}])

    async def _content(self, request: web.Request) -> web.StreamResponse:
        kind, name = request.match_info["kind"], request.match_info["name"]
        if kind == "plans":
            return web.Response(body=sign("plan", self._plan, self.key))
        if kind == "manifests":
            return web.Response(body=self._manifest)
        # The first ticket for each run is over at once.
        if int(request.match_info["ticket"]) != self.tickets or self.tickets % 2:
            return web.Response(status=403)
        await asyncio.sleep(self.pause_s)
        return web.FileResponse(self._shop.folder / name)


@asynccontextmanager
async def running(platform: FakePlatform) -> AsyncIterator[None]:
    runner = web.AppRunner(platform.app())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    platform.origin = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield
    finally:
        await runner.cleanup()
