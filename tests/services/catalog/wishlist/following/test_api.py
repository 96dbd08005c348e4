"""Following developers: counted once each, whatever is sent at once, and no more when somebody is erased."""

import asyncio
from uuid import UUID, uuid4

import pytest

from samovar.kit.clock import SystemClock
from samovar.services.catalog.holdings import forget
from samovar.services.catalog.wishlist.following import use_cases
from tests.services.catalog.pages import name_creators
from tests.services.catalog.wishlist.people import Store


async def creator(store: Store) -> UUID:
    slug = f"maker-{uuid4().hex[:12]}"
    await name_creators(store.database, slug)
    found: UUID = await store.database.fetch_value("SELECT id FROM creators WHERE slug = $1", slug)
    return found


async def followers(store: Store, creator_id: UUID) -> int:
    found: int = await store.database.fetch_value("SELECT followers FROM creators WHERE id = $1", creator_id)
    return found


async def test_one_follows_and_follows_no_longer(store: Store) -> None:
    account_id, makers = await store.person(), [await creator(store) for _ in range(3)]
    for maker in makers:
        answer = await store.ask("PUT", f"/v1/followed/{maker}", account_id)
        assert (answer.status, answer.body["followers"]) == (200, 1)
    first = await store.ask("GET", "/v1/followed?limit=2", account_id)
    rest = await store.ask("GET", f"/v1/followed?limit=2&cursor={first.body['next_cursor']}", account_id)
    listed = [item["id"] for item in first.body["items"] + rest.body["items"]]
    assert listed == [str(maker) for maker in reversed(makers)]
    for _ in range(2):
        assert (await store.ask("DELETE", f"/v1/followed/{makers[0]}", account_id)).status == 204
    assert await followers(store, makers[0]) == 0


async def test_who_follows_at_once_is_counted_once(store: Store) -> None:
    maker = await creator(store)
    people = [await store.person() for _ in range(4)]
    answers = await asyncio.gather(
        *(store.ask("PUT", f"/v1/followed/{maker}", who) for who in people for _ in range(2))
    )
    assert {answer.status for answer in answers} == {200}
    assert await followers(store, maker) == 4


async def test_nobody_follows_whom_there_is_not(store: Store) -> None:
    answer = await store.ask("PUT", f"/v1/followed/{uuid4()}", await store.person())
    assert (answer.status, answer.body["code"]) == (404, "catalog.creator_not_found")


async def test_one_follows_as_many_as_one_may(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(use_cases, "FOLLOWED_MAX", 1)
    account_id = await store.person()
    assert (await store.ask("PUT", f"/v1/followed/{await creator(store)}", account_id)).status == 200
    full = await store.ask("PUT", f"/v1/followed/{await creator(store)}", account_id)
    assert (full.status, full.body["code"]) == (409, "catalog.list_full")


async def test_the_erased_follow_nobody(store: Store) -> None:
    account_id, maker = await store.person(), await creator(store)
    await store.ask("PUT", f"/v1/followed/{maker}", account_id)
    await store.ask("PUT", f"/v1/followed/{maker}", await store.person())
    for _ in range(2):
        async with store.database.transaction() as tx:
            await forget(tx, account_id, SystemClock())
    assert await followers(store, maker) == 1
