"""What the player was told: the list, what is unread, what has been read."""

from datetime import datetime

import msgspec

from samovar.client.api.calls import Calls

PAGE_SIZE = 24


class Notification(msgspec.Struct, frozen=True, kw_only=True):
    """Something that the player was told; `link` leads to it in the client."""

    id: str
    kind: str
    category: str
    title: str
    body: str
    link: str
    is_read: bool
    happened_at: datetime


class Notifications(msgspec.Struct, frozen=True):
    """A page of them, the latest first."""

    items: list[Notification] = []
    next_cursor: str | None = None


class UnreadCount(msgspec.Struct, frozen=True):
    """How many are unread, and the latest of all."""

    unread: int = 0
    latest_id: str | None = None


class Inbox:
    """Calls of notification."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def notifications(self, *, cursor: str | None = None) -> Notifications:
        """Return a page of what the player was told."""
        query = {"limit": str(PAGE_SIZE)} | ({"cursor": cursor} if cursor else {})
        return await self._calls.get(Notifications, "/v1/notifications", query)

    async def unread(self) -> UnreadCount:
        """Return how many are unread."""
        return await self._calls.get(UnreadCount, "/v1/notifications/unread-count")

    async def read_up_to(self, notification_id: str) -> None:
        """Say that the player has seen this one and all before it."""
        await self._calls.send("POST", "/v1/notifications/read", {"up_to": notification_id})
