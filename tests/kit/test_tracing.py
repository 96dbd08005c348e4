"""Traces as a collector sees them: who called whom, what failed, and that nothing depends on the collector."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator

import pytest

from samovar.kit import tracing
from samovar.kit.errors import NotFound
from samovar.testing.collector import TraceCollector

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
SAMPLED, UNSAMPLED = f"00-{TRACE}-{SPAN}-01", f"00-{TRACE}-{SPAN}-00"


@pytest.fixture
def collector() -> Iterator[TraceCollector]:
    with TraceCollector() as receiving:
        tracing.configure("catalog", receiving.endpoint, 1.0)
        yield receiving
        tracing.shutdown()


async def test_services_of_one_process_are_told_apart_and_linked(collector: TraceCollector) -> None:
    async def ask_library() -> None:
        carrier: dict[str, str] = {}
        with tracing.span("BatchCheck", kind="client"):
            tracing.inject(carrier)
        await asyncio.create_task(answer(carrier))

    async def answer(carrier: dict[str, str]) -> None:
        with (
            tracing.extracted(carrier),
            tracing.span("BatchCheck", kind="server", service="library"),
            tracing.span("SELECT", kind="client"),
        ):
            await asyncio.sleep(0)

    with tracing.extracted({}), tracing.span("GET /v1/games", kind="server", service="catalog"):
        await ask_library()
    tracing.shutdown()
    assert collector.edges() == {
        ("catalog GET /v1/games", "catalog BatchCheck"),
        ("catalog BatchCheck", "library BatchCheck"),
        ("library BatchCheck", "library SELECT"),
    }
    assert len({span.trace_id for span in collector.spans}) == 1
    assert collector.named("GET /v1/games").parent_id == ""


async def test_a_remote_trace_goes_on(collector: TraceCollector) -> None:
    onward: dict[str, str] = {}
    with tracing.extracted({"traceparent": SAMPLED}), tracing.span("GET /", kind="server"):
        tracing.inject(onward)
        assert tracing.current_trace_id() == TRACE
    tracing.shutdown()
    span = collector.named("GET /")
    assert (span.trace_id, span.parent_id) == (TRACE, SPAN)
    assert onward == {"traceparent": f"00-{TRACE}-{span.span_id}-01"}


async def test_the_decision_of_the_caller_stands(collector: TraceCollector) -> None:
    onward: dict[str, str] = {}
    with tracing.extracted({"traceparent": UNSAMPLED}), tracing.span("GET /", service="catalog"):
        with tracing.span("SELECT"):
            tracing.inject(onward)
        assert tracing.current_trace_id() == TRACE
    tracing.shutdown()
    assert collector.spans == []
    assert onward == {"traceparent": UNSAMPLED}


async def test_a_share_of_new_traces_is_sampled_and_each_whole_or_not_at_all() -> None:
    with TraceCollector() as collector:
        tracing.configure("catalog", collector.endpoint, 0.5)
        for _ in range(200):
            with tracing.extracted({}), tracing.span("outer"), tracing.span("inner"):
                pass
        tracing.shutdown()
    outer = {span.trace_id for span in collector.spans if span.name == "outer"}
    inner = {span.trace_id for span in collector.spans if span.name == "inner"}
    assert outer == inner
    assert 50 < len(outer) < 150


@pytest.mark.parametrize(
    "header",
    [
        "",
        "nonsense",
        f"ff-{TRACE}-{SPAN}-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE.upper()}-{SPAN}-01",
        f"00-{TRACE}-{SPAN}-01-more",
        f"00-{TRACE}-{SPAN}-01\n",
    ],
)
async def test_a_broken_header_begins_a_new_trace(header: str) -> None:
    with tracing.extracted({"traceparent": header}):
        assert tracing.current_trace_id() != TRACE
        assert len(tracing.current_trace_id()) == 32


async def test_a_later_version_of_the_header_is_read() -> None:
    with tracing.extracted({"traceparent": f"cc-{TRACE}-{SPAN}-01-more"}):
        assert tracing.current_trace_id() == TRACE


async def test_an_exception_marks_its_span_and_is_recorded(collector: TraceCollector) -> None:
    with pytest.raises(ValueError, match="broken"), tracing.span("GET /"):
        raise ValueError("broken")
    tracing.shutdown()
    span = collector.named("GET /")
    assert span.failed
    assert span.attributes["error.type"] == "ValueError"
    assert span.events == ("exception",)


async def test_refusing_a_caller_is_no_failure_of_ours(collector: TraceCollector) -> None:
    with pytest.raises(NotFound), tracing.span("GET /"):
        raise NotFound
    tracing.shutdown()
    span = collector.named("GET /")
    assert not span.failed
    assert span.attributes["error.type"] == "request.not_found"


async def test_a_door_may_learn_its_route_and_service_late(collector: TraceCollector) -> None:
    with tracing.extracted({}), tracing.span("GET", kind="server") as span:
        tracing.belongs_to("library")
        span.update_name("GET /v1/library")
        span.set_attribute("http.response.status_code", 200)
        span.set_attribute("long", "x" * 10_000)
    tracing.shutdown()
    received = collector.named("GET /v1/library")
    assert received.service == "library"
    assert received.attributes["http.response.status_code"] == 200
    assert len(received.attributes["long"]) == tracing.VALUE_CHARACTERS_MAX


async def test_without_a_collector_trace_ids_still_pass_through() -> None:
    tracing.configure("catalog", None, 1.0)
    onward: dict[str, str] = {}
    with tracing.extracted({"traceparent": SAMPLED}), tracing.span("GET /", service="catalog"):
        tracing.inject(onward)
    assert onward == {"traceparent": SAMPLED}
    with tracing.span("job", service="catalog"):
        assert tracing.current_trace_id() == tracing.current_trace_id()


async def test_a_task_without_a_trace_gets_one_when_asked() -> None:
    async def ask() -> tuple[str, str]:
        return tracing.current_trace_id(), tracing.current_trace_id()

    first, again = await asyncio.create_task(ask())
    assert first == again
    assert len(first) == 32


async def test_a_collector_that_is_away_is_harmless(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracing, "SHUTDOWN_TIMEOUT_S", 0.2)
    tracing.configure("catalog", "http://127.0.0.1:9", 1.0)
    for _ in range(tracing.QUEUE_SPANS_MAX * 2):
        with tracing.span("GET /"):
            pass
    tracing.shutdown()
    tracing.shutdown()
    assert tracing.current_trace_id()


async def test_a_collector_that_answers_nothing_does_not_hold_the_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tracing, "SHUTDOWN_TIMEOUT_S", 0.2)
    with TraceCollector() as silent:
        silent.may_answer.clear()
        tracing.configure("catalog", silent.endpoint, 1.0)
        with tracing.span("GET /"):
            pass
        tracing.shutdown()
        assert (silent.requests, silent.spans) == (1, [])


def test_the_sdk_is_imported_only_for_a_collector() -> None:
    check = "import sys; from samovar.kit import tracing; tracing.configure('a', None, 1); print('opentelemetry' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"
