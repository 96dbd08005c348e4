"""What operators are told of money that waits for a person."""

from collections.abc import Sequence
from datetime import datetime
from typing import get_args

from prometheus_client import Gauge

from samovar.services.payment.payments.stuck.repository import StuckCount
from samovar.services.payment.payments.stuck.schemas import StuckKind

STUCK = Gauge(
    "samovar_payment_stuck_money", "Late money, refunds and receipts that wait for a person.", ["kind"]
)
OLDEST = Gauge("samovar_payment_stuck_money_oldest_seconds", "How long the oldest of them waits.", ["kind"])


def tell(counts: Sequence[StuckCount], now: datetime) -> None:
    """Set the metrics."""
    found = {one.kind: one for one in counts}
    for kind in get_args(StuckKind):
        one = found.get(kind)
        STUCK.labels(kind).set(one.count if one else 0)
        OLDEST.labels(kind).set((now - one.oldest).total_seconds() if one else 0)
