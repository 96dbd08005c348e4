"""A page is put together from real answers, and says what is missing."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
import msgspec
import pytest

from samovar.kit.errors import Unauthenticated, Unavailable
from samovar.kit.settings import PlatformSettings, Secret, ServiceAddress
from samovar.services.gateway import api
from samovar.services.gateway.contracts import read_contracts
from samovar.services.gateway.domain import route_table, segments_of
from samovar.services.gateway.edge.aggregates import PART_BYTES_MAX, Aggregates, Part
from tests.services.gateway.shop import Shop

SIGNED_IN = {"authorization": "Bearer token", "accept-language": "en", "cookie": "secret"}


class Stalls:
    """Two services, and a third that is away."""

    def __init__(self, shops: dict[str, Shop], session: aiohttp.ClientSession) -> None:
        self.shops = shops
        none = Secret("none")
        addresses = {name: f"127.0.0.1:{shop.port}" for name, shop in shops.items()} | {"away": "127.0.0.1:1"}
        platform = PlatformSettings(
            redis_url=none,
            nats_url=none,
            rpc_secret=none,
            addresses={name: ServiceAddress(rest=address, rpc="") for name, address in addresses.items()},
        )
        self._aggregates = Aggregates(session, platform)

    async def page(
        self, *parts: Part, headers: dict[str, str] | None = None, **parameters: str
    ) -> tuple[int, Any]:
        answer = await self._aggregates.show(parts, SIGNED_IN if headers is None else headers, **parameters)
        return answer.status, msgspec.json.decode(answer.body)


@pytest.fixture
async def stalls() -> AsyncIterator[Stalls]:
    shops = {"books": Shop(), "games": Shop()}
    async with AsyncExitStack() as closing:
        for shop in shops.values():
            await shop.start()
            closing.push_async_callback(shop.stop)
        session = await closing.enter_async_context(aiohttp.ClientSession())
        yield Stalls(shops, session)


async def test_parts_are_asked_at_once_in_the_callers_name(stalls: Stalls) -> None:
    status, page = await stalls.page(
        Part("book", "books", "/v1/books/{slug}"), Part("game", "games", "/v1/games?delay_ms=5"), slug="war"
    )
    assert (status, page["partial"], page["missing"]) == (200, False, [])
    assert (page["book"]["path"], page["game"]["path"]) == ("/v1/books/war", "/v1/games?delay_ms=5")
    heard = page["book"]["headers"]
    assert (heard["authorization"], heard["accept-language"]) == ("Bearer token", "en")
    assert "cookie" not in heard
    assert "traceparent" in heard


@pytest.mark.parametrize(
    "part",
    [
        Part("lost", "away", "/v1/a"),
        Part("lost", "books", "/v1/a?status=500"),
        Part("lost", "books", "/v1/a?delay_ms=5000", timeout_ms=50),
        Part("lost", "books", f"/v1/a?size_bytes={PART_BYTES_MAX}"),
        Part("lost", "books", "/v1/a?reset=9"),
    ],
)
async def test_a_part_that_is_away_is_named_and_the_page_is_there(stalls: Stalls, part: Part) -> None:
    status, page = await stalls.page(part, Part("game", "games", "/v1/games"))
    assert (status, page["partial"], page["missing"], page["lost"]) == (200, True, ["lost"], None)
    assert page["game"]["path"] == "/v1/games"
    with pytest.raises(Unavailable):
        await stalls.page(msgspec.structs.replace(part, required=True), Part("game", "games", "/v1/games"))


async def test_a_part_that_there_is_not_is_null_and_not_missing(stalls: Stalls) -> None:
    status, page = await stalls.page(Part("none", "books", "/v1/a?status=404"))
    assert (status, page) == (200, {"none": None, "partial": False, "missing": []})


async def test_the_page_is_what_its_required_part_says(stalls: Stalls) -> None:
    status, page = await stalls.page(Part("book", "books", "/v1/a?status=404", required=True))
    assert (status, page["path"]) == (404, "/v1/a?status=404")


async def test_a_part_for_those_who_signed_in_is_null_for_others(stalls: Stalls) -> None:
    status, page = await stalls.page(Part("me", "books", "/v1/me", signed_in=True), headers={})
    assert (status, page) == (200, {"me": None, "partial": False, "missing": []})
    assert stalls.shops["books"].requests == []


async def test_a_token_that_a_service_refuses_fails_the_page(stalls: Stalls) -> None:
    with pytest.raises(Unauthenticated):
        await stalls.page(Part("me", "books", "/v1/a?status=401", signed_in=True))


def test_every_part_of_a_page_is_a_route_that_its_reader_may_call() -> None:
    table = route_table(read_contracts().values())
    known = {
        (one.service, segments_of(one.path)): one.policy.auth
        for one in table.operations
        if one.method == "GET"
    }
    for part in (*api.HOME, *api.GAME, *api.LIBRARY):
        auth = known[part.service, segments_of(part.path.partition("?")[0])]
        assert auth == "public" or (auth == "player" and part.signed_in)
