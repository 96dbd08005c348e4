"""Keeps a batch of lines of one stage: hands it to what writes such things."""

from collections.abc import Sequence
from typing import Any

from samovar.kit.clock import Clock
from samovar.kit.database import Transaction
from samovar.kit.ids import IdSource
from samovar.services.catalog.apps.writer import AppWriter
from samovar.services.catalog.exchange.domain import Stage
from samovar.services.catalog.exchange.keeping.offers import OfferKeeper
from samovar.services.catalog.exchange.keeping.pages import Outcome, PageKeeper, Pictures
from samovar.services.catalog.exchange.schemas import Line
from samovar.services.catalog.packages.writer import PackageWriter


class Keeper:
    """Keeps lines in the transaction of whoever calls."""

    def __init__(self, *, pages: PageKeeper, offers: OfferKeeper) -> None:
        self._pages = pages
        self._offers = offers

    async def keep(
        self, tx: Transaction, stage: Stage, lines: Sequence[Line], pictures: Pictures
    ) -> list[Outcome]:
        """Keep lines, all of one stage, and return what became of each, in their order.

        Raises:
            SamovarError: Some lines are refused, it is not said which, and nothing was written.
        """
        given: Any = lines
        match stage:
            case "terms":
                return await self._pages.keep_terms(tx, given)
            case "creators":
                return await self._pages.keep_creators(tx, given)
            case "apps" | "belongings":
                return await self._pages.keep_apps(tx, given, pictures)
            case "changelog":
                return await self._pages.keep_changelog(tx, given)
            case "packages":
                return await self._offers.keep_packages(tx, given)
        raise AssertionError(stage)


def keeper_of(*, clock: Clock, new_id: IdSource, reason: str) -> Keeper:
    """Return what keeps lines; `reason` goes into the history of each page."""
    pages = PageKeeper(
        writer=AppWriter(clock=clock, new_id=new_id), clock=clock, new_id=new_id, reason=reason
    )
    return Keeper(pages=pages, offers=OfferKeeper(packages=PackageWriter(clock=clock, new_id=new_id)))
