"""Keeps a batch of lines of one stage: hands it to what writes such things."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from samovar.kit.clock import Clock
from samovar.kit.database import Transaction
from samovar.kit.ids import IdSource
from samovar.services.catalog.apps.writer import AppWriter
from samovar.services.catalog.exchange.domain import Stage
from samovar.services.catalog.exchange.keeping.offers import OfferKeeper
from samovar.services.catalog.exchange.keeping.pages import Outcome, PageKeeper, Pictures
from samovar.services.catalog.exchange.keeping.selling import PriceKeeper
from samovar.services.catalog.exchange.schemas import Line
from samovar.services.catalog.packages.bundles.writer import BundleWriter
from samovar.services.catalog.packages.writer import PackageWriter
from samovar.services.catalog.prices.discounts.writer import DiscountWriter
from samovar.services.catalog.prices.matrix.writer import MatrixWriter


class Keeper:
    """Keeps lines in the transaction of whoever calls."""

    def __init__(self, *, pages: PageKeeper, offers: OfferKeeper, prices: PriceKeeper) -> None:
        self._pages = pages
        self._offers = offers
        self._prices = prices

    async def keep(
        self, tx: Transaction, stage: Stage, lines: Sequence[Line], pictures: Pictures
    ) -> list[Outcome]:
        """Keep lines, all of one stage, and return what became of each, in their order.

        Raises:
            SamovarError: Some lines are refused, it is not said which, and nothing was written.
        """
        given: Any = lines
        if stage in {"apps", "belongings"}:
            return await self._pages.keep_apps(tx, given, pictures)
        keep: dict[Stage, Callable[[Transaction, Any], Awaitable[list[Outcome]]]] = {
            "terms": self._pages.keep_terms,
            "creators": self._pages.keep_creators,
            "changelog": self._pages.keep_changelog,
            "packages": self._offers.keep_packages,
            "price_history": self._prices.keep_history,
            "prices": self._prices.keep_prices,
            "bundles": self._offers.keep_bundles,
            "discounts": self._prices.keep_discounts,
        }
        return await keep[stage](tx, given)


def keeper_of(*, clock: Clock, new_id: IdSource, reason: str) -> Keeper:
    """Return what keeps lines; `reason` goes into the history of each page."""
    pages = PageKeeper(
        writer=AppWriter(clock=clock, new_id=new_id), clock=clock, new_id=new_id, reason=reason
    )
    offers = OfferKeeper(
        packages=PackageWriter(clock=clock, new_id=new_id), bundles=BundleWriter(clock=clock, new_id=new_id)
    )
    prices = PriceKeeper(
        matrix=MatrixWriter(clock=clock, new_id=new_id), discounts=DiscountWriter(clock=clock, new_id=new_id)
    )
    return Keeper(pages=pages, offers=offers, prices=prices)
