"""Reports as a graph takes them."""

from datetime import date

from samovar.client.api.console.reports import CountsRow
from samovar.client.state.console.series import by_day


def test_days_without_a_row_count_nothing() -> None:
    rows = [
        CountsRow(day=date(2026, 2, 28), views=3),
        CountsRow(day=date(2026, 2, 28), views=4),
        CountsRow(views=9),
    ]
    found = by_day(rows, date(2026, 2, 27), date(2026, 3, 1), lambda row: row.views)
    assert found == [(date(2026, 2, 27), 0.0), (date(2026, 2, 28), 7.0), (date(2026, 3, 1), 0.0)]
