"""What a person owns, as library tells: twice, late, out of order."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import UUID, uuid4

import pytest

from samovar.kit.clock import SystemClock
from samovar.kit.database import Database
from samovar.kit.ids import new_id
from samovar.services.catalog.ownership import consumers, owned
from samovar.services.catalog.reviews.claims.use_cases import Claims
from samovar.services.library.contract.events import LicenceGranted, LicenceRevoked
from samovar.testing.hosting import Running
from tests.services.catalog.packages.shelf import put_app, put_package

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
ACCOUNT, GAME, DLC = uuid4(), new_id(), new_id()


def _granted(**said: Any) -> LicenceGranted:
    return LicenceGranted(
        **{
            "licence_id": new_id(),
            "account_id": ACCOUNT,
            "app_ids": (GAME,),
            "kind": "purchase",
            "granted_at": NOON,
            **said,
        }
    )


def _revoked(granted: LicenceGranted) -> LicenceRevoked:
    fields = {name: getattr(granted, name) for name in granted.__struct_fields__}
    return LicenceRevoked(
        **fields | {"revoked_at": NOON + timedelta(days=1), "reason": "refunded", "version": 2}
    )


async def _tell(database: Database, *events: LicenceGranted | LicenceRevoked) -> None:
    for event in events:
        consumer = consumers.own_apps if isinstance(event, LicenceGranted) else consumers.disown_apps
        async with database.transaction() as tx:
            await consumer.handler(event, tx, Claims(country="RU", clock=SystemClock()))


async def _since(database: Database, app_id: UUID) -> datetime | None:
    since: datetime | None = await database.fetch_value(
        "SELECT since FROM owned_apps WHERE account_id = $1 AND app_id = $2", ACCOUNT, app_id
    )
    return since


async def test_in_whatever_order_and_however_often_it_is_told_the_end_is_one(own_database: Database) -> None:
    first, second = _granted(app_ids=(GAME, DLC)), _granted(granted_at=NOON + timedelta(hours=1))
    story: list[LicenceGranted | LicenceRevoked] = [first, second, _revoked(first)]
    for order in permutations([*story, story[0]]):
        await _tell(own_database, *order)
        assert await owned.of(own_database, ACCOUNT, [GAME, DLC]) == {GAME}
        assert await _since(own_database, GAME) == second.granted_at
        async with own_database.transaction() as tx:
            await tx.execute("DELETE FROM held_licences")
            await tx.execute("DELETE FROM owned_apps")


async def test_the_oldest_licence_in_force_says_since_when(own_database: Database) -> None:
    late, early = _granted(granted_at=NOON + timedelta(hours=1)), _granted()
    await _tell(own_database, late)
    await _tell(own_database, early)
    assert await _since(own_database, GAME) == NOON
    await _tell(own_database, _revoked(early))
    assert await _since(own_database, GAME) == NOON + timedelta(hours=1)
    await _tell(own_database, _revoked(late))
    assert await owned.of(own_database, ACCOUNT, [GAME]) == set()


async def test_what_is_lent_is_had_and_not_kept(own_database: Database) -> None:
    for kind in ("trial", "family"):
        await _tell(own_database, _granted(kind=kind))
    assert await owned.of(own_database, ACCOUNT, [GAME]) == {GAME}
    assert not await owned.keeps(own_database, ACCOUNT, GAME)
    bought = _granted()
    await _tell(own_database, bought)
    assert await owned.keeps(own_database, ACCOUNT, GAME)
    await _tell(own_database, _revoked(bought))
    assert not await owned.keeps(own_database, ACCOUNT, GAME)


async def test_how_a_licence_came_and_ended_is_kept(own_database: Database) -> None:
    granted = _granted(app_ids=(GAME, DLC), kind="key")
    await _tell(own_database, granted)
    (live,) = await owned.licences_of(own_database, ACCOUNT, [DLC])
    assert (live.app_id, live.kind, live.revoked_at) == (DLC, "key", None)
    over = _revoked(granted)
    await _tell(own_database, over, granted)
    assert [
        (one.kind, one.revoked_at, one.revoke_reason)
        for one in await owned.licences_of(own_database, ACCOUNT, [GAME, DLC])
    ] == [("key", over.revoked_at, "refunded")] * 2
    assert await owned.licences_of(own_database, uuid4(), [GAME]) == []


async def test_nobody_owns_nothing_and_others_own_their_own(own_database: Database) -> None:
    await _tell(own_database, _granted())
    assert await owned.of(own_database, None, [GAME]) == set()
    assert await owned.of(own_database, uuid4(), [GAME]) == set()


async def test_the_running_service_hears_what_library_tells(catalog: Running) -> None:
    granted, again = _granted(account_id=uuid4()), new_id()
    for _ in range(2):
        await catalog.announce(granted, event_id=again)
    query = "SELECT true FROM owned_apps WHERE account_id = $1"
    assert await catalog.until(query, granted.account_id)
    await catalog.announce(_revoked(granted))
    assert await catalog.until(f"SELECT NOT EXISTS ({query})", granted.account_id)


@pytest.mark.parametrize(("kind", "counts"), [("purchase", True), ("gift", False), ("free", False)])
async def test_only_a_purchase_is_the_first_sale_of_a_package(
    catalog: Running, catalog_database: Database, kind: str, *, counts: bool
) -> None:
    package_id = await put_package(catalog_database, await put_app(catalog_database))
    event = _granted(account_id=uuid4(), package_id=package_id, kind=kind)
    await catalog.announce(event)
    # A later purchase shows that the one before was heard, and that it leaves the first date alone.
    later = _granted(account_id=uuid4(), package_id=package_id, granted_at=NOON + timedelta(days=2))
    await catalog.announce(later)
    since = await catalog.until("SELECT first_sold_at FROM packages WHERE id = $1", package_id)
    if counts:
        since = await catalog.until(
            "SELECT first_sold_at FROM packages WHERE id = $1 AND first_sold_at = $2", package_id, NOON
        )
    assert since == (NOON if counts else later.granted_at)
