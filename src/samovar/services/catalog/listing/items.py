"""Games of a list put together: page, price and score of each, for every room that shows a list.

listed = await items.of([app_id, …], viewer)
listed.items  # In the order asked for.
"""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import msgspec

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.services.catalog.apps import cards
from samovar.services.catalog.apps.schemas import Card
from samovar.services.catalog.domain import Viewer
from samovar.services.catalog.listing import repository
from samovar.services.catalog.listing.schemas import GameItem, Listed, PriceShown
from samovar.services.catalog.packages import offers
from samovar.services.catalog.packages.offers import Offer
from samovar.services.catalog.prices.domain import Price
from samovar.services.catalog.prices.pricing import Pricing
from samovar.services.catalog.reviews.scores import Counts, score_of
from samovar.services.catalog.wishlist import marks_of
from samovar.services.catalog.wishlist.marks_of import NOBODY, ViewerMarks

_NO_REVIEWS = Counts()


class Items:
    """Puts together what lists show."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def of(
        self, app_ids: Sequence[UUID], viewer: Viewer, *, marks: ViewerMarks | None = None
    ) -> Listed:
        """Return these apps as the viewer sees them, in this order; unknown ones are left out. Who may see them is not asked here.

        Args:
            app_ids: At most a page of them.
            viewer: Who looks.
            marks: What the viewer owns and wants, where that is known already.
        """
        if not app_ids:
            return Listed(items=[], valid_until=None)
        shown, offered, counts, known = await asyncio.gather(
            cards.of(self._database, app_ids, viewer.language),
            offers.of(self._database, app_ids, viewer.country),
            repository.find_counts(self._database, app_ids),
            self._marks(viewer, marks),
        )
        first = {
            app_id: found[0]
            for app_id, found in offered.items()
            if found and found[0].is_listed and found[0].age_rating <= viewer.age_level
        }
        prices = await Pricing.of(
            self._database, [offer.package_id for offer in first.values()], viewer.country, self._clock.now()
        )
        items = [
            _item(shown[app_id], first.get(app_id), prices, counts.get(app_id, _NO_REVIEWS), known)
            for app_id in app_ids
            if app_id in shown
        ]
        ends = [price.valid_until for price in prices.values() if price.valid_until is not None]
        return Listed(items=items, valid_until=min(ends, default=None))

    async def _marks(self, viewer: Viewer, known: ViewerMarks | None) -> ViewerMarks:
        if known is not None or viewer.account_id is None:
            return known or NOBODY
        return await marks_of.of(self._database, viewer.account_id)


def price_shown(price: Price) -> PriceShown:
    """Return what is shown of a price."""
    return PriceShown(
        base=price.base,
        final=price.final,
        discount_percent=price.discount_percent,
        lowest_30d=price.lowest_30d,
        ends_at=price.ends_at,
    )


def _item(
    card: Card, offer: Offer | None, prices: dict[UUID, Price], counts: Counts, marks: ViewerMarks
) -> GameItem:
    price = prices.get(offer.package_id) if offer else None
    score = score_of(counts)
    return GameItem(
        **msgspec.structs.asdict(card),
        package_id=offer.package_id if offer and price else None,
        price=price_shown(price) if price else None,
        review_score=score.percent,
        review_label=score.label,
        review_count=score.total,
        is_owned=card.id in marks.owned,
        is_wishlisted=card.id in marks.wishlisted,
        is_ignored=card.id in marks.ignored,
    )
