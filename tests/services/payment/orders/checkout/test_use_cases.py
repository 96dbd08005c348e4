"""Buying through a provider: asked after the commit, never lost, paid by one capture."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from samovar.kit.database import Database, Transaction
from samovar.kit.errors import InvalidInput, Unavailable
from samovar.kit.idempotency import Idempotency, Once
from samovar.kit.identity import Caller
from samovar.kit.money import Money
from samovar.kit.settings import Secret
from samovar.services.payment import repository as orders
from samovar.services.payment.asking import residence
from samovar.services.payment.children.domain import UNLIMITED, Allowance
from samovar.services.payment.domain import OPEN, Order
from samovar.services.payment.errors import NoProvider
from samovar.services.payment.ledger import posting
from samovar.services.payment.ledger.domain import Account, Kind
from samovar.services.payment.orders import settling
from samovar.services.payment.orders.checkout.schemas import NewOrder, PlacedOrder
from samovar.services.payment.orders.checkout.use_cases import Checkout
from samovar.services.payment.payments.domain import Payment, PaymentState
from samovar.services.payment.payments.settling.purposes import Verdict
from samovar.services.payment.providers.port import Declined, PayMethod
from samovar.services.payment.quotes.domain import Quote, QuoteLine
from samovar.services.payment.quotes.errors import QuoteExpired, QuoteTaken
from tests.services.payment.conftest import SIGNING_SECRET
from tests.services.payment.orders.making import NOW, fill
from tests.services.payment.payments.desk import Till
from tests.services.payment.quotes import making

PRICE = 129_900


class OrderPurpose:
    """Orders, as payments see them."""

    async def is_wanted(self, tx: Transaction, purpose_id: UUID) -> bool:
        order = await orders.lock_order(tx, purpose_id)
        return order is not None and order.status in OPEN

    async def captured(self, tx: Transaction, payment: Payment, amount: Money, *, now: datetime) -> Verdict:
        return await settling.captured(
            tx,
            payment.purpose_id,
            payment_id=payment.id,
            provider=payment.provider or "",
            amount=amount,
            now=now,
        )

    async def over(self, tx: Transaction, payment: Payment, code: str, *, now: datetime) -> None:
        await settling.payment_over(tx, payment.purpose_id, failure_code=code, now=now)


class NobodyHeld:
    """Auth that holds nobody."""

    async def require_free(self, account_id: UUID) -> None:
        """Let everybody pass."""


class EverythingHad:
    """Library in which everybody has every game."""

    async def require(self, lines: Sequence[QuoteLine], /) -> None:
        """Let everything pass."""


class NobodysChildren:
    """Account that knows no family."""

    async def may_buy(self, account_id: UUID) -> Allowance:  # noqa: ARG002  as above
        """Let everybody buy."""
        return UNLIMITED


class Shop:
    """Checkout and payments at work on a database, with a provider that does what a test tells it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.till = Till(database)
        self.till.purposes["order"] = OrderPurpose()
        self.desk = self.till.desks[0]
        self.collector: Any = self.till.driver
        self.checkout = Checkout(
            database,
            holds=NobodyHeld(),
            bases=EverythingHad(),
            children=NobodysChildren(),
            collector=self,
            secret=Secret(SIGNING_SECRET),
            ttl=timedelta(hours=1),
            origins=("https://play.example",),
            clock=self.till.clock,
            new_id=uuid4,
        )
        self.keys = Idempotency(database, uuid4)
        self.untaken: tuple[str, int] | None = None
        self.has_provider = True

    async def advance(self, payment_id: UUID, /) -> PaymentState:
        found: PaymentState = await self.collector.advance(payment_id)
        return found

    def takes(self, method: PayMethod, amount: Money) -> bool:
        return (method, amount.amount) != self.untaken

    async def quote(self, *, wallet: int = 0, bonus: int = 0) -> Quote:
        account_id = uuid4()
        for kind, amount in ((Kind.WALLET, wallet), (Kind.BONUS, bonus)):
            if amount:
                await fill(self.database, Account(kind, str(account_id)), amount)
        return await making.keep(self.database, making.quote(account_id))

    async def once(self, quote: Quote, key: str) -> Once:
        """Begin a request; one that runs already is taken over, as after a crash."""
        async with self.database.transaction() as tx:
            await tx.execute("UPDATE kit.idempotency_keys SET locked_until = now() - interval '1 second'")
        begun = await self.keys.begin(
            scope=str(quote.account_id), route="POST /v1/orders", key=key, request=b"", status=201
        )
        assert isinstance(begun, Once)
        return begun

    async def place(self, quote: Quote, *, key: str = "key", **fields: Any) -> PlacedOrder:
        plain: dict[str, Any] = {"quote_id": quote.id, "method": "sbp"}
        wanted = NewOrder(**plain | fields)
        return await self.checkout.place(caller(quote.account_id), wanted, await self.once(quote, key))

    async def order(self, placed: PlacedOrder) -> Order:
        found = await orders.find_order(self.database, placed.id)
        assert found
        return found

    async def wallet(self, quote: Quote) -> int:
        account = Account(Kind.WALLET, str(quote.account_id))
        return (await posting.balance(self.database, account)).available


class Silent:
    """Payments that cannot be brought forward now."""

    async def advance(self, payment_id: UUID) -> PaymentState:
        raise Unavailable(f"{payment_id}")


class Dead(Exception):
    """The process died here."""


class Dying:
    """A process that dies after the order was written."""

    async def advance(self, payment_id: UUID) -> PaymentState:
        raise Dead(f"{payment_id}")


def caller(account_id: UUID) -> Caller:
    return Caller(
        account_id=account_id,
        session_id=uuid4(),
        roles=("player",),
        auth_time=NOW,
        expires_at=NOW,
        token=Secret("none"),
    )


