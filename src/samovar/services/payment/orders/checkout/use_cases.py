"""What one can do with an order before it is paid: make it, cancel it, let its time run out."""

from collections.abc import Awaitable, Collection, Sequence
from datetime import timedelta
from typing import Protocol
from uuid import UUID

import structlog

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import FieldError, InvalidInput, SamovarError
from samovar.kit.idempotency import Once
from samovar.kit.identity import Caller
from samovar.kit.ids import IdSource
from samovar.kit.money import Money
from samovar.kit.settings import Secret
from samovar.services.payment import repository as orders
from samovar.services.payment.asking import residence
from samovar.services.payment.children import approvals
from samovar.services.payment.children.domain import Allowance
from samovar.services.payment.domain import OPEN, Order
from samovar.services.payment.errors import NO_PROVIDER_RETRY_S, NoProvider, OrderNotFound
from samovar.services.payment.ledger import posting
from samovar.services.payment.ledger.domain import Account, Kind
from samovar.services.payment.orders import closing, paying
from samovar.services.payment.orders import domain as orders_domain
from samovar.services.payment.orders import repository as lines_repository
from samovar.services.payment.orders.checkout import domain, repository
from samovar.services.payment.orders.checkout.domain import Funding, Purse
from samovar.services.payment.orders.checkout.errors import AlreadyOwned, PurchaseInFlight
from samovar.services.payment.orders.checkout.schemas import (
    NewOrder,
    OrderConfirmation,
    OrderState,
    PlacedOrder,
)
from samovar.services.payment.orders.errors import OrderNotOpen
from samovar.services.payment.payments import starting, stopping
from samovar.services.payment.payments.domain import PaymentState
from samovar.services.payment.providers.port import PayMethod
from samovar.services.payment.quotes import taking
from samovar.services.payment.quotes.domain import Quote, QuoteLine
from samovar.services.payment.quotes.errors import QuoteExpired, QuoteTaken

OVERDUE_AT_ONCE_MAX = 200

log = structlog.get_logger(__name__)


class Holds(Protocol):
    """Whoever knows whose account is held."""

    def require_free(self, account_id: UUID) -> Awaitable[None]:
        """Let pass whoever may spend."""
        ...


class Bases(Protocol):
    """Whoever knows who has the games that DLC belongs to."""

    def require(self, lines: Sequence[QuoteLine], /) -> Awaitable[None]:
        """Let pass lines whose games their recipients have or get with them."""
        ...


class Children(Protocol):
    """Whoever knows what families let their children buy."""

    def may_buy(self, account_id: UUID) -> Awaitable[Allowance]:
        """Return what an account may buy."""
        ...


class Collector(Protocol):
    """Whoever speaks with payment providers."""

    def advance(self, payment_id: UUID, /) -> Awaitable[PaymentState]:
        """Bring a payment forward, and return what it is then."""
        ...

    @property
    def has_provider(self) -> bool:
        """Return whether anybody collects money here at all."""
        ...

    def takes(self, method: PayMethod, amount: Money) -> bool:
        """Return whether an amount can be collected by a method at all."""
        ...


