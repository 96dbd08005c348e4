"""What operators are told: receipts that wait too long, and those that no register takes."""

from datetime import datetime

from prometheus_client import Gauge

from samovar.services.payment.receipts.sending.repository import Backlog

WAITING = Gauge("samovar_payment_receipts_waiting", "Fiscal receipts on their way to a register.")
LATE = Gauge(
    "samovar_payment_receipts_late",
    "Receipts on their way for longer than `fiscal_late_hours`; the law gives a day.",
)
REFUSED = Gauge(
    "samovar_payment_receipts_refused", "Receipts that no register takes: a person corrects them."
)
OLDEST = Gauge("samovar_payment_receipts_oldest_seconds", "How long the oldest receipt has been on its way.")


def tell(backlog: Backlog, now: datetime) -> None:
    """Set the metrics."""
    WAITING.set(backlog.waiting)
    LATE.set(backlog.late)
    REFUSED.set(backlog.refused)
    OLDEST.set((now - backlog.oldest_at).total_seconds() if backlog.oldest_at else 0)
