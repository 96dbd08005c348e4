"""Friends, those who ask to be, and those who are blocked."""

from datetime import datetime

import msgspec

from samovar.client.api.account.profiles import Card
from samovar.client.api.calls import Calls, path

PAGE_SIZE = 48
_PAGE_MAX = 100
# A circle that is larger is not searched through for one person.
_PAGES_MAX = 20


class Friend(Card, frozen=True, kw_only=True):
    """A friend; `nickname` is what the player alone calls them."""

    nickname: str | None = None
    favourite: bool = False
    since: datetime


class Friends(msgspec.Struct, frozen=True):
    """A page of friends, favourites first."""

    items: list[Friend] = []
    next_cursor: str | None = None


class Request(msgspec.Struct, frozen=True):
    """A request that waits for an answer; `account` is the other one."""

    id: str
    account: Card
    sent_at: datetime
    expires_at: datetime


class Requests(msgspec.Struct, frozen=True):
    """A page of requests."""

    items: list[Request] = []
    next_cursor: str | None = None


class Asked(msgspec.Struct, frozen=True):
    """What has become of a request: `accepted` at once where the other had asked already."""

    id: str
    state: str


class Blocked(Card, frozen=True, kw_only=True):
    """Somebody whom the player blocks."""

    since: datetime


class Blocks(msgspec.Struct, frozen=True):
    """A page of them."""

    items: list[Blocked] = []
    next_cursor: str | None = None


class Suggestion(Card, frozen=True, kw_only=True):
    """A friend of friends."""

    mutual_friends: int = 0


class _Suggestions(msgspec.Struct, frozen=True):
    items: list[Suggestion] = []


class Circle:
    """Whom the player knows."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def friends(self, *, cursor: str | None = None, limit: int = PAGE_SIZE) -> Friends:
        """Return friends, favourites first."""
        return await self._calls.get(Friends, "/v1/friends", _page(cursor, limit))

    async def friend(self, account_id: str) -> Friend | None:
        """Return one friend, none where they are no friend."""
        cursor: str | None = None
        for _ in range(_PAGES_MAX):
            page = await self.friends(cursor=cursor, limit=_PAGE_MAX)
            for one in page.items:
                if one.account_id == account_id:
                    return one
            cursor = page.next_cursor
            if cursor is None:
                break
        return None

    async def requests(
        self, direction: str, *, cursor: str | None = None, limit: int = PAGE_SIZE
    ) -> Requests:
        """Return the requests `incoming` or `outgoing`."""
        asked = _page(cursor, limit) | {"direction": direction}
        return await self._calls.get(Requests, "/v1/friends/requests", asked)

    async def request_with(self, account_id: str, direction: str) -> Request | None:
        """Return the request that waits between the player and somebody."""
        page = await self.requests(direction, limit=_PAGE_MAX)
        return next((one for one in page.items if one.account.account_id == account_id), None)

    async def suggestions(self) -> list[Suggestion]:
        """Return friends of friends."""
        return (await self._calls.get(_Suggestions, "/v1/friends/suggestions")).items

    async def ask(self, account_id: str) -> Asked:
        """Ask somebody to be friends."""
        return (await self._calls.send("POST", "/v1/friends/requests", {"account_id": account_id})).read(
            Asked
        )

    async def answer(self, request_id: str, answer: str) -> None:
        """Answer a request: `accept` or `decline`."""
        await self._calls.send(
            "POST", path("/v1/friends/requests/{id}/{answer}", id=request_id, answer=answer)
        )

    async def take_back(self, request_id: str) -> None:
        """Take an own request back."""
        await self._calls.send("DELETE", path("/v1/friends/requests/{id}", id=request_id))

    async def mark(self, account_id: str, change: dict[str, object]) -> None:
        """Note something of a friend: `nickname`, `favourite`."""
        await self._calls.send("PATCH", path("/v1/friends/{id}", id=account_id), change)

    async def part(self, account_id: str) -> None:
        """End a friendship."""
        await self._calls.send("DELETE", path("/v1/friends/{id}", id=account_id))


class Blocking:
    """Whom the player does not want to see, nor be seen by."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def blocks(self, *, cursor: str | None = None) -> Blocks:
        """Return whom the player blocks."""
        return await self._calls.get(Blocks, "/v1/blocks", _page(cursor, PAGE_SIZE))

    async def block(self, account_id: str) -> None:
        """Block somebody: neither sees the other any more."""
        await self._calls.send("PUT", path("/v1/blocks/{id}", id=account_id))

    async def unblock(self, account_id: str) -> None:
        """Unblock somebody."""
        await self._calls.send("DELETE", path("/v1/blocks/{id}", id=account_id))


def _page(cursor: str | None, limit: int) -> dict[str, str]:
    return {"limit": str(limit)} | ({"cursor": cursor} if cursor else {})
