"""What payments do by the clock."""

from samovar.kit.workers import every
from samovar.services.payment.payments.registers.use_cases import Registers
from samovar.services.payment.payments.settling.janitor import Janitor
from samovar.services.payment.payments.webhooks.inbox import Inbox


@every(2)
async def bring_payments_forward(janitor: Janitor) -> None:
    """Send what nobody has sent, ask for outcomes that were lost, look at what waits, send back what is to go back."""
    await janitor.tick()


@every(1, alone=False)
async def ask_about_provider_events(provider_inbox: Inbox) -> None:
    """Ask providers about what they told, as soon as they did; it never returns."""
    await provider_inbox.run()


@every(21_600)
async def compare_registers(registers: Registers) -> None:
    """Hold the last days of providers' registers against payments: each is to agree, or be explained, by the day after."""
    await registers.compare()
