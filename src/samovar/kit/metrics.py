"""Every metric of the kit, in one catalogue: what dashboards and alerts may name.

One process may host several services, hence the label `service`. A process is scraped by itself; there is no
multiprocess mode, which leaves files behind and shows the dead. Labels take few different values: the route's template, never
the path; a code, never a message.

`labels()` costs more than the counting itself. Where it is called for every request, use the functions below, or keep the child:

    hits = metrics.CACHE_READS.labels(service, "hit")
"""

import asyncio
import platform
import time
from functools import lru_cache
from importlib.metadata import version

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)

MEDIA_TYPE = CONTENT_TYPE_LATEST
LOOP_LAG_EVERY_S = 0.5
CHILDREN_CACHED = 4_096
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

# The time at which each child was made: one more line for every line, and of no use to us.
disable_created_metrics()  # type: ignore[no-untyped-call]

REQUEST_BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
WAIT_BUCKETS_S = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
JOB_BUCKETS_S = (0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 900, 3_600)

BUILD = Gauge("samovar_build_info", "Always 1; the labels say what runs.", ["version", "python"])
BUILD.labels(version("samovar"), platform.python_version()).set(1)
LOOP_LAG = Histogram(
    "samovar_event_loop_lag_seconds",
    "How much later than asked the loop woke a sleeper.",
    buckets=WAIT_BUCKETS_S,
)

HTTP_REQUESTS = Counter(
    "samovar_http_requests_total", "REST requests answered.", ["service", "method", "route", "status"]
)
HTTP_SECONDS = Histogram(
    "samovar_http_request_duration_seconds",
    "From the request's head to the end of the answer.",
    ["service", "method", "route"],
    buckets=REQUEST_BUCKETS_S,
)
HTTP_IN_FLIGHT = Gauge("samovar_http_requests_in_flight", "REST requests being served.", ["service"])

RPC_SERVED = Counter(
    "samovar_rpc_server_calls_total", "gRPC calls answered.", ["service", "method", "status"]
)
RPC_SERVED_SECONDS = Histogram(
    "samovar_rpc_server_duration_seconds",
    "From the call's arrival to its answer.",
    ["service", "method"],
    buckets=REQUEST_BUCKETS_S,
)
RPC_IN_FLIGHT = Gauge("samovar_rpc_server_in_flight", "gRPC calls being served.", ["service"])
RPC_CALLED = Counter(
    "samovar_rpc_client_calls_total", "gRPC calls made, retries not counted.", ["peer", "method", "status"]
)
RPC_CALLED_SECONDS = Histogram(
    "samovar_rpc_client_duration_seconds",
    "One call as its caller saw it, retries included.",
    ["peer", "method"],
    buckets=REQUEST_BUCKETS_S,
)
RPC_RETRIES = Counter(
    "samovar_rpc_client_retries_total",
    "Second and third attempts: `sent`, or `refused` because the budget was spent.",
    ["peer", "decision"],
)

POOL_SIZE = Gauge("samovar_pool_connections", "Connections to PostgreSQL that are open.", ["service"])
POOL_IN_USE = Gauge("samovar_pool_connections_in_use", "Connections that a transaction holds.", ["service"])
POOL_WAIT_SECONDS = Histogram(
    "samovar_pool_wait_seconds", "Waiting for a free connection.", ["service"], buckets=WAIT_BUCKETS_S
)

NATS_CONNECTED = Gauge("samovar_nats_connected", "1 while the process is connected to NATS.", ["service"])

OUTBOX_UNPUBLISHED = Gauge(
    "samovar_outbox_unpublished", "Events committed and not yet published.", ["service"]
)
OUTBOX_OLDEST_SECONDS = Gauge(
    "samovar_outbox_oldest_age_seconds",
    "Age of the oldest unpublished event; 0 where there is none.",
    ["service"],
)
OUTBOX_PUBLISHED = Counter(
    "samovar_outbox_published_total", "Events that the broker acknowledged.", ["service"]
)
OUTBOX_FAILURES = Counter("samovar_outbox_failures_total", "Attempts to publish that failed.", ["service"])

CONSUMER_PENDING = Gauge(
    "samovar_consumer_pending",
    "Events in the stream that the consumer has not been given.",
    ["service", "consumer"],
)
CONSUMER_UNACKED = Gauge(
    "samovar_consumer_unacked", "Events given to the consumer and not acknowledged.", ["service", "consumer"]
)
CONSUMER_LAG_SECONDS = Gauge(
    "samovar_consumer_lag_seconds",
    "From the event's time to its handling, for the latest.",
    ["service", "consumer"],
)
CONSUMER_EVENTS = Counter(
    "samovar_consumer_events_total",
    "Deliveries by outcome: `handled`, `duplicate`, `failed` (comes again), `dead_lettered`.",
    ["service", "consumer", "outcome"],
)
CONSUMER_REDELIVERED = Counter(
    "samovar_consumer_redelivered_total", "Deliveries that were not the first.", ["service", "consumer"]
)
CONSUMER_SECONDS = Histogram(
    "samovar_consumer_duration_seconds",
    "Handling one event.",
    ["service", "consumer"],
    buckets=REQUEST_BUCKETS_S,
)
DEAD_LETTERS = Gauge("samovar_dead_letters", "Events that wait for someone to look.", ["service", "consumer"])

