"""What gifts do by the clock."""

from samovar.kit.workers import every
from samovar.services.payment.gifts.use_cases import OVERDUE_AT_ONCE_MAX, Returns

BATCHES_MAX = 50


@every(60)
async def return_gifts(gift_returns: Returns) -> None:
    """Give back what nobody took in time."""
    for _ in range(BATCHES_MAX):
        if await gift_returns.expire() < OVERDUE_AT_ONCE_MAX:
            return
