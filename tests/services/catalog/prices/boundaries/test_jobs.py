"""The job in a running process."""

from datetime import UTC, datetime, timedelta

from samovar.services.catalog.contract.prices_events import DiscountEnded, DiscountStarted
from samovar.testing.hosting import Running
from tests.services.catalog.prices.conftest import cost, game, package, reduce


async def test_a_running_catalog_tells_of_discounts_by_itself(catalog: Running) -> None:
    app_id = await game(catalog.database)
    package_id = await package(catalog.database, app_id)
    await cost(catalog.database, package_id, "RU", 59_900)
    starts_at = datetime.now(UTC)
    await reduce(catalog.database, package_id, 20, starts_at, starts_at + timedelta(seconds=1))
    await catalog.until("SELECT end_told FROM discounts WHERE package_id = $1", package_id)
    started = [event for event in await catalog.events(DiscountStarted) if event.app_id == app_id]
    ended = [event for event in await catalog.events(DiscountEnded) if event.app_id == app_id]
    assert (len(started), len(ended)) == (1, 1)
    assert started[0].starts_at < ended[0].ended_at
