"""Telling what a package cost."""

from datetime import datetime, timedelta
from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.services.catalog.apps import sight
from samovar.services.catalog.domain import Viewer
from samovar.services.catalog.errors import AgeRestricted, AppNotFound
from samovar.services.catalog.prices import repository as prices_repository
from samovar.services.catalog.prices.domain import Dated, Span
from samovar.services.catalog.prices.history import repository
from samovar.services.catalog.prices.history.schemas import PriceHistory, PriceStep
from samovar.services.catalog.prices.holding import look
from samovar.services.catalog.prices.pricing import Pricing

HISTORY_WITHIN = timedelta(days=730)
STEPS_MAX = 500


class PriceHistories:
    """What packages cost, for everybody to see."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def show(
        self, viewer: Viewer, game: str, package_id: UUID | None
    ) -> tuple[PriceHistory, datetime | None]:
        """Return the history in the viewer's country, and until when it will read so, as far as is known.

        Raises:
            AppNotFound: No such page or package, or not shown in the country.
            AgeRestricted: The page, or something in the package, is above the viewer's age level.
        """
        app_id = (await sight.of(self._database, game, viewer)).id
        chosen = await repository.find_package(self._database, app_id, package_id)
        if chosen is None:
            raise AppNotFound("no such package on this page")
        if chosen.age_rating > viewer.age_level:
            raise AgeRestricted(rating=chosen.age_rating)
        shown_id = chosen.id
        now = self._clock.now()
        regions = await prices_repository.find_regions(self._database, viewer.country) or []
        dated = (await look(self._database, [shown_id]))[shown_id].dated
        priced = await Pricing.of(self._database, [shown_id], viewer.country, now)
        price = priced.get(shown_id)
        region = price.region if price else _last_region(dated, regions)
        shown = PriceHistory(
            package_id=shown_id,
            country=viewer.country,
            region=region,
            steps=_steps(dated, region, now) if region else [],
            lowest_30d=price.lowest_30d if price else None,
        )
        return shown, price.valid_until if price else None


def _last_region(dated: Dated, regions: list[str]) -> str | None:
    asked = {base.region for base in dated.bases if base.price}
    return next((region for region in regions if region in asked), None)


def _steps(dated: Dated, region: str, now: datetime) -> list[PriceStep]:
    """Return what was charged: nothing that is to come, and nothing before the release of what is not sold in advance."""
    opens = now - HISTORY_WITHIN
    if not dated.is_preorder:
        released_at = dated.release.first_at
        if released_at is None or released_at > now:
            return []
        opens = max(opens, released_at)
    steps = []
    for step in dated.charged(region):
        common = step.span.meet(Span(opens))
        if common is None or common.since > now:
            continue
        steps.append(
            PriceStep(
                since=common.since,
                until=common.until if common.until and common.until <= now else None,
                base=step.base,
                final=step.final,
                discount_percent=step.discount.percent if step.discount else 0,
            )
        )
    return steps[-STEPS_MAX:]
