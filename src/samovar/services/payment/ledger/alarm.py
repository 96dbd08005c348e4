"""What a nightly check found, as others see it: a metric to alert on, and a line of the log for each fault."""

from collections import Counter
from collections.abc import Sequence

import structlog
from prometheus_client import Gauge

from samovar.services.payment.ledger.domain import Fault

FAULTS = Gauge(
    "samovar_payment_ledger_faults",
    "Broken invariants of money that the last check found; anything above 0 needs a person at once.",
    ["invariant"],
)
CHECKED = Gauge("samovar_payment_ledger_checked_timestamp_seconds", "When the books were last checked.")
_RULES = tuple(f"L{number}" for number in range(1, 14))
log = structlog.get_logger(__name__)


def tell(faults: Sequence[Fault]) -> None:
    """Set the metric, and log each fault."""
    counts = Counter(fault.invariant for fault in faults)
    for rule in {*_RULES, *counts}:
        FAULTS.labels(rule).set(counts[rule])
    CHECKED.set_to_current_time()
    for fault in faults:
        log.error(
            "the books are wrong", invariant=fault.invariant, subject=fault.subject, detail=fault.detail
        )
