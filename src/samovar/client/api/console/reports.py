"""Reports of an app. Amounts are minor units of their currency; days are those of Moscow."""

from datetime import date

import msgspec

from samovar.client.api.calls import Calls, path


class SalesRow(msgspec.Struct, frozen=True):
    """Sales of a day, or of all days in the totals."""

    currency: str
    units: int
    gross: int
    refunded_units: int
    refunds: int
    commission: int
    net: int
    tax: int = 0
    day: date | None = None


class Sales(msgspec.Struct, frozen=True):
    """What was sold; one total a currency."""

    since: date
    until: date
    rows: list[SalesRow] = []
    totals: list[SalesRow] = []


class CountsRow(msgspec.Struct, frozen=True):
    """What was counted in a day; each report has its own of these."""

    day: date | None = None
    added: int = 0
    removed: int = 0
    conversions: int = 0
    views: int = 0
    visitors: int = 0
    players: int = 0
    sessions: int = 0
    minutes: int = 0
    median_minutes: int = 0


class Counts(msgspec.Struct, frozen=True):
    """A report without money."""

    since: date
    until: date
    rows: list[CountsRow] = []
    totals: list[CountsRow] = []


class Reports:
    """Calls of developer about reports of one app."""

    def __init__(self, calls: Calls, app_id: str) -> None:
        self._calls = calls
        self._app_id = app_id

    async def sales(self, since: date, until: date) -> Sales:
        """Return what was sold, by day."""
        return await self._calls.get(Sales, self._at("sales"), _between(since, until))

    async def counts(self, report: str, since: date, until: date) -> Counts:
        """Return `wishlists`, `traffic` or `playtime`, by day."""
        return await self._calls.get(Counts, self._at(report), _between(since, until))

    async def table(self, report: str, since: date, until: date) -> bytes:
        """Return a report as a table for spreadsheets."""
        query = "&".join(f"{name}={value}" for name, value in _between(since, until).items())
        return (await self._calls.send("GET", f"{self._at(report)}/csv?{query}")).body

    def _at(self, report: str) -> str:
        return path("/v1/dev/apps/{id}/reports/{report}", id=self._app_id, report=report)


def _between(since: date, until: date) -> dict[str, str]:
    return {"since": since.isoformat(), "until": until.isoformat()}
