"""What attention does by the clock."""

from samovar.kit.workers import every
from samovar.services.catalog.attention.use_cases import PageViews


@every(5, alone=False)
async def write_views(page_views: PageViews) -> None:
    """Write what this process has counted."""
    await page_views.write()
