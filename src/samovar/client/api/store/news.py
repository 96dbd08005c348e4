"""What developers tell of a game, and that its page was looked at."""

from datetime import datetime

import msgspec

from samovar.client.api.calls import Calls, path

PAGE_SIZE = 5


class Post(msgspec.Struct, frozen=True):
    """A post; `kind` is `news`, or `release` where it tells of a version."""

    id: str
    kind: str
    title: str
    text: str
    published_at: datetime
    version: str | None = None


class Posts(msgspec.Struct, frozen=True):
    """A page of them, the latest first."""

    items: list[Post] = []
    next_cursor: str | None = None


class Told:
    """What is told of one game."""

    def __init__(self, calls: Calls, game: str) -> None:
        self._calls = calls
        self._at = path("/v1/games/{game}", game=game)

    async def news(self, *, cursor: str | None = None) -> Posts:
        """Return posts, the latest first."""
        asked = {"limit": str(PAGE_SIZE)} | ({"cursor": cursor} if cursor else {})
        return await self._calls.get(Posts, f"{self._at}/news", asked)

    async def seen(self, source: str) -> None:
        """Tell that somebody has opened the page, and where they came from; see `state.store.source`."""
        await self._calls.send("POST", f"{self._at}/views", {"source": source})
