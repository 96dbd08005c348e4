"""What of fulfilment an operator should see: a licence that does not come by itself."""

from prometheus_client import Counter

LICENCES_ASKED = Counter(
    "samovar_payment_licences_asked_total",
    "Paid lines whose licence did not come within minutes, and was asked of library: what came of it.",
    ["outcome"],
)
