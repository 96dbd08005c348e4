"""What launch tickets need by the clock."""

from samovar.kit.workers import every
from samovar.services.auth.launch_tickets.use_cases import LaunchTickets


@every(600)
async def forget_old_tickets(launch_tickets: LaunchTickets) -> None:
    """Delete tickets of which nobody asks any more."""
    await launch_tickets.forget_old()
