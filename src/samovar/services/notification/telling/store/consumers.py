"""What is heard of games that people want, or whose makers they follow. Catalog divides its news into events of 500 people."""

from samovar.kit.database import Transaction
from samovar.kit.events import consumes
from samovar.services.catalog.contract.wishlist_events import CreatorReleased, WishlistAlerted
from samovar.services.notification.domain import RELEASE, Story
from samovar.services.notification.telling.teller import Teller

_KINDS = {
    "discount": "discount_started",
    "released": "game_released",
    "left_early_access": "left_early_access",
}


@consumes(WishlistAlerted)
async def tell_wish_news(event: WishlistAlerted, tx: Transaction, teller: Teller) -> None:
    """Tell those who want a game; a reason that is not known yet is passed over."""
    kind = _KINDS.get(event.reason)
    if kind is None:
        return
    is_release = event.reason == "released"
    story = Story(
        kind=kind,
        topic=RELEASE if is_release else event.reason,
        cause=event.app_id if is_release else event.alert_id,
        app_id=event.app_id,
        facts={} if event.percent is None else {"percent": event.percent},
        happened_at=event.since,
    )
    await teller.tell(tx, event.account_ids, story)


@consumes(CreatorReleased)
async def tell_creator_news(event: CreatorReleased, tx: Transaction, teller: Teller) -> None:
    """Tell those who follow a maker."""
    story = Story(
        kind="creator_released",
        topic=RELEASE,
        cause=event.app_id,
        app_id=event.app_id,
        happened_at=event.since,
    )
    await teller.tell(tx, event.account_ids, story)
