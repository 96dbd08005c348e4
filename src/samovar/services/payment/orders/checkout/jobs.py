"""What checkout does by the clock."""

from samovar.kit.workers import every
from samovar.services.payment.orders.checkout.use_cases import OVERDUE_AT_ONCE_MAX, Checkout

BATCHES_MAX = 50


@every(10)
async def expire_orders(checkout: Checkout) -> None:
    """End the orders whose time to be paid is over."""
    for _ in range(BATCHES_MAX):
        if await checkout.expire() < OVERDUE_AT_ONCE_MAX:
            return
