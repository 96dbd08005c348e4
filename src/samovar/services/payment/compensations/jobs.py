"""What compensations do by the clock."""

from samovar.kit.workers import every
from samovar.services.payment.compensations.use_cases import Compensations


@every(60)
async def expire_compensations(compensations: Compensations) -> None:
    """End the proposals that nobody approved in time."""
    await compensations.expire()
