"""What news does by the clock."""

from samovar.kit.workers import every
from samovar.services.catalog.wishlist.news.use_cases import News


@every(5)
async def tell_wish_news(wish_news: News) -> None:
    """Tell what was noticed to all who wait for it."""
    await wish_news.tell()
