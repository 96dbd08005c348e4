"""What payments do by the clock."""

from samovar.kit.workers import every
from samovar.services.payment.payments.settling.janitor import Janitor


@every(2)
async def bring_payments_forward(janitor: Janitor) -> None:
    """Send what nobody has sent, ask for outcomes that were lost, look at what waits, send back what is to go back."""
    await janitor.tick()