class Checkout:
    """Orders on their way to being paid.

    Args:
        database: Of payment.
        holds: Knows whose account is held.
        bases: Knows who has the games that DLC belongs to.
        children: Knows what families let their children buy.
        collector: Speaks with the providers.
        secret: Signs quotes.
        ttl: How long an order waits for its payment.
        origins: Where a provider may send a player back to.
        clock: Where time comes from.
        new_id: Where ids come from.
    """

    def __init__(
        self,
        database: Database,
        *,
        holds: Holds,
        bases: Bases,
        children: Children,
        collector: Collector,
        secret: Secret,
        ttl: timedelta,
        origins: Collection[str],
        clock: Clock,
        new_id: IdSource,
    ) -> None:
        self._database = database
        self._holds = holds
        self._bases = bases
        self._children = children
        self._collector = collector
        self._secret = secret
        self._ttl = ttl
        self._origins = origins
        self._clock = clock
        self._new_id = new_id

    async def place(self, caller: Caller, wanted: NewOrder, once: Once) -> PlacedOrder:
        """Make an order of a quote. What wallet and bonus pay is paid at once; a provider is asked after the commit.

        A provider that does not answer leaves the order pending: the payment is written down, and is brought forward by itself.

        Raises:
            AccountHeld: Nothing may be spent from the account for a while.
            HoldsAway: Nobody can say whether that is so.
            PurchasesNotAllowed: The caller is a child who may buy nothing, or give nothing away.
            PurchaseNeedsApproval: The caller is a child, and the adults have not approved it.
            ChildLimitsAway: Nobody can say whether that is so.
            InvalidInput: The address to return to is a foreign one, or the method does not fit the total.
            QuoteNotFound: The caller has no such quote.
            QuoteTampered: It is not what was signed.
            QuoteTaken: An order was made of it by another request.
            QuoteExpired: Its time is over, or its country is not the one of the caller any more.
            PromoCodeExhausted: Its promo code is used up.
            AlreadyOwned: Something in it is owned already.
            PurchaseInFlight: Something in it is being bought already.
            BaseNeeded: Something in it is DLC of a game that its recipient neither has nor gets with it.
            LibraryAway: Nobody can say whether that is so.
            InsufficientFunds: The wallet holds less than is needed.
            NoProvider: A provider would have to collect something, and there is none.
        """
        if wanted.return_url is not None:
            _require(domain.fault_of_return_url(wanted.return_url, self._origins))
        await self._holds.require_free(caller.account_id)
        allowance = await self._children.may_buy(caller.account_id)
        await self._require_bases(caller, wanted.quote_id)
        try:
            async with self._database.transaction() as tx:
                order = await self._make(tx, allowance, caller.account_id, wanted, once)
                if order.paid_at is not None:
                    return await once.answer(tx, _placed(order, None))
        except QuoteTaken:
            made = await repository.find_made(self._database, caller.account_id, wanted.quote_id, once.key)
            if made is None:
                raise
            order = made
        state = await self._collect(order)
        async with self._database.transaction() as tx:
            present = await orders.find_order(tx, order.id) or order
            await repository.forget_request(tx, order.id)
            return await once.answer(tx, _placed(present, state))

    async def _require_bases(self, caller: Caller, quote_id: UUID) -> None:
        """Look at a quote that may become an order; of any other its taking says what is wrong with it."""
        quote = await taking.find(self._database, quote_id)
        if quote is not None and quote.account_id == caller.account_id and quote.taken_at is None:
            await self._bases.require(quote.lines)

    async def cancel(self, caller: Caller, order_id: UUID, once: Once) -> OrderState:
        """Cancel an order that waits for its payment. What is captured all the same goes back by itself.

        Raises:
            OrderNotFound: The caller has no such order.
            OrderNotOpen: It is paid or over already.
        """
        now = self._clock.now()
        async with self._database.transaction() as tx:
            order = await orders.lock_order(tx, order_id)
            if order is None or order.account_id != caller.account_id:
                raise OrderNotFound(f"{order_id}")
            if order.status not in OPEN:
                raise OrderNotOpen(f"{order_id} is {order.status}")
            closed = await closing.close(tx, order, "canceled", failure_code="canceled_by_buyer", now=now)
            await stopping.stop(tx, purpose_id=order_id, now=now)
            return await once.answer(tx, OrderState(id=order_id, status=closed.status))

    async def expire(self) -> int:
        """End orders whose time to be paid is over; returns how many."""
        overdue = await repository.overdue(self._database, self._clock.now(), OVERDUE_AT_ONCE_MAX)
        for order_id in overdue:
            await self._expire_one(order_id)
        return len(overdue)

    async def _expire_one(self, order_id: UUID) -> None:
        now = self._clock.now()
        async with self._database.transaction() as tx:
            order = await orders.lock_order(tx, order_id)
            if order is None or order.status not in OPEN or order.expires_at > now:
                return
            await closing.close(tx, order, "expired", failure_code="not_paid_in_time", now=now)
            await stopping.stop(tx, purpose_id=order_id, now=now)

    async def _make(
        self, tx: Transaction, allowance: Allowance, account_id: UUID, wanted: NewOrder, once: Once
    ) -> Order:
        """Write the order, claim what it buys, and take or set aside what pays for it."""
        now = self._clock.now()
        quote = await taking.take(
            tx,
            wanted.quote_id,
            account_id=account_id,
            signature=wanted.signature,
            secret=self._secret,
            now=now,
        )
        if await residence.held(tx, account_id, now) not in {None, quote.country}:
            raise QuoteExpired(f"{account_id} is held to another country than {quote.country} since")
        funding = await _funding(tx, quote, wanted)
        order = domain.order_of(
            quote,
            funding,
            order_id=self._new_id(),
            payment_id=self._new_id() if funding.provider else None,
            ttl=self._ttl,
            now=now,
        )
        lines = domain.lines_of(quote, order.id, self._new_id)
        await lines_repository.insert(tx, order, lines)
        free = await lines_repository.claim(tx, lines)
        if len(free) < len(lines):
            _refuse(domain.faults_of_claims(lines, free, await repository.paid_claims(tx, lines)))
        await approvals.use(tx, allowance, order, lines, now=now)
        if transfers := orders_domain.own_transfers(order, is_pending=order.paid_at is None):
            await posting.post(tx, transfers, now=now)
        if order.payment_id is None:
            await paying.announce(tx, order, lines, now=now)
        else:
            await self._start(tx, order, order.payment_id, wanted)
            await repository.remember_request(tx, order.id, once.key)
        return order

    async def _start(self, tx: Transaction, order: Order, payment_id: UUID, wanted: NewOrder) -> None:
        if wanted.method == "free" or wanted.method == "wallet":  # noqa: PLR1714  mypy follows this form
            raise ValueError(f"no provider collects by {wanted.method}")
        if not self._collector.has_provider:
            raise NoProvider("no provider is configured", retry_after_s=NO_PROVIDER_RETRY_S)
        if not self._collector.takes(wanted.method, order.money(order.provider_amount)):
            fault = FieldError("method", "method_unavailable", "no provider takes this amount so")
            raise InvalidInput("method", fields=[fault])
        await starting.start(
            tx,
            payment_id=payment_id,
            purpose="order",
            purpose_id=order.id,
            account_id=order.account_id,
            method=wanted.method,
            amount=order.money(order.provider_amount),
            description=domain.description_of(order.id),
            return_url=wanted.return_url,
            expires_at=order.expires_at,
            now=order.created_at,
            save_method=wanted.save_method,
        )

    async def _collect(self, order: Order) -> PaymentState | None:
        """Ask the provider; when that fails, the janitor of payments goes on with it."""
        if order.payment_id is None or order.status not in OPEN:
            return None
        try:
            return await self._collector.advance(order.payment_id)
        except SamovarError as error:
            log.warning("a provider could not be asked yet", order_id=str(order.id), error=str(error))
            return None


