"""Cached answers as clients see them, through Envoy, the edge and a real service; and the edge alone."""

from uuid import uuid4

import pytest

from samovar.services.gateway.envoy.filters import LIMITS_PATH
from tests.services.gateway.conftest import Gateway
from tests.services.gateway.shop import GUARDS, RESTOCKED


def shelf(query: str = "") -> str:
    """Return a path that nobody has asked for."""
    return f"/v1/shelves/{uuid4().hex}{query}"


async def test_a_hit_asks_no_service(gateway: Gateway) -> None:
    path = shelf()
    first, second = await gateway.ask(path), await gateway.ask(path)
    assert first.body == second.body
    assert len(gateway.shop.seen(path)) == 1
    assert second.headers["age"].isdigit()
    assert second.headers["vary"].lower().startswith("accept-language")


async def test_nothing_of_one_caller_reaches_the_next(gateway: Gateway) -> None:
    path = shelf()
    secret = {"cookie": "session=1", "x-custom": "mine"}
    seen = (await gateway.ask(path, token=gateway.token(), headers=secret)).body["headers"]
    assert not {"authorization", "cookie", "x-custom"} & set(seen)


async def test_a_client_that_has_the_answer_gets_304(gateway: Gateway) -> None:
    path = shelf()
    etag = (await gateway.ask(path)).headers["etag"]
    for given in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        answer = await gateway.ask(path, headers={"if-none-match": given})
        assert (answer.status, answer.body, answer.headers["etag"]) == (304, b"", etag)
    assert (await gateway.ask(path, headers={"if-none-match": '"other"'})).status == 200
    assert len(gateway.shop.seen(path)) == 1


async def test_each_language_has_its_answer(gateway: Gateway) -> None:
    path = shelf()
    languages = [
        (await gateway.ask(path, headers={"accept-language": wanted})).body["headers"]["accept-language"]
        for wanted in ("en-GB, ru;q=0.1", "en", "ru", "de")
    ]
    assert languages == ["en", "en", "ru", "ru"]
    assert len(gateway.shop.seen(path)) == 2


async def test_listed_parameters_are_part_of_the_key_and_others_forbid_keeping(gateway: Gateway) -> None:
    path = shelf()
    for query in ("?limit=1", "?limit=2", "?limit=1"):
        assert (await gateway.ask(path + query)).headers["cache-control"] == "public, no-cache"
    assert len(gateway.shop.seen(path)) == 2
    for _ in range(2):
        other = await gateway.ask(f"{path}?limit=1&random=7")
        assert (other.status, other.headers["cache-control"]) == (200, "no-store")
        assert other.body["path"].endswith("?limit=1&random=7")
    assert len(gateway.shop.seen(path)) == 4


async def test_how_long_a_browser_keeps_it(gateway: Gateway) -> None:
    untagged = await gateway.ask("/v1/catalogue")
    assert untagged.headers["cache-control"] == "public, max-age=1, stale-while-revalidate=600"
    # An event purges the gateway's copy and no browser's.
    assert (await gateway.ask(shelf())).headers["cache-control"] == "public, no-cache"


async def test_what_guards_a_page_reaches_the_browser_from_the_cache_too(gateway: Gateway) -> None:
    path = f"/v1/windows/{uuid4().hex}?max_age_s=60"
    for _ in range(2):
        answer = await gateway.ask(path)
        assert GUARDS.items() <= answer.headers.items()
    assert len(gateway.shop.seen(path)) == 1


async def test_an_answer_says_for_how_long_it_holds(gateway: Gateway) -> None:
    soon = await gateway.ask(f"/v1/windows/{uuid4().hex}?max_age_s=5")
    assert soon.headers["cache-control"] == "public, max-age=5"
    over = f"/v1/windows/{uuid4().hex}?max_age_s=0"
    for _ in range(2):
        await gateway.ask(over)
    assert len(gateway.shop.seen(over)) == 2


async def test_who_is_signed_in_gets_an_answer_of_their_own(gateway: Gateway) -> None:
    path = f"/v1/windows/{uuid4().hex}"
    kept = await gateway.ask(path)
    token = gateway.token()
    own = await gateway.ask(path, token=token)
    assert "authorization" not in kept.body["headers"]
    assert own.body["headers"]["authorization"] == f"Bearer {token}"
    assert "age" not in own.headers
    # What was theirs is kept for nobody.
    assert (await gateway.ask(path)).body == kept.body
    assert len(gateway.shop.seen(path)) == 2


async def test_an_event_purges_every_answer_of_the_route(gateway: Gateway) -> None:
    path = shelf()
    for _ in range(2):
        await gateway.ask(path)
    gateway.cache.purge(RESTOCKED)
    await gateway.ask(path)
    assert len(gateway.shop.seen(path)) == 2


async def test_an_error_is_passed_on_and_not_kept(gateway: Gateway) -> None:
    path = shelf("?status=404")
    for _ in range(2):
        answer = await gateway.ask(path)
        assert (answer.status, answer.headers["cache-control"]) == (404, "no-store")


async def test_head_of_a_cached_route_has_no_body(gateway: Gateway) -> None:
    path = shelf()
    got = await gateway.ask(path)
    head = await gateway.ask(path, "HEAD")
    assert (head.status, head.body, head.headers["etag"]) == (200, b"", got.headers["etag"])
    assert len(gateway.shop.seen(path)) == 1


async def test_what_was_kept_outlives_its_service(gateway: Gateway) -> None:
    kept = shelf()
    etag = (await gateway.ask(kept)).headers["etag"]
    await gateway.shop.stop()
    try:
        # However many others are lost: what Envoy hears from the edge is no reason to do without it.
        lost = [await gateway.ask(shelf()) for _ in range(10)]
        again = [await gateway.ask(kept) for _ in range(3)]
    finally:
        await gateway.shop.start()
    assert {(answer.status, answer.body["code"]) for answer in lost} == {(503, "service.unavailable")}
    assert {(answer.status, answer.headers["etag"]) for answer in again} == {(200, etag)}


@pytest.mark.usefixtures("edge_away")
async def test_without_the_edge_the_service_itself_answers(gateway: Gateway) -> None:
    path = shelf()
    answers = [await gateway.ask(path) for _ in range(3)]
    assert {answer.status for answer in answers} == {200}
    assert len(gateway.shop.seen(path)) == 3


@pytest.mark.parametrize("path", ["/v1/things", "/", "/healthz"])
async def test_the_edge_serves_nothing_that_it_was_not_asked_for(gateway: Gateway, path: str) -> None:
    edge = f"http://127.0.0.1:{gateway.settings.edge_port}"
    async with gateway._session.get(f"{edge}{path}") as answer:
        assert (answer.status, answer.content_type) == (404, "application/problem+json")


async def test_a_route_that_this_edge_does_not_know_is_let_through(gateway: Gateway) -> None:
    edge = f"http://127.0.0.1:{gateway.settings.edge_port}"
    headers = {"x-samovar-route": "of another release", "x-samovar-address": "192.0.2.1"}
    async with gateway._session.get(f"{edge}{LIMITS_PATH}", headers=headers) as answer:
        assert answer.status == 200
