"""What payouts do by the clock."""

from samovar.kit.workers import every
from samovar.services.payment.payouts.use_cases import Sending


@every(5)
async def send_payouts(payout_sending: Sending) -> None:
    """Take approved payouts to the bank, and ask what became of those that it has not answered for."""
    await payout_sending.send_due()