async def _funding(tx: Transaction, quote: Quote, wanted: NewOrder) -> Funding:
    """Return from which pockets a quote is paid, as they are now; the ledger has the last word."""
    owner, purse = str(quote.account_id), Purse()
    if wanted.use_bonus or (wanted.use_wallet and wanted.method not in {"wallet", "free"}):
        bonus = await posting.balance(tx, Account(Kind.BONUS, owner, quote.currency))
        wallet = await posting.balance(tx, Account(Kind.WALLET, owner, quote.currency))
        purse = Purse(bonus.available, wallet.available)
    funding = domain.fund(
        quote.total, wanted.method, purse, use_bonus=wanted.use_bonus, use_wallet=wanted.use_wallet
    )
    if isinstance(funding, FieldError):
        raise InvalidInput(funding.detail, fields=[funding])
    return funding


def _require(fault: FieldError | None) -> None:
    if fault is not None:
        raise InvalidInput(fault.detail, fields=[fault])


def _refuse(faults: list[FieldError]) -> None:
    """Say which lines cannot be bought: that something is owned says more than that something is on its way."""
    if any(fault.code == "already_owned" for fault in faults):
        raise AlreadyOwned(", ".join(fault.field for fault in faults), fields=faults)
    raise PurchaseInFlight(", ".join(fault.field for fault in faults), fields=faults)


def _placed(order: Order, state: PaymentState | None) -> PlacedOrder:
    found = state.confirmation if state else None
    confirmation = (
        OrderConfirmation(type=found.kind, url=found.url) if found else OrderConfirmation(type="none")
    )
    return PlacedOrder(
        id=order.id, status=order.status, total=order.money(order.total), confirmation=confirmation
    )
