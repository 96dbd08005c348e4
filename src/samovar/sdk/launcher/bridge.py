"""The bridge: what the SDK does, over HTTP and JSON on the loopback address, for games in any language (docs/sdk.md).

It lives as long as the game. Whoever calls must know its token, which only the game has in its environment. A page in a browser never
gets in, even under a name that was made to lead here: another `Host`, any `Origin` and every body that is not JSON are refused.
"""

import secrets
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from aiohttp import web

from samovar.sdk.client import GameClient
from samovar.sdk.clock import Clock
from samovar.sdk.errors import Offline, Refused, SignInNeeded
from samovar.sdk.launcher.shapes import Choice, Key, Proving, Shown, Stats, Sync, Unlock
from samovar.sdk.play import Doing
from samovar.sdk.progress import ProgressFull

BODY_BYTES_MAX = 65_536
RATE_PER_S, BURST = 50.0, 200.0
AT_ONCE_MAX = 8
KEEP_ALIVE_S = 30.0
TOKEN_BYTES = 32
_JSON = "application/json"

T = TypeVar("T")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


# What a call may end with: its status and its code.
_WHY: dict[type[Exception], tuple[int, str]] = {
    msgspec.DecodeError: (422, "invalid"),
    msgspec.ValidationError: (422, "invalid"),
    ProgressFull: (429, "too_much_waits"),
    Offline: (503, "offline"),
    SignInNeeded: (503, "sign_in_needed"),
    Refused: (0, ""),
    web.HTTPException: (0, "request_invalid"),
}