@pytest.fixture
def shop(own_database: Database) -> Shop:
    return Shop(own_database)


async def test_a_provider_order_waits_for_its_confirmation_and_is_paid_by_the_capture(shop: Shop) -> None:
    quote = await shop.quote()
    placed = await shop.place(quote, return_url="https://play.example/orders")
    assert (placed.status, placed.total) == ("pending", Money(PRICE, "RUB"))
    assert placed.confirmation.type == "redirect"
    assert placed.confirmation.url == "https://pay.example/first-1"
    shop.desk.pay()
    await shop.till.settle(3)
    assert (await shop.order(placed)).status == "paid"


async def test_what_no_provider_takes_is_refused_and_the_quote_stays(shop: Shop) -> None:
    quote = await shop.quote()
    shop.untaken = ("sbp", quote.total)
    with pytest.raises(InvalidInput) as refused:
        await shop.place(quote, key="first")
    assert refused.value.fields[0].code == "method_unavailable"
    assert not await shop.database.fetch_value(
        "SELECT count(*) FROM purchase_claims WHERE account_id = $1", quote.account_id
    )
    shop.untaken = None
    assert (await shop.place(quote, key="second")).status == "pending"


async def test_without_a_provider_only_the_wallet_pays(shop: Shop) -> None:
    shop.has_provider = False
    quote = await shop.quote(wallet=PRICE)
    with pytest.raises(NoProvider):
        await shop.place(quote, key="first")
    assert not await shop.database.fetch_value(
        "SELECT count(*) FROM orders WHERE account_id = $1", quote.account_id
    )
    assert (await shop.place(quote, key="second", method="wallet")).status == "paid"


async def test_a_purchase_holds_its_country_and_quotes_of_another_end(shop: Shop) -> None:
    quote = await shop.quote(wallet=PRICE)
    async with shop.database.transaction() as tx:
        await residence.hold(tx, quote.account_id, "KZ", now=shop.till.clock.now())
    with pytest.raises(QuoteExpired):
        await shop.place(quote, key="first", method="wallet")
    async with shop.database.transaction() as tx:
        await tx.execute("DELETE FROM purchase_countries")
    assert (await shop.place(quote, key="second", method="wallet")).status == "paid"
    now = shop.till.clock.now()
    assert await residence.held(shop.database, quote.account_id, now) == quote.country


async def test_a_mixed_order_takes_its_part_from_the_wallet_at_the_capture(shop: Shop) -> None:
    quote = await shop.quote(wallet=30_000)
    placed = await shop.place(quote, use_wallet=True)
    assert await shop.wallet(quote) == 0
    assert next(iter(shop.desk.payments.values())).amount == Money(PRICE - 30_000, "RUB")
    shop.desk.pay()
    await shop.till.settle(3)
    order = await shop.order(placed)
    assert (order.status, order.wallet_amount, order.provider_amount) == ("paid", 30_000, PRICE - 30_000)


async def test_a_declined_payment_fails_the_order_and_frees_everything(shop: Shop) -> None:
    quote = await shop.quote(wallet=30_000)
    shop.desk.faults.append(Declined("card_expired"))
    placed = await shop.place(quote, method="card", use_wallet=True)
    assert (placed.status, placed.confirmation.type) == ("failed", "none")
    assert (await shop.order(placed)).failure_code == "card_expired"
    assert await shop.wallet(quote) == 30_000
    assert await shop.database.fetch_value("SELECT count(*) FROM purchase_claims") == 0


async def test_a_provider_that_cannot_be_asked_leaves_the_order_for_the_janitor(shop: Shop) -> None:
    quote = await shop.quote()
    shop.collector = Silent()
    placed = await shop.place(quote)
    assert (placed.status, placed.confirmation.type) == ("pending", "none")
    await shop.till.settle(2)
    shop.desk.pay()
    await shop.till.settle(3)
    assert (await shop.order(placed)).status == "paid"


async def test_a_process_that_dies_before_it_answers_loses_nothing(shop: Shop) -> None:
    quote = await shop.quote()
    shop.collector = Dying()
    with pytest.raises(Dead):
        await shop.place(quote, key="mine")
    shop.collector = shop.till.driver
    with pytest.raises(QuoteTaken):
        await shop.place(quote, key="another")
    placed = await shop.place(quote, key="mine")
    assert placed.confirmation.type == "redirect"
    assert await shop.database.fetch_value("SELECT count(*) FROM orders") == 1
    assert len(shop.desk.payments) == 1


async def test_an_order_that_nobody_pays_expires_and_a_late_payment_goes_back(shop: Shop) -> None:
    quote = await shop.quote(wallet=30_000)
    placed = await shop.place(quote, use_wallet=True)
    assert await shop.checkout.expire() == 0
    shop.till.clock.turn(hours=1)
    assert await shop.checkout.expire() == 1
    assert await shop.checkout.expire() == 0
    order = await shop.order(placed)
    assert (order.status, order.failure_code) == ("expired", "not_paid_in_time")
    assert await shop.wallet(quote) == 30_000
    shop.desk.pay()
    await shop.till.settle(12)
    assert (await shop.order(placed)).status == "expired"
    assert [refund.amount for refund in shop.desk.refunds.values()] == [Money(PRICE - 30_000, "RUB")]


async def test_money_of_another_amount_does_not_pay_and_goes_back(shop: Shop) -> None:
    placed = await shop.place(await shop.quote())
    shop.desk.pay(amount=PRICE - 1)
    await shop.till.settle(12)
    assert (await shop.order(placed)).status in {"pending", "failed"}
    assert [refund.amount for refund in shop.desk.refunds.values()] == [Money(PRICE - 1, "RUB")]
