"""Payment with quotes to buy, for tests: auth and account answer from a small real gRPC server of their contracts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import grpc.aio

from samovar.embedded.nats import NatsServer
from samovar.services.account.contract.v1_pb2_grpc import add_FamiliesServicer_to_server
from samovar.services.auth.contract.v1_pb2 import BatchGetHoldsResponse
from samovar.services.auth.contract.v1_pb2_grpc import AuthServicer, add_AuthServicer_to_server
from samovar.services.catalog.contract.v1_pb2 import App, BatchGetAppsResponse
from samovar.services.catalog.contract.v1_pb2_grpc import AppsServicer, add_AppsServicer_to_server
from samovar.services.library.contract.v1_pb2 import BatchCheckResponse, Holding
from samovar.services.library.contract.v1_pb2_grpc import LicencesServicer, add_LicencesServicer_to_server
from samovar.services.payment.app import service
from samovar.services.payment.ledger import posting
from samovar.services.payment.ledger.domain import Account, Kind
from samovar.services.payment.quotes.domain import Quote, QuoteLine
from samovar.testing.hosting import Answer, Running, running
from tests.services.payment.children.families import FamilyPeer
from tests.services.payment.conftest import SIGNING_SECRET
from tests.services.payment.orders.making import fill
from tests.services.payment.quotes import making

# Payments wait for it.
SILENT_PROVIDER = {
    "yookassa_url": "http://127.0.0.1:9",
    "yookassa_shop_id": "shop",
    "yookassa_secret_key": "secret",
}


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


class LibraryPeer(LicencesServicer):
    """Library, as far as it is asked: `owned` are pairs of account and app."""

    def __init__(self) -> None:
        self.owned: set[tuple[UUID, UUID]] = set()
        self.away = False
        self.asked = 0

    async def BatchCheck(self, request: Any, context: Any) -> BatchCheckResponse:  # noqa: N802
        """Return what is owned."""
        self.asked += 1
        if self.away:
            await context.abort(grpc.StatusCode.UNAVAILABLE, "away")
        account_id = UUID(request.account_id)
        return BatchCheckResponse(
            holdings={one: Holding(owned=(account_id, UUID(one)) in self.owned) for one in request.app_ids}
        )


class AppsPeer(AppsServicer):
    """Catalog, as far as it is asked what is out: `apps` by id."""

    def __init__(self) -> None:
        self.apps: dict[str, App] = {}
        self.away = False

    async def BatchGetApps(self, request: Any, context: Any) -> BatchGetAppsResponse:  # noqa: N802
        """Return those that are known."""
        if self.away:
            await context.abort(grpc.StatusCode.UNAVAILABLE, "away")
        return BatchGetAppsResponse(apps={one: self.apps[one] for one in request.app_ids if one in self.apps})


class Counter:
    """What a test does with payment."""

    def __init__(
        self, payment: Running, auth: AuthPeer, families: FamilyPeer, library: LibraryPeer, shop: AppsPeer
    ) -> None:
        self.payment = payment
        self.auth = auth
        self.library = library
        self.shop = shop
        self.families = families
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


@asynccontextmanager
async def opened(nats: NatsServer, *, account: str | None = None, **servers: Any) -> AsyncIterator[Counter]:
    """Run payment beside its peers.

    Args:
        nats: Of its own: two databases of one service that share one take each other's events.
        account: The address of the real one; none: a small server answers for it.
        servers: The other servers, as `running` takes them, and settings; of providers in place of the one that never answers.
    """
    auth, families, library = AuthPeer(), FamilyPeer(), LibraryPeer()  # type: ignore[abstract]  # the rest is not asked here
    shop = AppsPeer()
    server = grpc.aio.server()
    add_AppsServicer_to_server(shop, server)
    add_AuthServicer_to_server(auth, server)
    add_FamiliesServicer_to_server(families, server)
    add_LicencesServicer_to_server(library, server)
    address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    await server.start()
    async with running(
        service,
        nats_url=nats.url,
        peers={"auth": address, "account": account or address, "library": address, "catalog": address},
        signing_secret=SIGNING_SECRET,
        **(SILENT_PROVIDER | servers),
    ) as started:
        yield Counter(started, auth, families, library, shop)
    await server.stop(None)