class Bridge:
    """The bridge of one game that runs.

    Args:
        client: The SDK.
        language: What the player reads: `ru` or `en`.
        clock: The time.
        wake: Called when something waits to be sent.

    Attributes:
        token: What callers must know.
        is_online: Whether the platform answered last.
    """

    def __init__(self, client: GameClient, *, language: str, clock: Clock, wake: Callable[[], None]) -> None:
        self._client = client
        self._language = language
        self._clock = clock
        self._wake = wake
        self.token = secrets.token_urlsafe(TOKEN_BYTES)
        self.is_online = True
        self._hosts: set[str] = set()
        self._left, self._left_at = BURST, clock.monotonic()
        self._running = 0
        self._runner: web.AppRunner | None = None

    async def start(self) -> str:
        """Listen on a free port and return the address."""

        @web.middleware
        async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
            return await self._guard(request, handler)

        app = web.Application(middlewares=[guard], client_max_size=BODY_BYTES_MAX)
        app.add_routes(
            [
                web.get("/v1/game", self._game),
                web.get("/v1/ownership", self._ownership),
                web.post("/v1/licence-proof", self._prove),
                web.post("/v1/launch-ticket", self._ticket),
                web.get("/v1/achievements", self._achievements),
                web.put("/v1/achievements/{key}", self._achieve),
                web.get("/v1/stats", self._stats),
                web.patch("/v1/stats", self._change_stats),
                web.put("/v1/presence", self._show),
                web.delete("/v1/presence", self._hush),
                web.post("/v1/saves/sync", self._sync),
                web.post("/v1/saves/choose", self._choose),
                web.get("/v1/saves/versions", self._versions),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, keepalive_timeout=KEEP_ALIVE_S)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        port = self._runner.addresses[0][1]
        self._hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        return f"http://127.0.0.1:{port}"

    async def stop(self) -> None:
        """Stop listening."""
        if self._runner:
            await self._runner.cleanup()

    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if refusal := self._refusal(request):
            return refusal
        self._running += 1
        try:
            answer = await handler(request)
        except tuple(_WHY) as error:
            self.is_online = self.is_online and not isinstance(error, Offline)
            return _explain(error)
        else:
            return answer
        finally:
            self._running -= 1

    def _refusal(self, request: web.Request) -> web.Response | None:
        """Return why a request is not let in, before anything of it is read."""
        if request.headers.get("Host") not in self._hosts:
            return _problem(421, "wrong_host", "this is the bridge of a game")
        if "Origin" in request.headers or "Sec-Fetch-Site" in request.headers:
            return _problem(403, "no_pages", "pages in browsers are not let in")
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not secrets.compare_digest(token.encode(), self.token.encode()):
            return _problem(
                401, "wrong_token", "`Authorization: Bearer` and the value of SAMOVAR_BRIDGE_TOKEN"
            )
        if request.can_read_body and request.content_type != _JSON:
            return _problem(415, "not_json", f"`Content-Type: {_JSON}`")
        now = self._clock.monotonic()
        self._left = min(BURST, self._left + (now - self._left_at) * RATE_PER_S)
        self._left_at = now
        if self._left < 1 or self._running >= AT_ONCE_MAX:
            return _problem(
                429, "too_fast", f"at most {RATE_PER_S:.0f} calls a second, {AT_ONCE_MAX} at one time"
            )
        self._left -= 1
        return None

    async def _game(self, _request: web.Request) -> web.Response:
        place = self._client.place
        shown = {
            "game_id": str(place.game_id),
            "language": self._language,
            "saves": str(place.saves),
            "is_online": self.is_online,
            "refused": [{"what": what, "why": why} for what, why in self._client.progress.refused()],
        }
        return web.json_response(shown)

    async def _ownership(self, request: web.Request) -> web.Response:
        named = request.query.get("app_id")
        app_id = msgspec.convert(named, UUID) if named else None
        return self._answer(await self._client.owning.check(app_id))

    async def _prove(self, request: web.Request) -> web.Response:
        wish = await _read(request, Proving)
        return self._answer(await self._client.owning.prove(wish.nonce))

    async def _ticket(self, _request: web.Request) -> web.Response:
        return self._answer(await self._client.owning.launch_ticket())

    async def _achievements(self, _request: web.Request) -> web.Response:
        return self._answer({"items": await self._client.progress.achievements()})

    async def _achieve(self, request: web.Request) -> web.Response:
        key = msgspec.convert(request.match_info["key"], Key)
        self._client.progress.achieve(key, (await _read(request, Unlock)).progress)
        self._wake()
        return web.json_response({"kept": True}, status=202)

    async def _stats(self, _request: web.Request) -> web.Response:
        return self._answer({"values": await self._client.progress.stats()})

    async def _change_stats(self, request: web.Request) -> web.Response:
        changes = await _read(request, Stats)
        self._client.progress.set_stats(changes.values)
        for rate in changes.rates:
            self._client.progress.add_rate(rate.key, rate.count, rate.length_s, update_id=rate.id)
        self._wake()
        return web.json_response({"kept": True}, status=202)

    async def _show(self, request: web.Request) -> web.Response:
        shown = await _read(request, Shown)
        doing = Doing(phrase=shown.phrase, text=shown.text, parameters=shown.parameters)
        self._client.presence.show(doing)
        return web.json_response({"kept": True}, status=202)

    async def _hush(self, _request: web.Request) -> web.Response:
        self._client.presence.show(None)
        return web.json_response({"kept": True}, status=202)

    async def _sync(self, request: web.Request) -> web.Response:
        wish = await _read(request, Sync)
        return self._answer(await self._client.saves.sync(confirmed=wish.confirmed))

    async def _choose(self, request: web.Request) -> web.Response:
        choice = await _read(request, Choice)
        if choice.version_id:
            await self._client.saves.choose(choice.path, choice.version_id)
        else:
            await self._client.saves.restore(choice.path)
        return self._answer({})

    async def _versions(self, request: web.Request) -> web.Response:
        return self._answer({"items": await self._client.saves.versions(request.query.get("path", ""))})

    def _answer(self, value: Any) -> web.Response:
        self.is_online = True
        return web.Response(body=msgspec.json.encode(value), content_type=_JSON)


def _explain(error: Exception) -> web.Response:
    if isinstance(error, Refused):
        return web.json_response(error.problem or {"code": "refused"}, status=error.status)
    status, code = next(why for kind, why in _WHY.items() if isinstance(error, kind))
    if isinstance(error, web.HTTPException):
        return _problem(error.status, code, error.reason)
    return _problem(status, code, str(error))


async def _read(request: web.Request, kind: type[T]) -> T:
    """Return the body in its type; no body at all is an empty object."""
    return msgspec.json.decode(await request.read() or b"{}", type=kind)


def _problem(status: int, code: str, detail: str) -> web.Response:
    return web.json_response({"code": f"bridge.{code}", "detail": detail}, status=status)
