"""Gifts: to the player, and from them."""

from datetime import datetime

import msgspec

from samovar.client.api.calls import Calls, path

PAGE_SIZE = 24


class Gift(msgspec.Struct, frozen=True):
    """A gift: `sent` while it waits, then `accepted` or `returned`, by its `reason`."""

    id: str
    sender_id: str
    recipient_id: str
    names: dict[str, str]
    state: str
    sent_at: datetime
    expires_at: datetime
    app_ids: list[str] = []
    message: str | None = None
    reason: str | None = None


class _Gifts(msgspec.Struct, frozen=True):
    items: list[Gift] = []


class Gifts:
    """The gifts of the player who is signed in."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def received(self) -> list[Gift]:
        """Return gifts to oneself, the latest first."""
        return await self._box("received")

    async def sent(self) -> list[Gift]:
        """Return gifts from oneself, the latest first."""
        return await self._box("sent")

    async def answer(self, gift_id: str, answer: str) -> None:
        """Say `accept` or `decline`; of a gift that is declined the money goes back to its sender."""
        await self._calls.send("POST", path("/v1/gifts/{id}/{answer}", id=gift_id, answer=answer))

    async def _box(self, box: str) -> list[Gift]:
        return (await self._calls.get(_Gifts, "/v1/gifts", {"box": box, "limit": str(PAGE_SIZE)})).items
