"""What clients need by the clock."""

from samovar.kit.workers import every
from samovar.services.auth.clients.use_cases import Clients


@every(5)
async def finish_deleting_clients(clients: Clients) -> None:
    """End what people gave to clients that were deleted."""
    await clients.finish_deleting()
