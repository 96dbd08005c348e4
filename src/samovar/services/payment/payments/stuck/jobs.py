"""What is done by the clock about money that waits for a person."""

from samovar.kit.workers import every
from samovar.services.payment.payments.stuck.use_cases import StuckMonies


@every(60)
async def measure_stuck_money(stuck_money: StuckMonies) -> None:
    """Tell operators how much of it there is."""
    await stuck_money.measure()
