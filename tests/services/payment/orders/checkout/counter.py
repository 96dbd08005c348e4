"""Payment with quotes to buy, for tests: auth answers from a small real gRPC server of its contract."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import grpc.aio

from samovar.services.auth.contract.v1_pb2 import BatchGetHoldsResponse
from samovar.services.auth.contract.v1_pb2_grpc import AuthServicer
from samovar.services.payment.ledger import posting
from samovar.services.payment.ledger.domain import Account, Kind
from samovar.services.payment.quotes.domain import Quote, QuoteLine
from samovar.testing.hosting import Answer, Running
from tests.services.payment.orders.making import fill
from tests.services.payment.quotes import making


class AuthPeer(AuthServicer):
    """Auth, as far as it is asked.

    Attributes:
        held: Until when accounts are held, RFC 3339.
    """

    def __init__(self) -> None:
        self.held: dict[str, str] = {}
        self.away = False

    async def BatchGetHolds(self, request: Any, context: Any) -> BatchGetHoldsResponse:  # noqa: N802
        """Return who is held."""
        if self.away:
            await context.abort(grpc.StatusCode.UNAVAILABLE, "away")
        held = {one: self.held[one] for one in request.account_ids if one in self.held}
        return BatchGetHoldsResponse(held_until=held)


class Counter:
    """What a test does with payment."""

    def __init__(self, payment: Running, auth: AuthPeer) -> None:
        self.payment = payment
        self.auth = auth
        self.database = payment.database

    async def buyer(self, *, wallet: int = 0, bonus: int = 0) -> UUID:
        """Return an account with so much money."""
        account_id = uuid4()
        for kind, amount in ((Kind.WALLET, wallet), (Kind.BONUS, bonus)):
            if amount:
                await fill(self.database, Account(kind, str(account_id)), amount)
        return account_id

    async def quote(self, account_id: UUID, *lines: QuoteLine, **fields: Any) -> Quote:
        """Keep a quote of lines, or of one usual line, that holds at this moment."""
        now = datetime.now(UTC)
        holds = {"created_at": now, "priced_at": now, "expires_at": now + timedelta(minutes=15)}
        made = making.quote(account_id, *lines, **holds | fields)
        return await making.keep(self.database, made)

    async def order(self, quote: Quote, *, key: str | None = None, **fields: Any) -> Answer:
        """Make an order of a quote, from the wallet unless said otherwise."""
        body = {"quote_id": str(quote.id), "method": "wallet"} | fields
        return await self.payment.request(
            "POST",
            "/v1/orders",
            account_id=quote.account_id,
            json=body,
            headers={"Idempotency-Key": key or str(uuid4())},
        )

    async def cancel(self, account_id: UUID, order_id: str) -> Answer:
        """Cancel an order."""
        return await self.payment.request(
            "POST",
            f"/v1/orders/{order_id}/cancel",
            account_id=account_id,
            headers={"Idempotency-Key": str(uuid4())},
        )

    async def left(self, account_id: UUID, kind: Kind = Kind.WALLET) -> int:
        """Return what an account may spend."""
        return (await posting.balance(self.database, Account(kind, str(account_id)))).available

    async def count(self, sql: str, *args: object) -> int:
        """Return a count."""
        return int(await self.database.fetch_value(sql, *args) or 0)
