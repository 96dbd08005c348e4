"""What one can ask of reports, and how they come to be."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

import structlog

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import FieldError
from samovar.kit.identity import Caller
from samovar.services.developer.errors import CatalogAway
from samovar.services.developer.reports import repository
from samovar.services.developer.reports.adapters import Shelf
from samovar.services.developer.reports.domain import checked_days, checked_groupings, totals_of
from samovar.services.developer.reports.errors import ReportNotFound, ReportTooLong
from samovar.services.developer.reports.schemas import ROWS_MAX, Grouping, SalesReport
from samovar.services.developer.rights import REPORTS, Rights
from samovar.services.payment.contract.revenue_events import SalesChange

ASKED_AT_ONCE = 100
# Catalog does not know a package that was deleted; it is asked again, but not all day long.
ASK_AGAIN_IN = timedelta(hours=1)

log = structlog.get_logger(__name__)


class Reports:
    """How apps do, as their organisations see it."""

    def __init__(self, database: Database, *, shelf: Shelf, rights: Rights, clock: Clock) -> None:
        self._database = database
        self._shelf = shelf
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
        owner = await self._shelf.owner_of(app_id)
        if owner is None or not self._rights.allow(
            caller, REPORTS, "owner", "finance", organisation_id=owner.organisation_id, app_id=app_id
        ):
            raise ReportNotFound(f"{app_id}")
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
