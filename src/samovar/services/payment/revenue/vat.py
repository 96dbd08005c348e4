"""VAT by the seller's regime and the day: what a price holds, and so what stands in a receipt. Dated data: a rate that was is never forgotten."""

from datetime import date
from typing import Literal

VatRegime = Literal["none", "exempt", "vat_5", "vat_7", "general"]

# From which day on, how many percent on top of the price without it. 5 % and 7 % came with the simplified system's VAT of 2025
# (176-ФЗ of 2024), 22 % with 2026 (425-ФЗ of 2025). `exempt` is software of the Russian register: article 149 (2) (26) of the Tax Code.
_RATES: dict[VatRegime, tuple[tuple[date, int], ...]] = {
    "none": (),
    "exempt": (),
    "vat_5": ((date(2025, 1, 1), 5),),
    "vat_7": ((date(2025, 1, 1), 7),),
    "general": ((date(2019, 1, 1), 20), (date(2026, 1, 1), 22)),
}


def vat_percent_of(regime: VatRegime, day: date) -> int:
    """Return the rate on a day, in percent; 0 where there is none."""
    return max(((since, percent) for since, percent in _RATES[regime] if since <= day), default=(day, 0))[1]
