"""A platform with games to buy and players with money, for journeys and drills of purchases."""

from typing import Any
from uuid import UUID, uuid4

import msgspec

from samovar.kit.clock import SystemClock
from samovar.kit.money import Money
from samovar.services.payment.ledger import posting
from samovar.services.payment.ledger.domain import Account, Kind, Transfer, leg_id
from samovar.testing.hosting import Answer
from samovar.testing.platform import Platform
from tests.services.catalog.prices.conftest import belong, cost, game, package


class Good(msgspec.Struct, frozen=True):
    """A game and the package that is sold of it."""

    app_id: UUID
    package_id: UUID


class Buyer(msgspec.Struct, frozen=True):
    """A player who is signed in."""

    account_id: UUID
    token: str


class Market:
    """What a buyer does at the gateway, and what is put there beforehand, straight into the tables."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform

    async def good(self, price: int, **said: Any) -> Good:
        """Put a game of a developer on sale in Russia."""
        organisation_id = uuid4()
        async with self.platform.database("catalog") as database:
            app_id = await game(database, organisation_id=organisation_id, **said)
            package_id = await package(database, app_id, organisation_id=organisation_id)
            await cost(database, package_id, "RU", price)
        return Good(app_id, package_id)

    async def addition(self, base: Good, price: int) -> Good:
        """Put DLC of a game on sale in Russia."""
        made = await self.good(price)
        async with self.platform.database("catalog") as database:
            await belong(database, made.app_id, base.app_id)
        return made

    async def buyer(self, wallet: int = 0) -> Buyer:
        """Register a player, with so much in the wallet."""
        came = await self.platform.register()
        assert came.status == 201, came.body
        account_id = UUID(came.body["account_id"])
        if wallet:
            await self.fill(account_id, wallet)
        return Buyer(account_id, came.body["access_token"])

    async def fill(self, account_id: UUID, amount: int) -> None:
        """Put money into a wallet, as a captured top-up does, from a provider that has no payments which books could miss it in."""
        cause = uuid4()
        transfer = Transfer(
            id=leg_id(cause, "top_up"),
            debit=Account(Kind.CLEARING, "counter"),
            credit=Account(Kind.WALLET, str(account_id)),
            amount=Money(amount, "RUB"),
            code="top_up",
            cause_id=cause,
        )
        async with self.platform.database("payment") as database, database.transaction() as tx:
            await posting.post(tx, [transfer], now=SystemClock().now())

    async def quote(self, buyer: Buyer, *goods: Good) -> Answer:
        """Ask what these games cost."""
        body = {"items": [{"package_id": str(good.package_id)} for good in goods], "country": "RU"}
        return await self.platform.request(
            "POST", "/v1/quotes", token=buyer.token, json=body, headers={"Idempotency-Key": str(uuid4())}
        )

    async def order(self, buyer: Buyer, quote: Any, *, key: str | None = None, **fields: Any) -> Answer:
        """Buy what a quote says, from the wallet unless said otherwise."""
        body = {"quote_id": quote["id"], "signature": quote["signature"], "method": "wallet"} | fields
        return await self.platform.request(
            "POST",
            "/v1/orders",
            token=buyer.token,
            json=body,
            headers={"Idempotency-Key": key or str(uuid4())},
        )

    async def show(self, buyer: Buyer, order_id: str) -> Any:
        """Return the page of an order."""
        answer = await self.platform.request("GET", f"/v1/orders/{order_id}", token=buyer.token)
        assert answer.status == 200, answer.body
        return answer.body

    async def owned(self, buyer: Buyer) -> set[str]:
        """Return the games in a player's library."""
        answer = await self.platform.request("GET", "/v1/library?limit=100", token=buyer.token)
        assert answer.status == 200, answer.body
        return {one["game_id"] for one in answer.body["items"]}
