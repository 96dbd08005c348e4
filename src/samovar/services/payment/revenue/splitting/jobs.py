"""What revenue does by the clock."""

from samovar.kit.workers import every
from samovar.services.payment.revenue.splitting.use_cases import Splitting


@every(1)
async def split_sales(splitting: Splitting) -> None:
    """Split what was delivered: a long loop, alone over all processes."""
    await splitting.watch()


@every(300)
async def release_reserves(splitting: Splitting) -> None:
    """Give organisations what was kept back long enough."""
    await splitting.release_all()
