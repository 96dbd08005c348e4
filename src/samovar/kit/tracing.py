"""Traces: W3C `traceparent` in and out, one decision at the edge, spans that cost nothing when nobody samples them.

A door continues the caller's trace and opens a span; what runs below it, in the same task, is inside that span:

    with tracing.extracted(headers), tracing.span("GET /v1/games", kind="server", service="catalog") as span:
        ...
        span.set_attribute("http.response.status_code", 200)

The OpenTelemetry SDK is imported only when a collector is configured: it costs 23 MB. It batches and sends in a thread
of its own. The spans are ours, because starting and ending one of the SDK's costs several times as much. A collector
that is away, slow or wrong costs spans, never a request. `tracestate` is not carried.
"""

import logging
import random
import re
import threading
import time
import traceback
from collections.abc import Mapping, MutableMapping
from contextvars import ContextVar, Token
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self

from samovar.kit.errors import SamovarError

if TYPE_CHECKING:
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import Event, ReadableSpan
    from opentelemetry.trace import SpanContext

Kind = Literal["internal", "server", "client", "producer", "consumer"]
Value = str | bool | int | float

TRACEPARENT = "traceparent"
NAMESPACE = "samovar"
VALUE_CHARACTERS_MAX = 1_024
STACK_CHARACTERS_MAX = 16_384
QUEUE_SPANS_MAX = 2_048
BATCH_SPANS_MAX = 512
BATCH_DELAY_MS = 2_000
EXPORT_TIMEOUT_S = 5.0
SHUTDOWN_TIMEOUT_S = 5.0

_OUR_FAULT = 500
_TRACE_BITS, _SPAN_BITS = 128, 64
_LOW_BITS = (1 << 64) - 1
_SAMPLED = 0x01
# https://www.w3.org/TR/trace-context/#traceparent-header: ids of zeros and version ff are invalid; a later version may
# append fields to those that we know.
_PARSE = re.compile(
    r"(?!ff|00.{54})[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?"
).fullmatch


class Point:
    """Where the running task is in its trace.

    Attributes:
        trace_id: 32 hexadecimal digits.
        span_id: 16 hexadecimal digits, or none while the trace has no span yet.
        sampled: The edge's decision, the same for the whole trace.
        service: Whose work this is; one process may host several services.
        remote: The span belongs to another process.
    """

    __slots__ = ("remote", "sampled", "service", "span_id", "trace_id")

    def __init__(
        self, trace_id: str, span_id: str | None, *, sampled: bool, service: str | None, remote: bool = False
    ) -> None:
        self.trace_id = trace_id
        self.span_id = span_id
        self.sampled = sampled
        self.service = service
        self.remote = remote


_here: ContextVar[Point | None] = ContextVar("samovar_trace", default=None)
# A generator of its own: whoever seeds the shared one must not make trace ids repeat.
_ids = random.Random()  # noqa: S311  identifiers, not secrets


class Span:
    """A span that nobody records: entering, filling and leaving it does nothing."""

    __slots__ = ()

    def set_attribute(self, key: str, value: Value) -> None:
        """Attach a value, under a name of OpenTelemetry's semantic conventions where there is one."""

    def update_name(self, name: str) -> None:
        """Rename the span: a door learns its route only after the span began."""

    def fail(self, error: BaseException) -> None:
        """Mark the span with an error that does not leave its block."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing was entered."""


class _Entered(Span):
    """A span that nobody records but that moves the task: into a trace, or to another service."""

    __slots__ = ("_token", "point")

    def __init__(self, point: Point) -> None:
        self.point = point

    def __enter__(self) -> Self:
        self._token: Token[Point | None] = _here.set(self.point)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _here.reset(self._token)


class _Recorded(_Entered):
    """A span that is exported when it ends."""

    __slots__ = (
        "_collector",
        "_started",
        "attributes",
        "ended_ns",
        "error",
        "kind",
        "name",
        "parent",
        "started_ns",
    )

    def __init__(
        self, collector: "_Collector", name: str, kind: Kind, parent: Point, service: str | None
    ) -> None:
        super().__init__(
            Point(parent.trace_id, _new_span_id(), sampled=True, service=service or parent.service)
        )
        self._collector = collector
        self.name = name
        self.kind = kind
        self.parent = parent
        self.attributes: dict[str, Value] = {}
        self.error: BaseException | None = None

    def set_attribute(self, key: str, value: Value) -> None:
        self.attributes[key] = value[:VALUE_CHARACTERS_MAX] if isinstance(value, str) else value

    def update_name(self, name: str) -> None:
        self.name = name

    def fail(self, error: BaseException) -> None:
        self.error = error

    def __enter__(self) -> Self:
        # The machine's clock may be set back while the span runs, so its length comes from another clock.
        self.started_ns, self._started = time.time_ns(), time.perf_counter_ns()
        return super().__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        super().__exit__(kind, error, trace)
        self.error = error or self.error
        self.ended_ns = self.started_ns + time.perf_counter_ns() - self._started
        self._collector.record(self)


