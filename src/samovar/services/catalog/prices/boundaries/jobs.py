"""What prices do by the clock."""

from samovar.kit.workers import every
from samovar.services.catalog.prices.boundaries.use_cases import Boundaries


@every(1)
async def tell_of_discounts(boundaries: Boundaries) -> None:
    """Tell of discounts as they begin and end: a long loop that wakes for the next one."""
    await boundaries.watch()
