"""What news hear of builds."""

from samovar.kit.database import Transaction
from samovar.kit.events import consumes
from samovar.services.catalog.news.use_cases import News
from samovar.services.download.contract.events import BranchChanged

EVERYBODY = 100


@consumes(BranchChanged)
async def publish_news_of_build(event: BranchChanged, tx: Transaction, news: News) -> None:
    """Show what waits for a build, once all who may have the branch get it."""
    if event.build_id and event.percent == EVERYBODY:
        await news.publish_with_build(tx, event.app_id, event.build_id, event.branch)
