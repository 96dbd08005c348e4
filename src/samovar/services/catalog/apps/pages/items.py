"""Entries of lists: cards with prices and scores, for every room that lists apps with them.

entries = await items.of(database, app_ids, viewer, clock.now())
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database
from samovar.services.catalog.apps import cards
from samovar.services.catalog.apps.pages import repository
from samovar.services.catalog.apps.pages.schemas import GameItem, PriceSeen
from samovar.services.catalog.domain import Viewer
from samovar.services.catalog.packages import offers
from samovar.services.catalog.prices.domain import Price
from samovar.services.catalog.prices.pricing import Pricing
from samovar.services.catalog.reviews.scores import score_of

STANDARD_PLACE = 0


async def of(database: Database, app_ids: Sequence[UUID], viewer: Viewer, at: datetime) -> list[GameItem]:
    """Return these apps as a viewer sees them in a list, in this order; unknown ones are left out. Whether they may is not asked here."""
    known = await cards.of(database, app_ids, viewer.language)
    offered = await offers.of(database, app_ids, viewer.country)
    standard = {
        app_id: offer.package_id
        for app_id, of_app in offered.items()
        for offer in of_app
        if offer.place == STANDARD_PLACE
    }
    prices = await Pricing.of(database, list(standard.values()), viewer.country, at)
    reviews = await repository.find_review_counts(database, app_ids)
    return [
        GameItem(
            **{field: getattr(known[app_id], field) for field in known[app_id].__struct_fields__},
            package_id=standard.get(app_id),
            price=price_seen(prices.get(standard[app_id])) if app_id in standard else None,
            review_score=score_of(reviews[app_id]) if app_id in reviews else None,
        )
        for app_id in app_ids
        if app_id in known
    ]


def price_seen(price: Price | None) -> PriceSeen | None:
    """Return a price as it travels."""
    return msgspec.convert(price, PriceSeen, from_attributes=True) if price else None
