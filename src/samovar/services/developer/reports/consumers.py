"""What reports are made of."""

from samovar.kit.database import Transaction
from samovar.kit.events import consumes
from samovar.services.developer.reports.use_cases import Counting
from samovar.services.payment.contract.revenue_events import SalesCounted


@consumes(SalesCounted)
async def add_sales(event: SalesCounted, tx: Transaction, counting: Counting) -> None:
    """Add what was sold and taken back."""
    await counting.add_sales(tx, event.changes)
