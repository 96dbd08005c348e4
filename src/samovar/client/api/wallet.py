"""The wallet as its screen needs it: what is in it, what came and went, paying in."""

from datetime import datetime

import msgspec

from samovar.client.api.calls import Calls, path
from samovar.client.api.catalog import Money
from samovar.client.api.payment import Confirmation

PAGE_SIZE = 24


class Wallet(msgspec.Struct, frozen=True):
    """What the player can pay with."""

    balance: Money
    bonus: Money
    pending: Money


class WalletEntry(msgspec.Struct, frozen=True):
    """A line of the wallet's history; negative where money went out."""

    id: str
    title: str
    step: str
    change: Money
    balance: Money
    created_at: datetime


class WalletEntries(msgspec.Struct, frozen=True):
    """A page of the history, the latest first."""

    items: list[WalletEntry] = []
    next_cursor: str | None = None


class TopUp(msgspec.Struct, frozen=True):
    """Money that is paid in: `pending` until it is `credited`, or `failed` or `canceled`; later `refunding`, `refunded`."""

    id: str
    status: str
    amount: Money
    confirmation: Confirmation
    created_at: datetime


class TopUps(msgspec.Struct, frozen=True):
    """A page of them, the newest first."""

    items: list[TopUp] = []


class Purse:
    """The wallet of the player."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def wallet(self) -> Wallet:
        """Return what the player can pay with."""
        return await self._calls.get(Wallet, "/v1/wallet")

    async def entries(self, *, cursor: str | None = None) -> WalletEntries:
        """Return the wallet's history."""
        query = {"limit": str(PAGE_SIZE)} | ({"cursor": cursor} if cursor else {})
        return await self._calls.get(WalletEntries, "/v1/wallet/transactions", query)

    async def top_up(self, amount: Money, method: str, *, return_url: str, key: str) -> TopUp:
        """Pay money in."""
        body = {"amount": amount, "method": method, "return_url": return_url}
        return (await self._calls.send("POST", "/v1/wallet/topups", body, key=key)).read(TopUp)

    async def latest_top_up(self) -> TopUp | None:
        """Return what was paid in last, or is about to be; none where there was nothing yet."""
        page = await self._calls.get(TopUps, "/v1/wallet/topups", {"limit": "1"})
        return page.items[0] if page.items else None

    async def cancel_top_up(self, top_up_id: str, *, key: str) -> None:
        """Let go of a payment that is not made yet."""
        at = path("/v1/wallet/topups/{id}/cancel", id=top_up_id)
        await self._calls.send("POST", at, key=key)
