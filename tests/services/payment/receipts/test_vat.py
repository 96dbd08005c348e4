"""The rate is that of the day and the regime."""

from datetime import date

import pytest

from samovar.services.payment.receipts.vat import vat_code_of, vat_of
from samovar.services.payment.revenue.vat import VatRegime


@pytest.mark.parametrize(
    ("regime", "day", "is_prepayment", "word", "code"),
    [
        ("general", date(2025, 12, 31), False, "vat20", 4),
        ("general", date(2026, 1, 1), False, "vat22", 11),
        ("general", date(2026, 1, 1), True, "vat122", 12),
        ("general", date(2025, 12, 31), True, "vat120", 6),
        ("vat_5", date(2026, 1, 1), False, "vat5", 7),
        ("vat_7", date(2026, 1, 1), True, "vat107", 10),
        ("vat_7", date(2024, 12, 31), False, "none", 1),
        ("none", date(2026, 1, 1), False, "none", 1),
        ("exempt", date(2026, 1, 1), True, "none", 1),
    ],
)
def test_the_rate_by_day_and_regime(
    regime: VatRegime, day: date, *, is_prepayment: bool, word: str, code: int
) -> None:
    found = vat_of(regime, day, is_prepayment=is_prepayment)
    assert (found, vat_code_of(found)) == (word, code)
