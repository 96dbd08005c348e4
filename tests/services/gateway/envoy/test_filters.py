"""What a request passes through on its way: compression, other origins, API keys, limits over all gateways."""

import gzip
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from samovar.kit.limits import Limits
from tests.services.gateway.conftest import PAGES_ORIGIN, Gateway

TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
async def test_a_large_answer_is_compressed_as_the_client_wishes(gateway: Gateway, coding: str) -> None:
    answer = await gateway.ask("/v1/things?size_bytes=5000&etag=1", headers={"accept-encoding": coding})
    assert (answer.headers["content-encoding"], answer.headers["vary"]) == (coding, "Accept-Encoding")
    assert len(answer.body) < 1_000
    # Not the bytes that the service named.
    assert answer.headers["etag"] == 'W/"1"'
    if coding == "gzip":
        assert len(gzip.decompress(answer.body)) > 5_000


async def test_a_small_answer_is_not_compressed(gateway: Gateway) -> None:
    answer = await gateway.ask("/v1/things?etag=1", headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in answer.headers
    assert answer.headers["etag"] == '"1"'


async def test_pages_of_an_origin_that_is_named_may_call(gateway: Gateway) -> None:
    preflight = {
        "origin": PAGES_ORIGIN,
        "access-control-request-method": "DELETE",
        "access-control-request-headers": "authorization",
    }
    path = f"/v1/things/{uuid4()}"
    allowed = await gateway.ask(path, "OPTIONS", headers=preflight)
    assert (allowed.status, allowed.headers["access-control-allow-origin"]) == (200, PAGES_ORIGIN)
    assert "DELETE" in allowed.headers["access-control-allow-methods"]
    assert "Authorization" in allowed.headers["access-control-allow-headers"]
    # Errors must be readable for the page, too.
    refused = await gateway.ask(path, headers={"origin": PAGES_ORIGIN})
    assert (refused.status, refused.headers["access-control-allow-origin"]) == (401, PAGES_ORIGIN)


async def test_pages_of_another_origin_may_not(gateway: Gateway) -> None:
    stranger = {"origin": "https://elsewhere.example", "access-control-request-method": "GET"}
    preflight = await gateway.ask("/v1/things", "OPTIONS", headers=stranger)
    assert "access-control-allow-origin" not in preflight.headers
    assert "access-control-allow-origin" not in (await gateway.ask("/v1/things", headers=stranger)).headers


async def test_a_limit_over_all_gateways_is_told_and_kept(gateway: Gateway, redis_url: str) -> None:
    token = gateway.token()
    answers = [await gateway.ask("/v1/limits/cluster", token=token) for _ in range(3)]
    assert [answer.headers["ratelimit-remaining"] for answer in answers] == ["2", "1", "0"]
    assert {answer.headers["ratelimit-limit"] for answer in answers} == {"3"}
    async with Redis.from_url(redis_url, db=2) as redis:
        assert await redis.keys("*shop get /v1/limits/cluster:*")


async def test_another_gateway_used_up_the_limit(gateway: Gateway, redis_url: str) -> None:
    account = uuid4()
    token = gateway.token(account_id=account)
    async with Redis.from_url(redis_url, db=2) as redis:
        limits = Limits(redis, "gateway")
        limit = gateway.table.by_name()["shop get /v1/limits/cluster"].policy.rate_limit
        assert limit
        for _ in range(3):
            await limits.hit(f"shop get /v1/limits/cluster:{account}", limit)
    for language, title in (("ru", "Слишком много запросов"), ("en", "Too many requests")):
        wishes = {"accept-language": language, "traceparent": f"00-{TRACE_ID}-00f067aa0ba902b7-00"}
        answer = await gateway.ask("/v1/limits/cluster", token=token, headers=wishes)
        assert answer.body["trace_id"] == TRACE_ID
        assert (answer.status, answer.body["code"], answer.body["title"]) == (
            429,
            "request.rate_limited",
            title,
        )
        assert answer.headers["content-type"] == "application/problem+json"
        assert (answer.headers["ratelimit-remaining"], answer.headers["ratelimit-limit"]) == ("0", "3")
        assert int(answer.headers["retry-after"]) > 0


@pytest.mark.usefixtures("edge_away")
async def test_without_the_edge_the_local_limit_remains(gateway: Gateway) -> None:
    token = gateway.token()
    statuses = [(await gateway.ask("/v1/limits/cluster", token=token)).status for _ in range(4)]
    assert statuses == [200, 200, 200, 429]


@pytest.mark.parametrize("path", ["/v1/things", "/v1/limits/account"])
async def test_an_api_key_that_nobody_issued_is_refused(gateway: Gateway, path: str) -> None:
    answer = await gateway.ask(path, token=gateway.token(), headers={"x-api-key": "k"})
    assert (answer.status, answer.body["code"]) == (401, "auth.api_key_invalid")
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("path", ["/v1/things", "/v1/limits/account"])
async def test_without_auth_no_api_key_gets_in(gateway: Gateway, path: str) -> None:
    answer = await gateway.ask(path, token=gateway.token(), headers={"x-api-key": "smvk_k"})
    assert (answer.status, answer.body["code"]) == (503, "service.unavailable")
    assert int(answer.headers["retry-after"]) > 0


async def test_a_key_becomes_a_token_and_goes_no_further(gateway: Gateway) -> None:
    token = gateway.auth.tokens["smvk_prices"] = gateway.token("developer", scope="shop.thing.price")
    key = {"x-api-key": "smvk_prices", "authorization": f"Bearer {gateway.token('admin')}"}
    passed = await gateway.ask("/v1/prices", "PUT", headers=key)
    assert (passed.status, passed.body["headers"]["authorization"]) == (200, f"Bearer {token}")
    assert "x-api-key" not in passed.body["headers"]
    # What the key is not for, and what the other token would have opened.
    things = "/v1/things/018f4e9a-0000-7000-8000-000000000000"
    assert (await gateway.ask(things, "DELETE", headers=key)).status == 403


async def test_a_limit_by_key_counts_each_key(gateway: Gateway) -> None:
    account = uuid4()
    for key in ("smvk_one", "smvk_two"):
        gateway.auth.tokens[key] = gateway.token(account_id=account)
    statuses = [
        (await gateway.ask("/v1/limits/key", headers={"x-api-key": key})).status
        for key in ("smvk_one", "smvk_one", "smvk_one", "smvk_one", "smvk_two")
    ]
    assert statuses == [200, 200, 200, 429, 200]


@pytest.mark.usefixtures("edge_away")
async def test_without_the_edge_no_api_key_gets_in(gateway: Gateway) -> None:
    answer = await gateway.ask("/v1/things", headers={"x-api-key": ""})
    assert (answer.status, answer.body["code"]) == (503, "service.unavailable")
