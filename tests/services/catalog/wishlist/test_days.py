"""How wishlists change, counted by game and day."""

import asyncio
from uuid import UUID, uuid4

from tests.services.catalog.wishlist.people import Store


async def _days(store: Store, app_id: UUID) -> tuple[int, int, int]:
    found = await store.database.fetch_value(
        """
        SELECT array[coalesce(sum(added), 0), coalesce(sum(removed), 0), coalesce(sum(bought), 0)]::bigint[]
        FROM wish_days WHERE app_id = $1
        """,
        app_id,
    )
    added, removed, bought = found
    return added, removed, bought


async def test_each_change_counts_once_and_what_changes_nothing_not_at_all(store: Store) -> None:
    game, people = await store.game(), [await store.person() for _ in range(4)]
    for account_id in people:
        await store.wish(account_id, game)
        await store.wish(account_id, game)
    assert await _days(store, game) == (4, 0, 0)
    for _ in range(2):
        await store.ask("DELETE", f"/v1/wishlist/{game}", people[0])
        await store.ask("PUT", f"/v1/ignored/{game}", people[1])
    assert await _days(store, game) == (4, 2, 0)
    await store.give(people[2], game)
    await store.give(people[3], game, kind="trial")
    await store.give(uuid4(), game)
    assert await _days(store, game) == (4, 2, 1)


async def test_many_at_once_are_all_counted(store: Store) -> None:
    game, people = await store.game(), [await store.person() for _ in range(24)]
    await asyncio.gather(*(store.wish(account_id, game) for account_id in people))
    assert await _days(store, game) == (24, 0, 0)
