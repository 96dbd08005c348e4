"""The events of wishlists. Additive change only: an old sample must decode for ever."""

from datetime import datetime
from uuid import UUID

from samovar.kit.events import Event


class WishlistAlerted(Event, frozen=True, kw_only=True, subject="catalog.v1.wishlist_alerted"):
    """There is news of an app for people who want it. Of one cause nobody is told twice.

    Attributes:
        alert_id: The same in all events of one piece of news.
        reason: `discount`, `released` or `left_early_access`.
        percent: Of the discount.
        account_ids: At most 500; for the next ones there is another event.
        since: When it happened.
    """

    alert_id: UUID
    app_id: UUID
    reason: str
    percent: int | None = None
    account_ids: tuple[UUID, ...]
    since: datetime


class CreatorReleased(Event, frozen=True, kw_only=True, subject="catalog.v1.creator_released"):
    """A developer or publisher has brought out an app, for people who follow them. Of one app nobody is told twice.

    Attributes:
        alert_id: The same in all events of one piece of news.
        account_ids: At most 500; for the next ones there is another event.
        since: When it happened.
    """

    alert_id: UUID
    creator_id: UUID
    app_id: UUID
    account_ids: tuple[UUID, ...]
    since: datetime


WISHLIST_EVENTS: tuple[type[Event], ...] = (WishlistAlerted, CreatorReleased)
