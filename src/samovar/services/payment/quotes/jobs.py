"""What quotes do by the clock."""

from samovar.kit.workers import every
from samovar.services.payment.quotes.use_cases import FORGOTTEN_AT_ONCE_MAX, Forgetting

BATCHES_MAX = 100


@every(600)
async def forget_quotes(forgetting: Forgetting) -> None:
    """Delete quotes that became no order."""
    for _ in range(BATCHES_MAX):
        if await forgetting.forget() < FORGOTTEN_AT_ONCE_MAX:
            return
