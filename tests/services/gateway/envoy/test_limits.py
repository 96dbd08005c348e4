"""Envoy's own limits: one bucket for each client of each route, told in headers."""

from uuid import uuid4

import pytest

from tests.services.gateway.conftest import Gateway


async def test_an_address_may_ask_so_often(gateway: Gateway) -> None:
    answers = [await gateway.ask("/v1/limits/address") for _ in range(4)]
    assert [answer.status for answer in answers] == [200, 200, 200, 429]
    assert [answer.headers["ratelimit-remaining"] for answer in answers] == ["2", "1", "0", "0"]
    refused = answers[-1]
    assert refused.headers["ratelimit-limit"] == "3"
    assert 0 < int(refused.headers["retry-after"]) <= 1_200
    assert refused.headers["ratelimit-reset"] == refused.headers["retry-after"]
    assert (refused.body["code"], refused.headers["content-type"]) == (
        "request.rate_limited",
        "application/problem+json",
    )
    assert not any(name.startswith("x-ratelimit") for answer in answers for name in answer.headers)


async def test_accounts_are_counted_apart(gateway: Gateway) -> None:
    one, other = (gateway.token(account_id=uuid4()) for _ in range(2))
    first = [(await gateway.ask("/v1/limits/account", token=one)).status for _ in range(4)]
    assert first == [200, 200, 200, 429]
    assert (await gateway.ask("/v1/limits/account", token=other)).status == 200


async def test_a_refused_token_counts_for_nobody(gateway: Gateway) -> None:
    account = uuid4()
    for _ in range(5):
        await gateway.ask("/v1/limits/account", token=gateway.token(account_id=account, exp=1))
    answer = await gateway.ask("/v1/limits/account", token=gateway.token(account_id=account))
    assert answer.headers["ratelimit-remaining"] == "2"


@pytest.mark.parametrize("header", ["x-forwarded-for", "x-samovar-address", "x-real-ip"])
async def test_a_client_cannot_say_that_it_is_another(gateway: Gateway, header: str) -> None:
    statuses = [
        (await gateway.ask("/v1/limits/open", headers={header: f"192.0.2.{last}"})).status
        for last in range(4)
    ]
    assert 429 in statuses
