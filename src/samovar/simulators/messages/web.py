"""The HTTP side: the phone gateway, the outbox as a page and as JSON, and the switch for faults."""

import asyncio
from dataclasses import asdict
from typing import Any

from aiohttp import web

from samovar.simulators.messages.faults import Faults
from samovar.simulators.messages.outbox import Message, Outbox
from samovar.simulators.messages.page import language_of, render

TOKEN = "simulator"  # noqa: S105  it opens nothing
BODY_BYTES_MAX = 65_536
SHOWN_MAX = 100
CALLS = {"flash_call", "voice_call", "reverse_call"}
SIDES = {"mail", "phone"}


class Site:
    """The handlers."""

    def __init__(self, outbox: Outbox, faults: Faults) -> None:
        self._outbox = outbox
        self._faults = faults

    def app(self) -> web.Application:
        """Return the application."""
        app = web.Application(client_max_size=BODY_BYTES_MAX)
        app.add_routes(
            [
                web.get("/", self.page),
                web.get("/messages", self.messages),
                web.delete("/messages", self.clear),
                web.put("/faults/{side}", self.ask_fault),
                web.delete("/faults", self.clear_faults),
                web.post("/phone", self.take),
                web.get("/phone/{id}", self.has_called),
                web.post("/phone/{id}/call", self.call),
                web.get("/healthz", self.healthz),
            ]
        )
        return app

    async def healthz(self, _request: web.Request) -> web.Response:
        """Say that it runs."""
        return web.json_response({"status": "ok"})

    async def page(self, request: web.Request) -> web.Response:
        """Show the outbox to a person."""
        to = request.query.get("to", "")
        language = language_of(request.query.get("lang") or request.headers.get("accept-language") or "")
        shown = [message for message, _ in zip(self._outbox.find(to), range(SHOWN_MAX), strict=False)]
        called = {message.id for message in shown if self._outbox.has_called(message.id)}
        return web.Response(
            text=render(shown, to=to, language=language, called=called), content_type="text/html"
        )

    async def messages(self, request: web.Request) -> web.Response:
        """Show the outbox to a program: newest first, `?to=` narrows."""
        return web.json_response(
            {"items": [_json(one) for one in self._outbox.find(request.query.get("to", ""))]}
        )

    async def clear(self, _request: web.Request) -> web.Response:
        """Forget all messages."""
        self._outbox.clear()
        return web.Response(status=204)

    async def ask_fault(self, request: web.Request) -> web.Response:
        """Misbehave; see `faults`."""
        side = request.match_info["side"]
        try:
            wanted = await _body(request)
            if side not in SIDES:
                raise ValueError(f"a side is one of {', '.join(sorted(SIDES))}")  # noqa: TRY301  one answer for all
            self._faults.ask(
                side,
                str(wanted.get("fault")),
                times=int(wanted.get("times", 1)),
                delay_s=float(wanted.get("delay_s", 0)),
            )
        except (TypeError, ValueError) as error:
            return web.json_response({"error": str(error)}, status=422)
        return web.Response(status=204)

    async def clear_faults(self, _request: web.Request) -> web.Response:
        """Behave."""
        self._faults.clear()
        return web.Response(status=204)

    async def take(self, request: web.Request) -> web.Response:
        """Take a text message or a call, as a phone gateway does."""
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return web.json_response({"error": "the token is wrong"}, status=401)
        fault = self._faults.take("phone")
        kind = fault.kind if fault else None
        if kind == "refuse":
            return web.json_response({"error": "refused, as was asked"}, status=422)
        if kind == "busy":
            return web.json_response(
                {"error": "busy, as was asked"}, status=503, headers={"retry-after": "1"}
            )
        try:
            self._keep(await _body(request))
        except (KeyError, TypeError, ValueError) as error:
            return web.json_response({"error": repr(error)}, status=422)
        if fault and kind == "slow":
            await asyncio.sleep(fault.delay_s)
        if kind == "lost_answer" and request.transport:
            request.transport.close()
        return web.json_response({"status": "taken"}, status=202)

    async def has_called(self, request: web.Request) -> web.Response:
        """Tell whether the phone of a `reverse_call` has called."""
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return web.json_response({"error": "the token is wrong"}, status=401)
        return web.json_response({"called": self._outbox.has_called(request.match_info["id"])})

    async def call(self, request: web.Request) -> web.Response:
        """Call, as the person would with their phone; a press of the button on the page."""
        if not self._outbox.call(request.match_info["id"]):
            return web.json_response({"error": "nobody waits for this call"}, status=404)
        raise web.HTTPSeeOther("/")

    def _keep(self, body: dict[str, Any]) -> None:
        message_id, kind, to = str(body["id"]), str(body["kind"]), str(body["to"])
        if kind not in {"sms", *CALLS}:
            raise ValueError(f"no such kind: {kind}")
        if self._outbox.knows(message_id):
            return
        code = str(body["code"]) if kind in CALLS else None
        text = str(body["text"]) if kind == "sms" else ""
        self._outbox.add(message_id=message_id, kind=kind, to=to, text=text, code=code)


def _json(message: Message) -> dict[str, Any]:
    return {**asdict(message), "received_at": message.received_at.isoformat()}


async def _body(request: web.Request) -> dict[str, Any]:
    body = await request.json()
    if not isinstance(body, dict):
        raise TypeError("the body is a JSON object")
    return body
