"""Who is counted."""

from typing import Literal

import pytest
from redis.asyncio import Redis

from samovar.kit.limits import Limits
from samovar.kit.routes import RateLimit, get
from samovar.services.gateway.domain import route_table
from samovar.services.gateway.edge.authz import Authorisation
from tests.services.gateway.conftest import FakeAuth, api_keys
from tests.services.gateway.shop import contract, handler

By = Literal["address", "account", "api_key"]


def authorisation(redis: Redis, by: By) -> Authorisation:
    limit = RateLimit(2, per_s=3_600, by=by, where="cluster")
    table = route_table([contract(get("/v1/a", auth="public", rate_limit=limit)(handler))])
    return Authorisation(table, Limits(redis, "gateway"), api_keys(FakeAuth(), "http://none.test"))


@pytest.mark.parametrize(
    ("by", "same", "other"),
    [
        ("address", {"x-samovar-account": "b", "x-api-key": "b"}, {"x-samovar-address": "192.0.2.9"}),
        ("account", {"x-samovar-address": "192.0.2.9", "x-api-key": "b"}, {"x-samovar-account": "b"}),
        ("api_key", {"x-samovar-address": "192.0.2.9", "x-samovar-account": "b"}, {"x-api-key": "b"}),
    ],
)
async def test_a_limit_counts_whom_it_names(
    redis: Redis, by: By, same: dict[str, str], other: dict[str, str]
) -> None:
    asked = authorisation(redis, by)
    first = {
        "x-samovar-route": "shop get /v1/a",
        "x-samovar-address": "192.0.2.1",
        "x-samovar-account": "a",
        "x-api-key": "a",
    }
    left = []
    for headers in (first, first | same, first | other):
        decision = await asked.count(headers)
        assert decision
        left.append(decision.remaining)
    assert left == [1, 0, 1]


async def test_addresses_of_one_customer_count_together(redis: Redis) -> None:
    asked = authorisation(redis, "address")
    left = []
    for address in ("2001:db8:1:2::3", "2001:db8:1:2:ffff::4", "2001:db8:1:3::3"):
        decision = await asked.count({"x-samovar-route": "shop get /v1/a", "x-samovar-address": address})
        assert decision
        left.append(decision.remaining)
    assert left == [1, 0, 1]


async def test_who_has_no_account_is_counted_by_address(redis: Redis) -> None:
    asked = authorisation(redis, "account")
    headers = {"x-samovar-route": "shop get /v1/a", "x-samovar-address": "192.0.2.1"}
    decisions = [await asked.count(headers) for _ in range(3)]
    assert [decision.allowed for decision in decisions if decision] == [True, True, False]
