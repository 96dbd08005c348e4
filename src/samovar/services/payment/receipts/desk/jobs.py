"""What the desk does by the clock."""

from samovar.kit.workers import every
from samovar.services.payment.receipts.desk.use_cases import ReceiptDesk


@every(21_600)
async def compare_receipts(receipt_desk: ReceiptDesk) -> None:
    """Compare the day that is over with its receipts; what differs is logged, and `ledger check` finds it too (L10)."""
    await receipt_desk.yesterday()
