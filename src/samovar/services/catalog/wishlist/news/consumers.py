"""What is listened to for news: discounts that begin, pages that change."""

from typing import cast, get_args

from samovar.kit.database import Transaction
from samovar.kit.events import consumes
from samovar.services.catalog.contract.events import AppChanged
from samovar.services.catalog.contract.prices_events import DiscountStarted
from samovar.services.catalog.domain import Stage
from samovar.services.catalog.wishlist.news.use_cases import News


@consumes(DiscountStarted)
async def notice_discount(event: DiscountStarted, tx: Transaction, wish_news: News) -> None:
    """Tell those who want a game that it costs less."""
    await wish_news.notice_discount(tx, event)


@consumes(AppChanged)
async def notice_stage(event: AppChanged, tx: Transaction, wish_news: News) -> None:
    """Tell those who wait for a game, and those who follow its makers, that it is out."""
    if event.stage in get_args(Stage):
        await wish_news.notice_stage(tx, event, cast("Stage", event.stage))
