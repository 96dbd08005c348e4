"""What reports do by the clock."""

from samovar.kit.workers import every
from samovar.services.developer.reports.use_cases import Counting


@every(5)
async def find_pages_of_packages(counting: Counting) -> None:
    """Find the pages of packages that were sold for the first time."""
    await counting.find_pages()
