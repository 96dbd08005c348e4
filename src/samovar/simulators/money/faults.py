"""Misbehaviour on request.

`PUT /faults/yookassa {"fault": "slow", "times": 2, "delay_s": 3}` spoils the next two requests; `tbank`, `fiscal`, `bank`,
`taxpayers` and `webhooks` likewise. `"on": "refund"` spoils requests of that operation alone: `token`, `create`, `get`, `capture`, `cancel` (which
is also T-Bank's refund), `refund`, `qr`, `list`.
`DELETE /faults` ends all.

Of a request:
- `slow`: answered after `delay_s`;
- `error_500`: nothing is done; `error_500_after`: it is done, and nobody hears so;
- `lost_answer`: done, and the connection cut before the answer;
- `too_many`: 429; `not_json`: a page of HTML; `down`: the connection is cut, nothing is done;
- `wrong_amount`: the answer names another sum;
- `unknown_payment`: 404, though there is one.

- `fail`: a receipt that the register refuses, a payout that the bank rejects; `wait`: one that stays on its way until it is told.

Of a webhook:
- `duplicate`: sent twice; `delay`: sent after `delay_s`; `lost`: never sent;
- `reorder`: held back until the next one is out;
- `wrong_amount`: names another sum; `unknown_payment`: names a payment that does not exist;
- `bad_token`: signed with another password (T-Bank).
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.Response]]

OF_REQUESTS = (
    "slow",
    "error_500",
    "error_500_after",
    "lost_answer",
    "too_many",
    "not_json",
    "down",
    "wrong_amount",
    "unknown_payment",
)
OF_WORK = (*OF_REQUESTS[:7], "fail", "wait")
OF_WEBHOOKS = ("duplicate", "delay", "lost", "reorder", "wrong_amount", "unknown_payment", "bad_token")
SIDES = {
    "yookassa": OF_REQUESTS,
    "tbank": OF_REQUESTS,
    "fiscal": OF_WORK,
    "bank": OF_WORK,
    "taxpayers": OF_REQUESTS[:7],
    "webhooks": OF_WEBHOOKS,
}
OPERATIONS = ("token", "create", "get", "capture", "cancel", "refund", "qr", "list")
TIMES_MAX = 1_000_000
DELAY_S_MAX = 600.0


@dataclass
class Fault:
    """One kind of misbehaviour.

    Attributes:
        on: The operation that it spoils; empty for all.
        left: How many more times.
    """

    kind: str
    delay_s: float
    on: str
    left: int


class Faults:
    """What is to go wrong next, by side.

    Args:
        done: Called when a request has had its effect, before anybody hears so.
    """

    def __init__(self, done: Callable[[], None]) -> None:
        self._done = done
        self._wanted: dict[str, list[Fault]] = {}

    def ask(self, side: str, wanted: dict[str, Any]) -> None:
        """Make the next `times` things of a side go wrong.

        Raises:
            ValueError: There is no such side or kind, or a number is out of bounds.
        """
        kind, on = str(wanted.get("fault")), str(wanted.get("on", ""))
        times, delay_s = int(wanted.get("times", 1)), float(wanted.get("delay_s", 0))
        if side not in SIDES or kind not in SIDES[side]:
            raise ValueError(f"sides and faults: {SIDES}")
        if not 1 <= times <= TIMES_MAX or not 0 <= delay_s <= DELAY_S_MAX or (on and on not in OPERATIONS):
            raise ValueError(f"times 1 to {TIMES_MAX}; delay_s to {DELAY_S_MAX}; on {', '.join(OPERATIONS)}")
        self._wanted.setdefault(side, []).append(Fault(kind, delay_s, on, times))

    def take(self, side: str, operation: str = "") -> Fault | None:
        """Return what is to go wrong with the thing at hand."""
        queue = self._wanted.get(side, [])
        for fault in queue:
            if not fault.on or fault.on == operation:
                fault.left -= 1
                if fault.left <= 0:
                    queue.remove(fault)
                return fault
        return None

    def clear(self) -> None:
        """Behave from now on."""
        self._wanted.clear()

    def spoil(
        self, side: str, operation: str, handler: Handler, **special: Callable[[web.Response], web.Response]
    ) -> Handler:
        """Return the handler of a call that goes wrong when it was asked to.

        Args:
            side: Whose call it is.
            operation: See `OPERATIONS`.
            handler: What answers when nothing is wrong.
            special: What a fault of this dialect makes of the answer, by its kind.
        """

        async def handle(request: web.Request) -> web.Response:
            fault = self.take(side, operation)
            kind = fault.kind if fault else ""
            before: dict[str, Callable[[], web.Response]] = {
                "error_500": _oops,
                "too_many": _too_many,
                "down": partial(_cut, request),
            }
            if kind in before:
                return before[kind]()
            request["fault"] = kind
            answer = await handler(request)
            self._done()
            if fault and kind == "slow":
                await asyncio.sleep(fault.delay_s)
            after = {
                "lost_answer": lambda _: _cut(request),
                "error_500_after": lambda _: _oops(),
                "not_json": lambda _: web.Response(text="<html>502</html>", content_type="text/html"),
                **special,
            }
            return after[kind](answer) if kind in after else answer

        return handle


def _too_many() -> web.Response:
    return web.json_response({"type": "error", "code": "too_many_requests"}, status=429)


def _oops() -> web.Response:
    return web.json_response(
        {"type": "error", "code": "internal_server_error", "description": "Internal server error"}, status=500
    )


def _cut(request: web.Request) -> web.Response:
    if request.transport:
        request.transport.abort()
    return web.Response(status=500)
