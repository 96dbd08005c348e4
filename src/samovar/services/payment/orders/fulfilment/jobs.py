"""What fulfilment does by the clock."""

from samovar.kit.workers import every
from samovar.services.payment.orders.fulfilment.use_cases import AT_ONCE_MAX, Fulfilment

BATCHES_MAX = 20


@every(30)
async def ask_for_licences(fulfilment: Fulfilment) -> None:
    """Ask library for what it has not given within minutes, and deliver what was held back."""
    for _ in range(BATCHES_MAX):
        if await fulfilment.repeat() < AT_ONCE_MAX:
            break
    for _ in range(BATCHES_MAX):
        if await fulfilment.deliver_late() < AT_ONCE_MAX:
            break


@every(15)
async def deliver_released_games(fulfilment: Fulfilment) -> None:
    """Deliver what was bought before it was out, once it is."""
    await fulfilment.deliver_released()


@every(600)
async def look_for_released_games(fulfilment: Fulfilment) -> None:
    """Ask catalog what is out of all that is waited for: an event may have come before the order."""
    await fulfilment.look_for_releases()
