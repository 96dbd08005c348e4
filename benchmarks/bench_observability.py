"""What watching costs: CPU time that traces, metrics and logs add to one request, and the memory of their imports.

python benchmarks/bench_observability.py
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import structlog

from samovar.kit import logs, metrics, tracing
from samovar.testing.collector import TraceCollector

REQUESTS = 20_000
ROUNDS = 5
UNSAMPLED = {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"}
WEIGHED = (
    "asyncio", "samovar.kit.tracing", "samovar.kit.logs", "samovar.kit.metrics", "samovar.kit.identity", "grpc.aio",
    "samovar.kit.rpc.server", "samovar.kit.rpc.client", "opentelemetry.sdk.trace.export",
    "opentelemetry.exporter.otlp.proto.http.trace_exporter", "requests",
)  # fmt: skip
WEIGH = """
import importlib, re, sys
def weight():
    text = open("/proc/self/smaps_rollup").read()
    return [int(re.search(name + r": +(\\d+)", text)[1]) / 1024 for name in ("Rss", "Pss")]
for module in sys.argv[1:]:
    before = weight()
    importlib.import_module(module)
    rss, pss = (after - was for was, after in zip(before, weight()))
    print(f"import {module:<54}{rss:6.1f} MiB RSS {pss:6.1f} MiB PSS")
"""

log = structlog.get_logger("benchmark")


def cpu_us(work: Callable[[], object]) -> float:
    """Return the CPU time of one call in µs: the best of several rounds, because neighbours only ever add."""
    best = float("inf")
    for _ in range(ROUNDS):
        began = time.process_time()
        for _ in range(REQUESTS):
            work()
        best = min(best, time.process_time() - began)
    return best / REQUESTS * 1e6


def sent_us(collector: TraceCollector) -> float:
    """Return the CPU time of one request whose span reaches the collector, which runs in this process too."""
    began = time.process_time()
    for made in range(1, REQUESTS + 1):
        begin()
        while made % tracing.BATCH_SPANS_MAX == 0 and len(collector.spans) < made:
            time.sleep(0.001)
    return (time.process_time() - began) / REQUESTS * 1e6


def go_on() -> None:
    """Serve a request whose caller decided not to sample."""
    with tracing.extracted(UNSAMPLED), tracing.span("GET", kind="server", service="catalog") as span:
        span.update_name("GET /v1/games")
        span.set_attribute("http.response.status_code", 200)


def begin() -> None:
    """Serve a request that begins a trace."""
    with tracing.extracted({}), tracing.span("GET", kind="server", service="catalog") as span:
        span.update_name("GET /v1/games")
        span.set_attribute("http.response.status_code", 200)


def look_inside() -> None:
    """Make a span below another."""
    with tracing.span("SELECT", kind="client"):
        pass


def count() -> None:
    """Count a request."""
    metrics.http_request("catalog", "GET", "/v1/games", 200, 0.01)


def access() -> None:
    """Write the line of a request."""
    logs.access(service="catalog", method="GET", path="/v1/games", status=200, duration_ns=1, client_ip="::1")


def say() -> None:
    """Write a line as services do."""
    log.info("order paid", order_id="018f0000-0000-7000-8000-000000000000", amount_minor=19_900)


def main() -> None:
    """Print what each part costs."""
    print(f"trace, off                {cpu_us(go_on):6.2f} µs")
    with TraceCollector() as collector:
        tracing.configure("catalog", collector.endpoint, 0.0)
        print(f"trace, not sampled        {cpu_us(go_on):6.2f} µs")
        with tracing.extracted(UNSAMPLED):
            print(f"inner span, not sampled   {cpu_us(look_inside):6.2f} µs")
        tracing.configure("catalog", collector.endpoint, 1.0)
        print(f"trace, sampled and sent   {sent_us(collector):6.2f} µs, the collector's work included")
        tracing.shutdown()
    print(f"metrics                   {cpu_us(count):6.2f} µs")
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        for form in ("json", "console"):
            logs.configure(service="catalog", log_format=form, level="info", stream=nowhere)
            with tracing.extracted(UNSAMPLED):
                print(f"access log, {form:<8}      {cpu_us(access):6.2f} µs")
                print(f"structlog line, {form:<8}  {cpu_us(say):6.2f} µs")
    print(flush=True)
    subprocess.run([sys.executable, "-c", WEIGH, *WEIGHED], check=True)  # noqa: S603  our own script


if __name__ == "__main__":
    main()
