"""The rate of VAT that stands in a receipt: by the day and the regime of whoever sells. Dated data, as the tax service publishes it.

The service of cash registers takes words; `vat_code` are the numbers that YooKassa and others use for the same. A prepayment and an advance
bear the calculated rate (article 164 (4) of the Tax Code).
"""

from datetime import date

from samovar.services.payment.revenue.vat import VatRegime

# From which day on: the rate of what is given, and that of what is paid before.
_RATES: dict[VatRegime, tuple[tuple[date, str, str], ...]] = {
    "none": (),
    "exempt": (),
    "vat_5": ((date(2025, 1, 1), "vat5", "vat105"),),
    "vat_7": ((date(2025, 1, 1), "vat7", "vat107"),),
    "general": ((date(2019, 1, 1), "vat20", "vat120"), (date(2026, 1, 1), "vat22", "vat122")),
}
_CODES = {
    "none": 1,
    "vat0": 2,
    "vat10": 3,
    "vat20": 4,
    "vat110": 5,
    "vat120": 6,
    "vat5": 7,
    "vat7": 8,
    "vat105": 9,
    "vat107": 10,
    "vat22": 11,
    "vat122": 12,
}


def vat_of(regime: VatRegime, day: date, *, is_prepayment: bool) -> str:
    """Return the service's word for the rate on a day; `none` where there is none."""
    known = [rate for rate in _RATES[regime] if rate[0] <= day]
    if not known:
        return "none"
    _, given, before = max(known)
    return before if is_prepayment else given


def vat_code_of(word: str) -> int:
    """Return the number for a word of the service."""
    return _CODES[word]
