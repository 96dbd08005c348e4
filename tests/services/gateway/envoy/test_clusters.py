"""A service in trouble is spared, and what is in trouble beside it does not matter."""

import asyncio

import pytest

from samovar.kit.rest.server import HEADER_READ_TIMEOUT_MS
from samovar.services.gateway.envoy import clusters
from tests.services.gateway.conftest import Gateway, until


async def test_a_service_that_is_away_is_503_at_once(gateway: Gateway) -> None:
    await gateway.shop.stop()
    try:
        answer = await gateway.ask("/v1/things")
    finally:
        await gateway.shop.start()
    assert (answer.status, answer.body["code"]) == (503, "service.unavailable")
    assert answer.headers["retry-after"] == "1"
    assert (await gateway.ask("/v1/things")).status == 200


async def test_more_than_a_service_can_do_at_once_is_turned_away(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clusters, "REQUESTS_MAX", 2)
    gateway.write(gateway.table)
    monkeypatch.undo()

    async def lowered() -> bool:
        return "shop::default_priority::max_requests::2\n" in await gateway.admin("/clusters")

    async def restored() -> bool:
        return not await lowered()

    try:
        await until(lowered)
        answers = await asyncio.gather(
            *(gateway.ask("/v1/hooks/acme?delay_ms=800", "POST") for _ in range(5))
        )
    finally:
        gateway.write(gateway.table)
        await until(restored)
    assert sorted(answer.status for answer in answers) == [200, 200, 503, 503, 503]
    assert {answer.body["code"] for answer in answers if answer.status == 503} == {"service.unavailable"}


def test_an_idle_connection_is_closed_before_the_service_closes_it() -> None:
    assert float(clusters.UPSTREAM_IDLE_TIMEOUT.removesuffix("s")) * 1_000 < HEADER_READ_TIMEOUT_MS
