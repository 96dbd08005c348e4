"""Who works for an organisation: its members, and the keys of its servers and scripts."""

from datetime import datetime
from typing import Any

import msgspec

from samovar.client.api.calls import Calls, path

_PAGE = {"limit": "100"}
_PAGES_MAX = 5


class Member(msgspec.Struct, frozen=True):
    """What somebody may do; whoever has several levels stands in the list several times."""

    account_id: str
    level: str
    granted_at: datetime
    display_name: str | None = None
    avatar_url: str | None = None
    game_id: str | None = None
    expires_at: datetime | None = None


class ApiKey(msgspec.Struct, frozen=True):
    """A key, without what makes it one; `hint` is how it begins."""

    id: str
    name: str
    hint: str
    scope: str
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    game_id: str | None = None
    last_address: str | None = None


class ApiKeyMade(msgspec.Struct, frozen=True):
    """A new key: it is shown this once."""

    key: str
    made: ApiKey


class _Members(msgspec.Struct, frozen=True):
    items: list[Member] = []
    next_cursor: str | None = None


class _Keys(msgspec.Struct, frozen=True):
    items: list[ApiKey] = []
    next_cursor: str | None = None


class Team:
    """Calls of developer about the people and keys of one organisation. What changes needs a fresh proof of who one is."""

    def __init__(self, calls: Calls, organisation_id: str) -> None:
        self._calls = calls
        self._at = path("/v1/dev/organizations/{id}", id=organisation_id)

    async def members(self) -> list[Member]:
        """Return who may do what, the latest first."""
        found: list[Member] = []
        query = dict(_PAGE)
        for _ in range(_PAGES_MAX):
            page = await self._calls.get(_Members, f"{self._at}/members", query)
            found += page.items
            if page.next_cursor is None:
                break
            query["cursor"] = page.next_cursor
        return found

    async def give(self, account_id: str, level: str) -> None:
        """Make somebody a member, or give a member another level besides."""
        await self._calls.send("POST", f"{self._at}/members", {"account_id": account_id, "level": level})

    async def take(self, account_id: str, level: str | None = None) -> None:
        """Take a level from a member, or all that they have here."""
        query = f"?level={level}" if level else ""
        await self._calls.send("DELETE", f"{self._at}{path('/members/{id}', id=account_id)}{query}")

    async def keys(self) -> list[ApiKey]:
        """Return the keys that hold, the latest first. For owners."""
        return (await self._calls.get(_Keys, f"{self._at}/api-keys", _PAGE)).items

    async def make_key(self, order: dict[str, Any]) -> ApiKeyMade:
        """Make a key."""
        return (await self._calls.send("POST", f"{self._at}/api-keys", order)).read(ApiKeyMade)

    async def end_key(self, key_id: str) -> None:
        """End a key: it is refused within seconds."""
        await self._calls.send("DELETE", f"{self._at}{path('/api-keys/{id}', id=key_id)}")
