"""The words that the service of cash registers has for rates of VAT."""

from datetime import date

from samovar.services.payment.revenue.domain import WHOLE_PERCENT
from samovar.services.payment.revenue.vat import VatRegime, vat_percent_of


def vat_of(regime: VatRegime, day: date, *, is_prepayment: bool) -> str:
    """Return the word for the rate on a day; `none` where there is none.

    A prepayment and an advance bear the calculated rate, 20/120 where goods bear 20 % (article 164 (4) of the Tax Code): `vat120`.
    """
    percent = vat_percent_of(regime, day)
    if not percent:
        return "none"
    return f"vat{WHOLE_PERCENT + percent if is_prepayment else percent}"
