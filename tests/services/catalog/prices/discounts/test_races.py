"""Wishes at the same moment, on the real database: one wins, and what is kept breaks no rule."""

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from samovar.embedded.postgres import PostgresServer
from samovar.kit.database import Database
from samovar.kit.errors import SamovarError
from samovar.kit.ids import new_id
from samovar.kit.migrations import migrate
from samovar.kit.money import Money
from samovar.kit.settings import Secret
from samovar.services.catalog.app import service
from samovar.services.catalog.prices.discounts.domain import Wish
from samovar.services.catalog.prices.discounts.writer import DiscountWrite, DiscountWriter
from samovar.services.catalog.prices.matrix.writer import MatrixWrite, MatrixWriter
from tests.services.catalog.prices.conftest import DAY, START, HeldClock, cost, game, package

WISHES = 12


@pytest.fixture
async def wide_database(postgres: PostgresServer) -> AsyncIterator[Database]:
    """Return a database with room for many at once."""
    url = await postgres.create(f"catalog_{uuid4().hex[:12]}")
    await migrate(Secret(url), service.migrations)
    opened = await Database.open(Secret(url), service="catalog", pool_size_min=0, pool_size_max=8)
    yield opened
    await opened.close()


async def attempt(database: Database, writer: DiscountWriter, package_id: UUID, wish: Wish) -> bool:
    try:
        async with database.transaction() as tx:
            await writer.write(tx, [DiscountWrite(package_id=package_id, wish=wish)])
    except SamovarError:
        return False
    return True


def wish(starts_at_day: int, days: int = 3) -> Wish:
    starts_at = START + starts_at_day * DAY
    return Wish(kind="custom", percent=20, starts_at=starts_at, ends_at=starts_at + days * DAY)


async def test_of_the_same_wish_many_times_at_once_one_is_granted(wide_database: Database) -> None:
    package_id = await package(wide_database, await game(wide_database))
    await cost(wide_database, package_id, "RU", 59_900)
    writer = DiscountWriter(clock=HeldClock(), new_id=new_id)
    granted = await asyncio.gather(
        *(attempt(wide_database, writer, package_id, wish(1)) for _ in range(WISHES))
    )
    assert sum(granted) == 1
    assert await wide_database.fetch_value("SELECT count(*) FROM discounts") == 1


async def test_random_wishes_and_prices_at_once_leave_only_what_the_rules_allow(
    wide_database: Database,
) -> None:
    chance = random.Random(73)
    package_id = await package(wide_database, await game(wide_database))
    await cost(wide_database, package_id, "RU", 59_900)
    clock = HeldClock()
    discounts, matrices = (
        DiscountWriter(clock=clock, new_id=new_id),
        MatrixWriter(clock=clock, new_id=new_id),
    )

    async def reprice() -> bool:
        prices = {"RU": Money(chance.randrange(2_000, 90_000), "RUB")}
        try:
            async with wide_database.transaction() as tx:
                await matrices.write(tx, [MatrixWrite(package_id=package_id, prices=prices)])
        except SamovarError:
            return False
        return True

    for _ in range(8):
        await asyncio.gather(
            *(
                reprice()
                if chance.random() < 0.2
                else attempt(
                    wide_database,
                    discounts,
                    package_id,
                    wish((clock.at - START).days + chance.randrange(90), chance.randrange(1, 15)),
                )
                for _ in range(WISHES)
            )
        )
        clock.at += timedelta(days=chance.randrange(5, 45))
    too_close = await wide_database.fetch_value(
        """
        SELECT count(*) FROM discounts a JOIN discounts b ON a.id <> b.id AND a.starts_at <= b.starts_at
        WHERE b.starts_at < a.ends_at + interval '30 days'
        """
    )
    after_a_raise = await wide_database.fetch_value(
        """
        SELECT count(*) FROM discounts d JOIN base_prices b ON b.is_raised
        WHERE d.starts_at >= b.since AND d.starts_at < b.since + interval '30 days'
        """
    )
    moved = await wide_database.fetch_value(
        "SELECT count(*) FROM discounts d JOIN base_prices b ON b.since > d.created_at AND b.since < d.ends_at"
    )
    overlapping = await wide_database.fetch_value("SELECT count(*) FROM base_prices WHERE until IS NULL")
    assert (too_close, after_a_raise, moved, overlapping) == (0, 0, 0, 1)
    assert await wide_database.fetch_value("SELECT count(*) FROM discounts") > 0


async def test_a_release_and_a_launch_discount_at_once_come_one_after_the_other(
    wide_database: Database,
) -> None:
    for _ in range(5):
        app_id = await game(wide_database, stage="coming_soon")
        package_id = await package(wide_database, app_id)
        await cost(wide_database, package_id, "RU", 59_900)
        writer = DiscountWriter(clock=HeldClock(START + DAY), new_id=new_id)
        launch = Wish(kind="launch", percent=20, starts_at=START + DAY, ends_at=START + 9 * DAY)

        async def release(app: UUID = app_id) -> None:
            async with wide_database.transaction() as tx:
                await tx.execute(
                    "UPDATE apps SET stage = 'released', updated_at = $2 WHERE id = $1", app, START
                )

        granted, _ = await asyncio.gather(attempt(wide_database, writer, package_id, launch), release())
        kept = await wide_database.fetch_value(
            "SELECT count(*) FROM discounts WHERE package_id = $1", package_id
        )
        assert kept == int(granted)
