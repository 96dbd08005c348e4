"""News over the bus: what prices and pages announce reaches those who wait."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from samovar.services.catalog.contract.prices_events import DiscountStarted
from samovar.services.catalog.contract.wishlist_events import WishlistAlerted
from tests.services.catalog.prices.conftest import package
from tests.services.catalog.wishlist.people import Store


async def test_a_discount_that_is_announced_twice_alerts_once(store: Store) -> None:
    game, account_id = await store.game(), await store.person()
    await store.wish(account_id, game)
    now = datetime.now(UTC) + timedelta(seconds=1)
    event = DiscountStarted(
        discount_id=uuid4(),
        package_id=await package(store.database, game),
        app_id=game,
        kind="seasonal",
        percent=75,
        starts_at=now,
        ends_at=now + timedelta(days=1),
    )
    ids = (uuid4(), uuid4())
    for event_id in (*ids, ids[0]):
        await store.catalog.announce(event, event_id=event_id)
    await store.catalog.until(
        "SELECT count(*) = 2 FROM kit.inbox WHERE event_id = ANY($1::uuid[]) AND consumer LIKE '%notice_discount'",
        list(ids),
    )
    await store.catalog.until("SELECT bool_and(done_at IS NOT NULL) FROM wish_alerts WHERE app_id = $1", game)
    (alert,) = [one for one in await store.catalog.events(WishlistAlerted) if one.app_id == game]
    assert (alert.percent, alert.account_ids) == (75, (account_id,))
