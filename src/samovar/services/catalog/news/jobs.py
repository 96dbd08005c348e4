"""What news do by the clock."""

from samovar.kit.workers import every
from samovar.services.catalog.news.use_cases import PUBLISHED_AT_ONCE, News


@every(1)
async def publish_due_news(news: News) -> None:
    """Show posts whose moment has come."""
    while await news.publish_due() == PUBLISHED_AT_ONCE:
        pass
