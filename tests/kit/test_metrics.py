"""The catalogue of metrics, as Prometheus reads it."""

import asyncio
from contextlib import suppress

from prometheus_client.parser import text_string_to_metric_families

from samovar.kit import metrics


def samples() -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Return what a scrape holds now."""
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(metrics.render().decode())
        for sample in family.samples
    }


def test_a_request_is_counted_under_its_route_and_status() -> None:
    route = (("method", "GET"), ("route", "/v1/tests/{id}"), ("service", "tests"))
    for _ in range(3):
        metrics.http_request("tests", "GET", "/v1/tests/{id}", 200, 0.02)
    metrics.http_request("tests", "GET", "/v1/tests/{id}", 500, 0.2)
    found = samples()
    assert found["samovar_http_requests_total", (*route, ("status", "200"))] == 3
    assert found["samovar_http_requests_total", (*route, ("status", "500"))] == 1
    assert found["samovar_http_request_duration_seconds_count", route] == 4
    assert found["samovar_http_request_duration_seconds_bucket", (("le", "0.025"), *route)] == 3


def test_methods_that_clients_invent_share_one_series() -> None:
    metrics.http_request("tests", "BREW", "/v1/coffee", 405, 0.01)
    metrics.http_request("tests", "BOIL", "/v1/coffee", 405, 0.01)
    labels = (("method", "(other)"), ("route", "/v1/coffee"), ("service", "tests"), ("status", "405"))
    assert samples()["samovar_http_requests_total", labels] == 2


def test_calls_are_counted_on_both_sides() -> None:
    metrics.rpc_served("tests", "t.T/Ask", "OK", 0.01)
    metrics.rpc_called("tests", "t.T/Ask", "UNAVAILABLE", 0.01)
    found = samples()
    served = (("method", "t.T/Ask"), ("service", "tests"), ("status", "OK"))
    called = (("method", "t.T/Ask"), ("peer", "tests"), ("status", "UNAVAILABLE"))
    assert found["samovar_rpc_server_calls_total", served] == 1
    assert found["samovar_rpc_client_calls_total", called] == 1


def test_the_page_says_what_runs_and_names_only_our_prefix_and_the_process() -> None:
    families = list(text_string_to_metric_families(metrics.render().decode()))
    assert any(family.name == "samovar_build_info" for family in families)
    assert all(family.name.startswith(("samovar_", "process_", "python_")) for family in families)
    assert all(family.documentation for family in families)


async def test_the_lag_of_the_loop_is_measured() -> None:
    before = samples()["samovar_event_loop_lag_seconds_count", ()]
    watching = asyncio.create_task(metrics.watch_loop())
    async with asyncio.timeout(10):
        while samples()["samovar_event_loop_lag_seconds_count", ()] == before:  # noqa: ASYNC110  a scrape is polled
            await asyncio.sleep(0.05)
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching
    assert samples()["samovar_event_loop_lag_seconds_count", ()] > before
