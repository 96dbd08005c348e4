"""What one can ask of reports, and how they come to be."""

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

import msgspec
import structlog

from samovar.kit.clock import MOSCOW, Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import FieldError
from samovar.kit.identity import Caller, Level
from samovar.services.developer.errors import CatalogAway
from samovar.services.developer.reports import repository
from samovar.services.developer.reports.adapters import AppOwner, Attention, Play, Shelf
from samovar.services.developer.reports.domain import (
    FIRST_DAY,
    checked_days,
    checked_groupings,
    spans_of,
    totals_of,
    views_by,
    wishes_by,
)
from samovar.services.developer.reports.errors import ReportNotFound, ReportTooLong
from samovar.services.developer.reports.schemas import (
    ROWS_MAX,
    Grouping,
    Period,
    PlayReport,
    PlayRow,
    SalesReport,
    TrafficGrouping,
    TrafficReport,
    TrafficRow,
    WishlistReport,
)
from samovar.services.developer.rights import REPORTS, Rights
from samovar.services.payment.contract.revenue_events import SalesChange

ASKED_AT_ONCE = 100
# Catalog does not know a package that was deleted; it is asked again, but not all day long.
ASK_AGAIN_IN = timedelta(hours=1)

log = structlog.get_logger(__name__)


class Reports:
    """How apps do, as their organisations see it."""

    def __init__(
        self,
        database: Database,
        *,
        shelf: Shelf,
        attention: Attention,
        play: Play,
        rights: Rights,
        clock: Clock,
    ) -> None:
        self._database = database
        self._shelf = shelf
        self._attention = attention
        self._play = play
        self._rights = rights
        self._clock = clock

    async def sales(
        self,
        caller: Caller,
        app_id: UUID,
        *,
        since: date | None,
        until: date | None,
        by: Sequence[Grouping],
    ) -> SalesReport:
        """Return what was sold of an app. For those who may see the money of the organisation.

        Raises:
            CatalogAway: Nobody can say whose the app is.
            InvalidInput: The days or what it is grouped by make no sense.
            ReportNotFound: There is no such app, or it is not the caller's to know.
            ReportTooLong: It has more lines than `ROWS_MAX`.
        """
        first, last = checked_days(since, until, self._clock.now())
        groupings = checked_groupings(by)
        owner = await self._require(caller, app_id, "owner", "finance")
        rows = await repository.sum_sales(
            self._database,
            organisation_id=owner.organisation_id,
            app_id=app_id,
            since=first,
            until=last,
            by=groupings,
            limit=ROWS_MAX + 1,
        )
        if len(rows) > ROWS_MAX:
            raise ReportTooLong(
                f"{app_id}: {first} to {last}",
                fields=[FieldError("by", "too_many_rows", f"at most {ROWS_MAX}", limit=str(ROWS_MAX))],
                limit=ROWS_MAX,
            )
        return SalesReport(since=first, until=last, rows=rows, totals=totals_of(rows))

    async def wishlists(
        self, caller: Caller, app_id: UUID, *, since: date | None, until: date | None, by: Period
    ) -> WishlistReport:
        """Return how many put an app on their wishlists, took it off, and got it. For everybody of the organisation.

        Raises:
            CatalogAway: It does not answer.
            InvalidInput: The days make no sense.
            ReportNotFound: There is no such app, or it is not the caller's to know.
        """
        first, last = checked_days(since, until, self._clock.now())
        await self._require(caller, app_id, "viewer")
        rows, total = wishes_by(await self._attention.wishes(app_id, first, last), by)
        return WishlistReport(since=first, until=last, rows=rows, totals=[total])

    async def traffic(
        self,
        caller: Caller,
        app_id: UUID,
        *,
        since: date | None,
        until: date | None,
        by: Sequence[TrafficGrouping],
    ) -> TrafficReport:
        """Return how often the page of an app was looked at, and where from. For everybody of the organisation.

        Raises:
            CatalogAway: It does not answer.
            InvalidInput: The days or what it is grouped by make no sense.
            ReportNotFound: There is no such app, or it is not the caller's to know.
        """
        first, last = checked_days(since, until, self._clock.now())
        groupings = checked_groupings(by)
        await self._require(caller, app_id, "viewer")
        rows = await self._attention.views(app_id, first, last)
        totals = views_by(rows, ()) or [TrafficRow(views=0, visitors=0)]
        return TrafficReport(since=first, until=last, rows=views_by(rows, groupings), totals=totals)

    async def play_time(
        self, caller: Caller, app_id: UUID, *, since: date | None, until: date | None, by: Period
    ) -> PlayReport:
        """Return how many played an app, how often and how long. For everybody of the organisation.

        Raises:
            CatalogAway: Nobody can say whose the app is.
            InvalidInput: The days make no sense.
            LibraryAway: It does not answer, or not in time.
            ReportNotFound: There is no such app, or it is not the caller's to know.
        """
        now = self._clock.now()
        first, last = checked_days(since, until, now)
        await self._require(caller, app_id, "viewer")
        # Days to come have nothing to tell, nor have those before the platform.
        begin, end = max(first, FIRST_DAY), min(last, now.astimezone(MOSCOW).date())
        if begin > end:
            none = PlayRow(players=0, sessions=0, minutes=0, median_minutes=0)
            return PlayReport(since=first, until=last, rows=[], totals=[none])
        spans = spans_of(begin, end, by)
        bounds = [spans[0][1], *(span[2] for span in spans)]
        played, totals = await asyncio.gather(
            self._play.sums(app_id, bounds), self._play.sums(app_id, (bounds[0], bounds[-1]))
        )
        rows = [
            msgspec.structs.replace(row, day=day)
            for (day, _, _), row in zip(spans, played, strict=True)
            if row.players
        ]
        return PlayReport(since=first, until=last, rows=rows, totals=totals)

    async def _require(self, caller: Caller, app_id: UUID, *levels: Level) -> AppOwner:
        owner = await self._shelf.owner_of(app_id)
        if owner is None or not any(
            self._rights.allow(caller, REPORTS, *levels, organisation_id=owner.organisation_id, app_id=one)
            for one in {app_id, owner.base_app_id or app_id}
        ):
            raise ReportNotFound(f"{app_id}")
        return owner


class Counting:
    """How numbers come into reports."""

    def __init__(self, database: Database, *, shelf: Shelf, clock: Clock) -> None:
        self._database = database
        self._shelf = shelf
        self._clock = clock

    async def add_sales(self, tx: Transaction, changes: Sequence[SalesChange]) -> None:
        """Add what payment counted, in the transaction that remembers its event."""
        await repository.add_sales(tx, changes, self._clock.now())

    async def find_pages(self) -> None:
        """Ask catalog where packages are offered that were sold and are not known."""
        async with self._database.transaction() as tx:
            unknown = await repository.claim_unknown_packages(
                tx, self._clock.now(), again_in=ASK_AGAIN_IN, limit=ASKED_AT_ONCE
            )
        if not unknown:
            return
        try:
            pages = await self._shelf.pages_of(unknown)
        except CatalogAway as error:
            log.warning("packages that were sold are on no page yet", error=str(error))
            return
        async with self._database.transaction() as tx:
            await repository.put_packages(tx, pages)
