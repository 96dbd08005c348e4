"""A service behind the gateway, as its contract has it and as it answers: a shop that does what the request asks for."""

import asyncio
from typing import Any

import msgspec
from aiohttp import WSMsgType, web

from samovar.kit.rest.openapi import document
from samovar.kit.routes import Cache, RateLimit, Route, delete, get, post, put

# What a page says of itself to the browser, for its own safety.
GUARDS = {
    "content-security-policy": "default-src 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
}
RESTOCKED = "shop.v1.thing_restocked"
STREAMED_BYTES_MAX = 4_000_000
PERMISSIONS = {
    "shop.thing.remove": ["moderator", "admin"],
    "shop.thing.price": ["developer", "finance", "!support"],
    "shop.thing.nobody": [],
}


async def handler() -> dict[str, str]:
    """Stand where a handler would be."""
    return {}


def routes() -> tuple[Route, ...]:
    """Return routes with every kind of policy."""
    return (
        get("/v1/things", auth="public")(handler),
        post("/v1/things", auth="player", body_bytes_max=1_000)(handler),
        get("/v1/things/special", auth="public")(handler),
        get("/v1/things/{thing_id:uuid}", auth="player")(handler),
        delete("/v1/things/{thing_id:uuid}", auth="staff", permissions=("shop.thing.remove",))(handler),
        get("/v1/things/{thing_id:uuid}/reviews", auth="public")(handler),
        get("/v1/things/special/offers", auth="developer")(handler),
        put("/v1/prices/{thing_id:uuid}", auth="player", permissions=("shop.thing.price",))(handler),
        put("/v1/prices", auth="developer", permissions=("shop.thing.price",))(handler),
        get("/v1/prices", auth="staff", permissions=("shop.thing.nobody",))(handler),
        post("/v1/hooks/{provider}", auth="provider")(handler),
        get("/v1/inside", auth="service")(handler),
        post("/v1/things/special", auth="service")(handler),
        get("/v1/limits/address", auth="public", rate_limit=RateLimit(3, per_s=3_600))(handler),
        get("/v1/limits/account", auth="player", rate_limit=RateLimit(3, per_s=3_600, by="account"))(handler),
        get("/v1/limits/key", auth="player", rate_limit=RateLimit(3, per_s=3_600, by="api_key"))(handler),
        get("/v1/limits/open", auth="public", rate_limit=RateLimit(3, per_s=3_600, by="account"))(handler),
        get(
            "/v1/limits/cluster",
            auth="player",
            rate_limit=RateLimit(3, per_s=3_600, by="account", where="cluster"),
        )(handler),
        get("/v1/quick", auth="public", timeout_ms=300)(handler),
        post("/v1/flaky", auth="public")(handler),
        put("/v1/flaky", auth="public")(handler),
        put("/v1/uploads", auth="public", body_bytes_max=STREAMED_BYTES_MAX)(handler),
        get(
            "/v1/shelves/{shelf}",
            auth="public",
            cache=Cache(ttl_s=60, stale_s=600, tags=(RESTOCKED,), query=("limit",)),
        )(handler),
        get("/showcase/{thing}", auth="public", cache=Cache(ttl_s=60, stale_s=600))(handler),
        get("/v1/catalogue", auth="public", cache=Cache(ttl_s=1, stale_s=600))(handler),
        get(
            "/v1/windows/{window}",
            auth="public",
            cache=Cache(ttl_s=60, stale_s=600, query=("max_age_s",), anonymous_only=True),
        )(handler),
        _socket(get("/v1/socket", auth="public")(handler)),
    )


def _socket(route: Route) -> Route:
    policy = msgspec.structs.replace(route.policy, websocket=True)
    return msgspec.structs.replace(route, policy=policy)


def contract(
    *declared: Route, name: str = "shop", permissions: dict[str, list[str]] | None = None
) -> dict[str, Any]:
    """Return the contract of a service with these routes; every handler of a test is the same function."""
    about = {
        "permissions": PERMISSIONS if permissions is None else permissions,
        "publishes": [f"samovar.{RESTOCKED}"],
        "consumes": [],
    }
    made = document(name=name, summary="A shop", version="1", routes=declared, service=about)
    for path, methods in made["paths"].items():
        for method, operation in methods.items():
            operation["operationId"] = f"{name} {method} {path}"
    return made


class Shop:
    """The service itself.

    Attributes:
        requests: What came, oldest first.
        port: Where it listens, once started; the same after it was stopped and started again.
    """

    def __init__(self) -> None:
        self.requests: list[web.Request] = []
        self.port = 0
        self._runner: web.AppRunner | None = None
        self._faults: dict[str, int] = {}

    async def start(self) -> None:
        """Listen."""
        app = web.Application(client_max_size=1 << 26)
        app.router.add_route("*", "/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True).start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Be away."""
        if self._runner:
            await self._runner.cleanup()

    def seen(self, mark: str) -> list[web.Request]:
        """Return the requests whose address holds `mark`."""
        return [request for request in self.requests if mark in request.raw_path]

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        """Do what the query asks: `status`, `fails` so many times, `reset` so many times, wait `delay_ms`, send `size_bytes`."""
        # And `max_age_s` says for how long the answer holds.
        self.requests.append(request)
        asked = request.query
        if request.headers.get("upgrade", "").lower() == "websocket":
            return await _echo(request)
        await asyncio.sleep(int(asked.get("delay_ms", "0")) / 1000)
        body = await request.read()
        if self._once_more(request, "reset"):
            assert request.transport
            request.transport.abort()
        headers = {"etag": '"1"'} if "etag" in asked else {}
        if "max_age_s" in asked:
            headers["cache-control"] = f"max-age={asked['max_age_s']}"
            headers |= GUARDS
        answer = {
            "path": request.raw_path,
            "headers": {name.lower(): value for name, value in request.headers.items()},
            "body_bytes": len(body),
            "filling": "й" * int(asked.get("size_bytes", "0")),
        }
        status = 503 if self._once_more(request, "fails") else int(asked.get("status", "200"))
        return web.json_response(answer, status=status, headers=headers)

    def _once_more(self, request: web.Request, fault: str) -> bool:
        """Whether the request is still to meet a fault that it asked to meet so many times."""
        key = f"{request.raw_path} {fault}"
        done = self._faults.get(key, 0)
        self._faults[key] = done + 1
        return done < int(request.query.get(fault, "0"))


async def _echo(request: web.Request) -> web.WebSocketResponse:
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    async for message in socket:
        if message.type is WSMsgType.TEXT:
            await socket.send_str(f"echo {message.data}")
    return socket
