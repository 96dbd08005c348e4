"""What changed is marked once, with a number that grows, and told to every process."""

from uuid import uuid4

import pytest

from samovar.kit.database import Database
from samovar.services.catalog.search import marks


async def test_a_second_change_takes_a_later_number(own_database: Database) -> None:
    first, second = uuid4(), uuid4()
    for changed in ([first, second], [first]):
        async with own_database.transaction() as tx:
            await marks.mark(tx, changed)
    order = await own_database.fetch_value("SELECT array_agg(app_id ORDER BY seq) FROM search_changes")
    assert order == [second, first]


async def test_what_did_not_commit_is_not_told(own_database: Database) -> None:
    async def fail_after_marking() -> None:
        async with own_database.transaction() as tx:
            await marks.mark(tx, [uuid4()])
            raise LookupError

    with pytest.raises(LookupError):
        await fail_after_marking()
    assert await own_database.fetch_value("SELECT count(*) FROM kit.outbox") == 0
    assert await own_database.fetch_value("SELECT count(*) FROM search_changes") == 0


async def test_many_changes_are_told_in_events_of_a_bounded_size(own_database: Database) -> None:
    async with own_database.transaction() as tx:
        await marks.mark(tx, [uuid4() for _ in range(marks.IDS_PER_EVENT_MAX + 1)])
    assert await own_database.fetch_value("SELECT count(*) FROM kit.outbox") == 2
