"""A small real collector of traces: takes OTLP over HTTP on loopback and keeps what it was sent."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import msgspec
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


class ReceivedSpan(msgspec.Struct, frozen=True):
    """A span as it came over the wire; ids in hexadecimal, `parent_id` empty for a root."""

    service: str
    name: str
    kind: int
    trace_id: str
    span_id: str
    parent_id: str
    failed: bool
    attributes: dict[str, Any]
    events: tuple[str, ...]


class TraceCollector:
    """Use as `with TraceCollector() as collector`. It runs in threads, so that a blocked loop cannot hide from it.

    Args:
        status: What it answers.
    """

    def __init__(self, status: int = 200) -> None:
        self.spans: list[ReceivedSpan] = []
        self.requests = 0
        self.may_answer = threading.Event()
        self.may_answer.set()
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = _body(self)
                collector.requests += 1
                collector.may_answer.wait()
                if status == 200:  # noqa: PLR2004  OK
                    collector.spans.extend(_decode(body))
                self.send_response(status)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Stay silent."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.may_answer.set()
        self._server.shutdown()
        self._server.server_close()

    def edges(self) -> set[tuple[str, str]]:
        """Return every parent and child that were seen, each as `service name`."""
        titles = {span.span_id: f"{span.service} {span.name}" for span in self.spans}
        return {
            (titles[span.parent_id], titles[span.span_id]) for span in self.spans if span.parent_id in titles
        }

    def named(self, name: str) -> ReceivedSpan:
        """Return the only span of that name."""
        (found,) = (span for span in self.spans if span.name == name)
        return found


def _body(request: BaseHTTPRequestHandler) -> bytes:
    """Read a body whose length is said at once, or with each chunk as Envoy does."""
    if length := request.headers["content-length"]:
        return request.rfile.read(int(length))
    chunks = []
    while size := int(request.rfile.readline(), 16):
        chunks.append(request.rfile.read(size))
        request.rfile.readline()
    request.rfile.readline()
    return b"".join(chunks)


def _decode(body: bytes) -> list[ReceivedSpan]:
    request = ExportTraceServiceRequest.FromString(body)
    return [
        ReceivedSpan(
            service=_values(resource.resource.attributes)["service.name"],
            name=span.name,
            kind=span.kind,
            trace_id=span.trace_id.hex(),
            span_id=span.span_id.hex(),
            parent_id=span.parent_span_id.hex(),
            failed=span.status.code == span.status.STATUS_CODE_ERROR,
            attributes=_values(span.attributes),
            events=tuple(event.name for event in span.events),
        )
        for resource in request.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]


def _values(attributes: Any) -> dict[str, Any]:
    return {item.key: getattr(item.value, item.value.WhichOneof("value")) for item in attributes}