class _Collector:
    """The SDK behind our spans: one queue, one thread and one exporter a process, one resource a service."""

    def __init__(self, endpoint: str, service: str, sample_ratio: float) -> None:
        # Who traces nothing does not pay for the SDK.
        from opentelemetry import trace  # noqa: PLC0415
        from opentelemetry.exporter.otlp.proto.http import trace_exporter  # noqa: PLC0415
        from opentelemetry.sdk import resources  # noqa: PLC0415
        from opentelemetry.sdk import trace as sdk  # noqa: PLC0415
        from opentelemetry.sdk.trace import export  # noqa: PLC0415
        from opentelemetry.sdk.util.instrumentation import InstrumentationScope  # noqa: PLC0415

        self.default_service = service
        self.sample_below = round(sample_ratio * (1 << _SPAN_BITS))
        self._api, self._sdk, self._resource_type = trace, sdk, resources.Resource
        self._scope = InstrumentationScope("samovar.kit.tracing")
        self._resources: dict[str, Resource] = {}
        # A collector that is away is one line for each batch, not one for each attempt besides.
        logging.getLogger(trace_exporter.__name__).setLevel(logging.ERROR)
        self._exporter = trace_exporter.OTLPSpanExporter(
            f"{endpoint.rstrip('/')}/v1/traces", timeout=EXPORT_TIMEOUT_S
        )
        self._queue = export.BatchSpanProcessor(
            self._exporter,
            max_queue_size=QUEUE_SPANS_MAX,
            schedule_delay_millis=BATCH_DELAY_MS,
            max_export_batch_size=BATCH_SPANS_MAX,
        )

    def record(self, span: _Recorded) -> None:
        self._queue.on_end(self._readable(span))

    def stop(self) -> None:
        """Send what is queued, for `SHUTDOWN_TIMEOUT_S` at most."""
        # The queue's own shutdown waits up to 30 s for a collector that is away, so it waits in a thread we may leave.
        sending = threading.Thread(target=self._queue.shutdown, name="traces-shutdown", daemon=True)
        sending.start()
        sending.join(SHUTDOWN_TIMEOUT_S)
        if sending.is_alive():
            self._exporter.shutdown()  # type: ignore[no-untyped-call]

    def _readable(self, span: _Recorded) -> "ReadableSpan":
        api, error = self._api, span.error
        failed = error is not None and _is_our_fault(error)
        if error is not None:
            span.attributes["error.type"] = _type_of(error)
        return self._sdk.ReadableSpan(
            span.name,
            context=self._context(span.point, remote=False),
            parent=self._context(span.parent, remote=span.parent.remote) if span.parent.span_id else None,
            resource=self._resource_of(span.point.service or self.default_service),
            attributes=span.attributes,
            events=(self._exception_event(error, span.ended_ns),) if error is not None and failed else (),
            kind=api.SpanKind[span.kind.upper()],
            status=api.Status(api.StatusCode.ERROR, str(error)[:VALUE_CHARACTERS_MAX])
            if failed
            else api.Status(),
            start_time=span.started_ns,
            end_time=span.ended_ns,
            instrumentation_scope=self._scope,
        )

    def _context(self, point: Point, *, remote: bool) -> "SpanContext":
        return self._api.SpanContext(
            int(point.trace_id, 16), int(point.span_id or "0", 16), remote, self._api.TraceFlags(_SAMPLED)
        )

    def _resource_of(self, service: str) -> "Resource":
        resource = self._resources.get(service)
        if resource is None:
            resource = self._resources[service] = self._resource_type.create(
                {"service.name": service, "service.namespace": NAMESPACE}
            )
        return resource

    def _exception_event(self, error: BaseException, at_ns: int) -> "Event":
        stack = "".join(traceback.format_exception(error))
        return self._sdk.Event(
            "exception",
            {
                "exception.type": _type_of(error),
                "exception.message": str(error)[:VALUE_CHARACTERS_MAX],
                "exception.stacktrace": stack[-STACK_CHARACTERS_MAX:],
            },
            at_ns,
        )


