"""The rate is that of the day and the regime."""

from datetime import date

import pytest

from samovar.services.payment.receipts.vat import vat_of
from samovar.services.payment.revenue.vat import VatRegime


@pytest.mark.parametrize(
    ("regime", "day", "is_prepayment", "word"),
    [
        ("general", date(2025, 12, 31), False, "vat20"),
        ("general", date(2026, 1, 1), False, "vat22"),
        ("general", date(2026, 1, 1), True, "vat122"),
        ("general", date(2025, 12, 31), True, "vat120"),
        ("vat_5", date(2026, 1, 1), False, "vat5"),
        ("vat_7", date(2026, 1, 1), True, "vat107"),
        ("vat_7", date(2024, 12, 31), False, "none"),
        ("none", date(2026, 1, 1), False, "none"),
        ("exempt", date(2026, 1, 1), True, "none"),
    ],
)
def test_the_rate_by_day_and_regime(regime: VatRegime, day: date, *, is_prepayment: bool, word: str) -> None:
    assert vat_of(regime, day, is_prepayment=is_prepayment) == word
