"""The outermost layer of REST: every request gets an id, a trace, a metric and a line in the access log.

It also answers HEAD by the GET handler without the body (RFC 9110, section 9.3.2) and marks answers that say nothing
about caching as `no-store`.
"""

import time
from typing import Any

from litestar.types import ASGIApp, Message, Receive, Send

from samovar.kit import logs, metrics, tracing

REQUEST_ID_BYTES_MAX = 128
_UNROUTED = "(no route)"
_READ = {name.encode(): name for name in (tracing.TRACEPARENT, "x-request-id", "x-forwarded-for")}
_CLIENT_GONE = 499
# Asked every few seconds by machines; they are counted, but their lines would bury all others.
PROBES = frozenset({"/livez", "/readyz", "/startupz", "/metrics"})


class Observer:
    """ASGI middleware around the whole application."""

    def __init__(self, app: ASGIApp, service: str) -> None:
        self._app = app
        self._service = service
        self._in_flight = metrics.HTTP_IN_FLIGHT.labels(service)

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """Serve one request under observation."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        carrier = {_READ[name]: value.decode("latin-1") for name, value in scope["headers"] if name in _READ}
        method = scope["method"]
        if method == "HEAD":
            scope["method"] = "GET"
        started_ns = time.perf_counter_ns()
        with tracing.extracted(carrier), tracing.span(method, kind="server") as span:
            self._in_flight.inc()
            answer = _Answer(send, _request_id(carrier), head_only=method == "HEAD")
            try:
                await self._app(scope, receive, answer)
            finally:
                self._in_flight.dec()
                self._note(scope, method, carrier, answer.status, time.perf_counter_ns() - started_ns, span)

    def _note(
        self,
        scope: Any,
        method: str,
        carrier: dict[str, str],
        status: int,
        duration_ns: int,
        span: tracing.Span,
    ) -> None:
        """Write what happened into the trace, the metrics and the access log."""
        handler = scope.get("route_handler")
        route = scope.get("path_template") or _UNROUTED
        service = handler.opt.get("service", self._service) if handler else self._service
        caller = scope.get("caller")
        tracing.belongs_to(service)
        if span is not tracing.NOT_RECORDED:
            span.update_name(f"{method} {route}")
            span.set_attribute("http.response.status_code", status)
        metrics.http_request(service, method, route, status, duration_ns / 1e9)
        if route in PROBES:
            return
        client = scope["client"]
        logs.access(
            service=service,
            method=method,
            path=scope["path"],
            status=status,
            duration_ns=duration_ns,
            client_ip=carrier.get("x-forwarded-for") or (client[0] if client else None),
            user_id=str(caller.account_id) if caller else None,
        )


class _Answer:
    """The `send` of one request: notes the status, adds the headers that every answer has."""

    def __init__(self, send: Send, request_id: str, *, head_only: bool) -> None:
        self._send = send
        self._request_id = request_id
        self._head_only = head_only
        self.status = _CLIENT_GONE  # until there is an answer

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = [*message["headers"], (b"x-request-id", self._request_id.encode("latin-1"))]
            if not any(name == b"cache-control" for name, _ in headers):
                headers.append((b"cache-control", b"no-store"))
            message["headers"] = headers
        elif self._head_only and message["type"] == "http.response.body":
            message["body"] = b""
        await self._send(message)


def _request_id(carrier: dict[str, str]) -> str:
    given = carrier.get("x-request-id", "")
    return (
        given
        if 0 < len(given) <= REQUEST_ID_BYTES_MAX and given.isprintable()
        else tracing.current_trace_id()
    )
