"""What refunds do by the clock."""

from samovar.kit.workers import every
from samovar.services.payment.refunds.following.use_cases import Following


@every(15)
async def resume_refunds(refund_following: Following) -> None:
    """Ask library itself for what it has not answered: no refund waits for a lost message."""
    await refund_following.resume()
