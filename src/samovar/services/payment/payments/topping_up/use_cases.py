"""Paying into one's wallet, and taking it back."""

from collections.abc import Awaitable, Collection
from datetime import timedelta
from typing import Final, Protocol
from uuid import UUID

import msgspec

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.idempotency import Once
from samovar.kit.identity import Caller
from samovar.kit.ids import IdSource
from samovar.kit.money import Money
from samovar.kit.pagination import Page, decode_cursor, page_of
from samovar.services.payment.errors import NO_PROVIDER_RETRY_S, NoProvider
from samovar.services.payment.orders.checkout.domain import fault_of_return_url
from samovar.services.payment.payments import repository as payments
from samovar.services.payment.payments import showing, starting, stopping
from samovar.services.payment.payments.driver import Driver
from samovar.services.payment.payments.instruments import keeping
from samovar.services.payment.payments.topping_up import crediting, domain, repository
from samovar.services.payment.payments.topping_up.domain import TopUp
from samovar.services.payment.payments.topping_up.errors import (
    TooManyTopUps,
    TopUpLimitReached,
    TopUpNotFound,
    TopUpNotOpen,
)
from samovar.services.payment.payments.topping_up.schemas import NewTopUp, TopUpPage, TopUpView
from samovar.services.payment.providers.routing import Router
from samovar.services.payment.receipts import shown

# Over which the limit of an account is counted.
LIMIT_SPAN: Final = timedelta(days=30)
# How many an account may begin within an hour: whoever tries more tries stolen cards.
BEGUN_MAX: Final = 20
BEGUN_SPAN: Final = timedelta(hours=1)
CURRENCY: Final = "RUB"


