"""What sending does by the clock."""

from samovar.kit.workers import every
from samovar.services.payment.receipts.sending.use_cases import Sending

BATCHES_MAX = 100


@every(2)
async def send_receipts(receipt_sending: Sending) -> None:
    """Hand in what is planned, and ask what became of it."""
    for _ in range(BATCHES_MAX):
        if not await receipt_sending.send_due():
            return


@every(60)
async def measure_receipts(receipt_sending: Sending) -> None:
    """Tell operators what waits."""
    await receipt_sending.measure()