MESSAGES = Counter(
    "samovar_messages_total",
    "Mails (`mail`), text messages and calls (`phone`) by outcome: `sent`, `failed` (comes again), `refused`, `expired`.",
    ["service", "channel", "outcome"],
)
MESSAGES_WAITING = Gauge(
    "samovar_messages_waiting", "Messages promised and not yet handed over.", ["service", "channel"]
)
MESSAGES_OLDEST_SECONDS = Gauge(
    "samovar_messages_oldest_age_seconds",
    "Age of the oldest message that waits; 0 where there is none.",
    ["service", "channel"],
)

JOB_RUNS = Counter(
    "samovar_job_runs_total", "Runs by outcome: `done`, `failed`.", ["service", "job", "outcome"]
)
JOB_SECONDS = Histogram("samovar_job_duration_seconds", "One run.", ["service", "job"], buckets=JOB_BUCKETS_S)
JOB_LAST_DONE = Gauge(
    "samovar_job_last_done_timestamp_seconds", "When a run last ended well, Unix time.", ["service", "job"]
)

CACHE_READS = Counter(
    "samovar_cache_reads_total",
    "Reads by outcome: `hit`, `stale`, `miss`, `error`.",
    ["service", "cache", "outcome"],
)
CACHE_LOAD_SECONDS = Histogram(
    "samovar_cache_load_seconds",
    "Making what the cache did not hold.",
    ["service", "cache"],
    buckets=REQUEST_BUCKETS_S,
)
LOCK_ACQUIRED = Counter(
    "samovar_lock_acquisitions_total",
    "Attempts by outcome: `acquired`, `busy`, `error`.",
    ["service", "lock", "outcome"],
)
LOCK_WAIT_SECONDS = Histogram(
    "samovar_lock_wait_seconds",
    "Waiting for a lock, got or not.",
    ["service", "lock"],
    buckets=WAIT_BUCKETS_S,
)
LIMIT_DECISIONS = Counter(
    "samovar_rate_limit_decisions_total",
    "Decisions: `allowed`, `refused`, `error` (Redis was away).",
    ["service", "limit", "decision"],
)
IDEMPOTENCY = Counter(
    "samovar_idempotency_total",
    "Requests with a key by outcome: `new`, `replayed`, `in_progress`, `mismatch`.",
    ["service", "outcome"],
)


class _Red:
    """The rate, errors and duration of one route, with its children at hand."""

    __slots__ = ("_by_status", "_count", "_labels", "_observe")

    def __init__(self, count: Counter, seconds: Histogram, labels: tuple[str, ...]) -> None:
        self._count = count
        self._labels = labels
        self._observe = seconds.labels(*labels).observe
        self._by_status: dict[str | int, Counter] = {}

    def record(self, status: str | int, seconds: float) -> None:
        """Count one answer."""
        counter = self._by_status.get(status)
        if counter is None:
            counter = self._by_status[status] = self._count.labels(*self._labels, str(status))
        counter.inc()
        self._observe(seconds)


@lru_cache(CHILDREN_CACHED)
def _http(service: str, method: str, route: str) -> _Red:
    return _Red(HTTP_REQUESTS, HTTP_SECONDS, (service, method, route))


@lru_cache(CHILDREN_CACHED)
def _served(service: str, method: str) -> _Red:
    return _Red(RPC_SERVED, RPC_SERVED_SECONDS, (service, method))


@lru_cache(CHILDREN_CACHED)
def _called(peer: str, method: str) -> _Red:
    return _Red(RPC_CALLED, RPC_CALLED_SECONDS, (peer, method))


def http_request(service: str, method: str, route: str, status: int, seconds: float) -> None:
    """Count a REST request that was answered; `route` is the template."""
    # A client may send any word as its method; each would be a series for ever.
    _http(service, method if method in _METHODS else "(other)", route).record(status, seconds)


def rpc_served(service: str, method: str, status: str, seconds: float) -> None:
    """Count a gRPC call that was answered; `status` is the name of a gRPC status."""
    _served(service, method).record(status, seconds)


def rpc_called(peer: str, method: str, status: str, seconds: float) -> None:
    """Count a gRPC call that was made, with its retries."""
    _called(peer, method).record(status, seconds)


async def watch_loop() -> None:
    """Measure the loop's lag until cancelled."""
    while True:
        asked = time.perf_counter()
        await asyncio.sleep(LOOP_LAG_EVERY_S)
        LOOP_LAG.observe(max(0.0, time.perf_counter() - asked - LOOP_LAG_EVERY_S))


def render() -> bytes:
    """Return all metrics in Prometheus' text form, `MEDIA_TYPE`."""
    return generate_latest(REGISTRY)
