"""What a simulated service does wrong when asked to: `PUT /faults/vk {"fault": "slow"}`."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import get_args

from aiohttp import web

from samovar.simulators.identity.clients import Service

FAULTS = (
    "none",
    # The token address.
    "slow",
    "error_500",
    "too_many",
    "redirect",
    "huge",
    "not_json",
    "refused",
    "no_access_token",
    # The ID token.
    "wrong_nonce",
    "wrong_audience",
    "wrong_issuer",
    "wrong_party",
    "expired",
    "from_the_future",
    "alg_none",
    "hmac_with_public_key",
    "unknown_key",
    "key_in_header",
    "bad_signature",
    # The callback and the person's data.
    "mix_up",
    "wrong_person",
    "wrong_client",
    "wrong_state",
)
SLOW_S = 30.0
HUGE_BYTES = 2_000_000

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Faults:
    """Which fault each service shows at present."""

    def __init__(self) -> None:
        self._present: dict[str, str] = {}

    def of(self, service: Service) -> str:
        """Return the present fault of a service."""
        return self._present.get(service, "none")

    def plant(self, service: Service, fault: str) -> None:
        """Show a fault from now on; `none` ends it."""
        if fault not in FAULTS:
            raise ValueError(f"{fault!r} is none of {FAULTS}")
        self._present[service] = fault

    async def put(self, request: web.Request) -> web.Response:
        """Plant a fault over HTTP."""
        service, body = request.match_info["service"], await request.json()
        if service not in get_args(Service) or body.get("fault") not in FAULTS:
            raise web.HTTPUnprocessableEntity(text=f"services: {get_args(Service)}, faults: {FAULTS}")
        self._present[service] = body["fault"]
        return web.json_response({"service": service, "fault": body["fault"]})

    def at_token_address(self, service: Service, handler: Handler) -> Handler:
        """Return the handler of a token address with the faults that any server may have."""

        async def handle(request: web.Request) -> web.StreamResponse:
            fault = self.of(service)
            if fault == "slow":
                await asyncio.sleep(SLOW_S)
            return _faulty_answer(fault) or await handler(request)

        return handle


def _faulty_answer(fault: str) -> web.Response | None:
    answers = {
        "error_500": lambda: web.Response(status=500, text="oops"),
        "too_many": lambda: web.Response(status=429, headers={"Retry-After": "5"}),
        "redirect": lambda: web.Response(status=302, headers={"Location": "http://169.254.169.254/"}),
        "huge": lambda: web.Response(
            body=b'{"a":"' + b"x" * HUGE_BYTES + b'"}', content_type="application/json"
        ),
        "not_json": lambda: web.Response(text="<html>", content_type="text/html"),
        "refused": lambda: web.json_response({"error": "invalid_grant"}, status=400),
        "no_access_token": lambda: web.json_response({"token_type": "bearer"}),
    }
    return answers[fault]() if fault in answers else None