class Children(Protocol):
    """Whoever knows what families let their children pay for."""

    def may_pay_in(self, account_id: UUID) -> Awaitable[None]:
        """Let pass whoever may pay into their wallet."""
        ...


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What may be paid in, minor units: at once, and within 30 days."""

    least: int
    most: int
    monthly: int


class TopUpKey(msgspec.Struct, frozen=True):
    """What the list is sorted by."""

    id: UUID


class TopUps:
    """Top-ups of one's own wallet.

    Args:
        database: Of payment.
        driver: Speaks with the providers.
        router: What can be paid how.
        children: Knows what families let their children pay for.
        limits: What may be paid in.
        origins: Where a provider may send a player back to.
        clock: Where time comes from.
        new_id: Where ids come from.
    """

    def __init__(
        self,
        database: Database,
        *,
        driver: Driver,
        router: Router,
        children: Children,
        limits: Limits,
        origins: Collection[str],
        clock: Clock,
        new_id: IdSource,
    ) -> None:
        self._database = database
        self._driver = driver
        self._router = router
        self._children = children
        self._limits = limits
        self._origins = origins
        self._clock = clock
        self._new_id = new_id

    async def start(self, caller: Caller, wanted: NewTopUp, once: Once) -> TopUpView:
        """Begin a top-up; the provider is asked after the commit, and later by itself should it not answer now.

        Raises:
            InvalidInput: The amount is out of the limits, the method takes no such amount, the address to return to is a foreign one, or
                the caller has kept no such instrument.
            TopUpNotAllowed: The caller is a child for whom adults decide.
            ChildLimitsAway: Nobody can say whether that is so.
            NoProvider: Nobody collects money here.
            TopUpLimitReached: More would be paid in within 30 days than may be.
            TooManyTopUps: As many were begun within an hour as may be.
        """
        await self._children.may_pay_in(caller.account_id)
        self._require(wanted)
        async with self._database.transaction() as tx:
            await repository.hold_account(tx, caller.account_id)
            top_up = await repository.find_requested(tx, caller.account_id, once.key)
            if top_up is None:
                top_up = await self._make(tx, caller.account_id, wanted)
                await repository.remember_request(tx, top_up, once.key)
        state = await self._driver.advance(top_up.payment_id)
        async with self._database.transaction() as tx:
            present = await repository.find_top_up(tx, top_up.id) or top_up
            await repository.forget_request(tx, top_up.id)
            return await once.answer(tx, TopUpView.of(present, state))

    async def show(self, caller: Caller, top_up_id: UUID) -> TopUpPage:
        """Return one of one's top-ups, with its receipts.

        Raises:
            TopUpNotFound: The caller has no such one.
        """
        top_up = await repository.find_top_up(self._database, top_up_id)
        if top_up is None or top_up.account_id != caller.account_id:
            raise TopUpNotFound(f"{top_up_id}")
        states = await showing.states_of(self._database, [top_up.payment_id])
        view = TopUpView.of(top_up, states.get(top_up.payment_id))
        back = await payments.returns_of(self._database, top_up.payment_id)
        causes = [top_up.id, top_up.payment_id, *(one.id for one in back)]
        return TopUpPage(
            **msgspec.structs.asdict(view), receipts=await shown.receipts_of_advances(self._database, causes)
        )

    async def own(self, caller: Caller, *, cursor: str | None, limit: int) -> Page[TopUpView]:
        """Return one's top-ups, the newest first."""
        after = decode_cursor(cursor, TopUpKey)
        rows = await repository.top_ups_of(
            self._database, caller.account_id, after.id if after else None, limit + 1
        )
        states = await showing.states_of(self._database, [row.payment_id for row in rows])
        views = [TopUpView.of(row, states.get(row.payment_id)) for row in rows]
        return page_of(views, limit, lambda view: TopUpKey(view.id))

    async def cancel(self, caller: Caller, top_up_id: UUID, once: Once) -> TopUpView:
        """Let go of a top-up that nobody has paid. What is captured all the same goes back by itself.

        Raises:
            TopUpNotFound: The caller has no such one.
            TopUpNotOpen: It is paid or over.
        """
        async with self._database.transaction() as tx:
            top_up = await repository.lock_top_up(tx, top_up_id)
            if top_up is None or top_up.account_id != caller.account_id:
                raise TopUpNotFound(f"{top_up_id}")
            if top_up.status != "pending":
                raise TopUpNotOpen(f"it is {top_up.status}")
            canceled = msgspec.structs.replace(top_up, status="canceled", failure_code="canceled_by_player")
            await repository.save_top_up(tx, canceled)
            await stopping.stop(tx, purpose_id=top_up.id, now=self._clock.now())
            return await once.answer(tx, TopUpView.of(canceled))

    async def refund(self, caller: Caller, top_up_id: UUID, once: Once) -> TopUpView:
        """Take back a top-up that is all there still.

        Raises:
            TopUpNotFound: The caller has no such one.
            TopUpNotRefundable: Some of it was spent, its time is over, it was never paid, or the payer's bank takes it back.
        """
        async with self._database.transaction() as tx:
            await crediting.refund(
                tx, top_up_id=top_up_id, account_id=caller.account_id, now=self._clock.now()
            )
            refunding = await repository.find_top_up(tx, top_up_id)
            if refunding is None:
                raise TopUpNotFound(f"{top_up_id}")
            return await once.answer(tx, TopUpView.of(refunding))

    def _require(self, wanted: NewTopUp) -> None:
        """Refuse what no provider would take, and name the field."""
        faults = []
        amount, limits = wanted.amount, self._limits
        if amount.currency != CURRENCY:
            faults.append(
                FieldError("amount.currency", "currency_unknown", f"only {CURRENCY}", limit=CURRENCY)
            )
        elif amount.amount < limits.least:
            least = str(limits.least)
            faults.append(FieldError("amount.amount", "too_small", f"at least {least}", least, CURRENCY))
        elif amount.amount > limits.most:
            most = str(limits.most)
            faults.append(FieldError("amount.amount", "too_large", f"at most {most}", most, CURRENCY))
        elif self._router.all and not self._router.takes(wanted.method, amount):
            faults.append(FieldError("method", "method_unavailable", "no provider takes this amount so"))
        if wanted.return_url is not None and (fault := fault_of_return_url(wanted.return_url, self._origins)):
            faults.append(fault)
        if faults:
            raise InvalidInput("a top-up breaks a rule", fields=faults)
        if not self._router.all:
            raise NoProvider("no provider is configured", retry_after_s=NO_PROVIDER_RETRY_S)

    async def _make(self, tx: Transaction, account_id: UUID, wanted: NewTopUp) -> TopUp:
        if wanted.saved_method_id and not await keeping.is_kept(
            tx, account_id, wanted.saved_method_id, wanted.method
        ):
            fault = FieldError(
                "saved_method_id", "saved_method_unknown", "none of the caller's, or of another method"
            )
            raise InvalidInput(fault.detail, fields=[fault])
        now = self._clock.now()
        last = await repository.begun_before(tx, account_id, BEGUN_MAX)
        if last is not None and last + BEGUN_SPAN > now:
            free_s = (last + BEGUN_SPAN - now).total_seconds()
            raise TooManyTopUps(f"{account_id}", retry_after_s=max(1.0, free_s))
        paid = await repository.paid_in_since(tx, account_id, now - LIMIT_SPAN)
        left = max(0, self._limits.monthly - paid)
        if wanted.amount.amount > left:
            raise TopUpLimitReached(f"{left} left of {self._limits.monthly}", left=Money(left, CURRENCY))
        top_up = TopUp(
            id=self._new_id(),
            account_id=account_id,
            payment_id=self._new_id(),
            method=wanted.method,
            amount=wanted.amount.amount,
            currency=wanted.amount.currency,
            created_at=now,
            expires_at=now + domain.LIFE,
        )
        await repository.insert_top_up(tx, top_up)
        await starting.start(
            tx,
            payment_id=top_up.payment_id,
            purpose="top_up",
            purpose_id=top_up.id,
            account_id=account_id,
            method=wanted.method,
            amount=wanted.amount,
            description=f"Пополнение кошелька {top_up.id}",
            return_url=wanted.return_url,
            expires_at=top_up.expires_at,
            now=now,
            save_method=wanted.save_method,
            saved_method_id=wanted.saved_method_id,
        )
        return top_up