_collector: _Collector | None = None
NOT_RECORDED = Span()


def configure(service: str, endpoint: str | None, sample_ratio: float) -> None:
    """Say where spans go, once a process; a service hosted besides the first one is named by its doors.

    Args:
        service: Whose spans they are where no door said so.
        endpoint: OTLP/HTTP address of a collector, `http://host:4318`; without it nothing is recorded and the SDK is not
            imported, but trace ids are still made, read, logged and passed on.
        sample_ratio: The share of traces recorded, 0 to 1, where the caller did not decide.
    """
    global _collector  # noqa: PLW0603  what a process sends its spans to is a thing of the process
    shutdown()
    _collector = _Collector(endpoint, service, sample_ratio) if endpoint else None


def shutdown() -> None:
    """Send what is left. Blocks for `SHUTDOWN_TIMEOUT_S` at most: call it after the loop's work is done, or in a thread."""
    global _collector
    stopping, _collector = _collector, None
    if stopping is not None:
        stopping.stop()


def span(
    name: str,
    *,
    kind: Kind = "internal",
    service: str | None = None,
    attributes: Mapping[str, Value] | None = None,
) -> Span:
    """Return a span to be entered with `with`; an exception that leaves it marks it as failed.

    Args:
        name: Of few different values: the route, never the path.
        kind: The role in OpenTelemetry's terms.
        service: Whose work it is and what is below it; doors say it, others inherit it.
        attributes: Values under OpenTelemetry's names.
    """
    here = _here.get()
    if here is None or (service is not None and service != here.service):
        moved = _root() if here is None else here
        if not moved.sampled or _collector is None:
            point = Point(
                moved.trace_id, moved.span_id, sampled=moved.sampled, service=service, remote=moved.remote
            )
            return _Entered(point)
        here = moved
    elif not here.sampled or _collector is None:
        return NOT_RECORDED
    recorded = _Recorded(_collector, name, kind, here, service)
    for key, value in (attributes or {}).items():
        recorded.set_attribute(key, value)
    return recorded


def extracted(carrier: Mapping[str, str]) -> Span:
    """Return a block inside which the trace of `carrier` goes on; a new trace begins where it holds none or a broken one.

    Args:
        carrier: Headers with names in lower case.
    """
    header = carrier.get(TRACEPARENT)
    parsed = _PARSE(header) if header else None
    here = _here.get()
    service = here.service if here else None
    if parsed is None:
        return _Entered(_root(service))
    trace_id, span_id, flags = parsed.groups()
    return _Entered(
        Point(trace_id, span_id, sampled=bool(int(flags, 16) & _SAMPLED), service=service, remote=True)
    )


def inject(carrier: MutableMapping[str, str]) -> None:
    """Write the running trace into `carrier`, for the next process to continue; nothing where there is no trace."""
    here = _here.get()
    if here is not None:
        span_id = here.span_id or _new_span_id()
        carrier[TRACEPARENT] = f"00-{here.trace_id}-{span_id}-{'01' if here.sampled else '00'}"


def belongs_to(service: str) -> None:
    """Say whose work the running span is, for a door that learns it only after the span began."""
    here = _here.get()
    if here is not None:
        here.service = service


def current() -> Point | None:
    """Return where the running task is in its trace, or None where it is in none."""
    return _here.get()


def current_trace_id() -> str:
    """Return the 32 hexadecimal digits of the running trace; begins one where there is none."""
    here = _here.get()
    if here is None:
        here = _root()
        _here.set(here)
    return here.trace_id


def _root(service: str | None = None) -> Point:
    trace = _ids.getrandbits(_TRACE_BITS) or 1
    # Like OpenTelemetry's TraceIdRatioBased: by the low half of the id, so that all who decide, decide alike.
    sampled = _collector is not None and trace & _LOW_BITS < _collector.sample_below
    return Point(f"{trace:032x}", None, sampled=sampled, service=service)


def _new_span_id() -> str:
    return f"{_ids.getrandbits(_SPAN_BITS) or 1:016x}"


def _is_our_fault(error: BaseException) -> bool:
    """Whether a span failed; refusing what a caller may not do is a success of ours."""
    return not isinstance(error, SamovarError) or error.http_status >= _OUR_FAULT


def _type_of(error: BaseException) -> str:
    return error.code if isinstance(error, SamovarError) else type(error).__qualname__
