"""The family: who shares games, who is invited, who invites."""

from datetime import datetime

import msgspec

from samovar.client.api.account.profiles import Card
from samovar.client.api.calls import Calls, path
from samovar.sdk.errors import Refused

_PAGE_SIZE = 48
_NO_FAMILY = "account.no_family"


class Member(Card, frozen=True, kw_only=True):
    """Somebody who belongs to the family; `role` is `adult` or `child`."""

    role: str
    joined_at: datetime


class Family(msgspec.Struct, frozen=True, kw_only=True):
    """A family; a place that somebody left stays taken until `next_place_at`."""

    members: list[Member]
    places: int
    free_places: int
    next_place_at: datetime | None = None


class Invite(msgspec.Struct, frozen=True, kw_only=True):
    """An invite that waits; `account` is who invites, or who is invited."""

    id: str
    account: Card
    role: str
    expires_at: datetime


class _Invites(msgspec.Struct, frozen=True):
    items: list[Invite] = []


class Families:
    """The player's family."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def family(self) -> Family | None:
        """Return the family, none where the player has none."""
        try:
            return await self._calls.get(Family, "/v1/accounts/me/family")
        except Refused as error:
            if error.problem.get("code") != _NO_FAMILY:
                raise
            return None

    async def found(self) -> None:
        """Make a family."""
        await self._calls.send("POST", "/v1/accounts/me/family")

    async def dissolve(self) -> None:
        """End the family whose only adult the player is."""
        await self._calls.send("DELETE", "/v1/accounts/me/family")

    async def remove(self, account_id: str) -> None:
        """Take a child out of the family, or leave it by one's own id."""
        await self._calls.send("DELETE", path("/v1/accounts/me/family/members/{id}", id=account_id))

    async def invites(self, direction: str) -> list[Invite]:
        """Return the invites `incoming` or `outgoing`."""
        query = {"direction": direction, "limit": str(_PAGE_SIZE)}
        return (await self._calls.get(_Invites, "/v1/accounts/me/family/invites", query)).items

    async def invite(self, account_id: str, role: str, key: str) -> None:
        """Invite a friend, as an `adult` or a `child`."""
        body = {"account_id": account_id, "role": role}
        await self._calls.send("POST", "/v1/accounts/me/family/invites", body, key=key)

    async def answer(self, invite_id: str, answer: str) -> None:
        """Answer an invite: `accept` or `decline`."""
        await self._calls.send(
            "POST", path("/v1/accounts/me/family/invites/{id}/{answer}", id=invite_id, answer=answer)
        )

    async def withdraw(self, invite_id: str) -> None:
        """Take an invite of the family back."""
        await self._calls.send("DELETE", path("/v1/accounts/me/family/invites/{id}", id=invite_id))
