"""A payment provider in memory that does what a test tells it, and the other sides that payments speak to."""

# ruff: noqa: ARG002  a fake has the shape of what it stands for
from collections import deque
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.kit.money import Money
from samovar.services.payment.ledger import posting
from samovar.services.payment.ledger.domain import Account, Kind, Transfer, leg_id
from samovar.services.payment.payments import starting
from samovar.services.payment.payments.domain import Payment
from samovar.services.payment.payments.driver import Driver
from samovar.services.payment.payments.instruments.keeping import Instruments
from samovar.services.payment.payments.settling.janitor import Janitor
from samovar.services.payment.payments.settling.purposes import Purpose, Verdict
from samovar.services.payment.payments.settling.returning import Returns
from samovar.services.payment.payments.topping_up.crediting import TopUpPurpose
from samovar.services.payment.providers.port import (
    Confirmation,
    Declined,
    Done,
    MethodTerms,
    NewPayment,
    NotMade,
    PaymentOutcome,
    PayMethod,
    Pending,
    RefundOutcome,
    RegisterRow,
    RemotePayment,
    RemoteRefund,
    Unknown,
)
from samovar.services.payment.providers.routing import Router

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
Fault = NotMade | Unknown | Declined[RemotePayment]


class StillClock:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return (self.at - NOW).total_seconds()

    def turn(self, **by: float) -> None:
        self.at += timedelta(**by)


class Desk:
    """A provider. Its calls with one key have one effect; `faults` are taken one a call, `lose` lets answers get lost.

    Attributes:
        payments: What it has, by its own ids.
        calls: The name and key of each call, in their order.
    """

    cancels_pending = False

    def __init__(
        self, name: str, methods: tuple[PayMethod, ...] = ("card", "sbp", "tpay", "sberpay")
    ) -> None:
        self.name = name
        self.methods = [
            MethodTerms(method=method, least=100, most=35_000_000, has_hold=method == "card", can_save=True)
            for method in methods
        ]
        self.payments: dict[str, RemotePayment] = {}
        self.refunds: dict[str, RemoteRefund] = {}
        self.calls: list[tuple[str, UUID | None]] = []
        self.faults: deque[Fault] = deque()
        self.losses: deque[str] = deque()
        self.refund_outcomes: deque[str] = deque()
        self._by_key: dict[UUID, str] = {}
        self._held: set[str] = set()

    def pay(self, *, amount: int | None = None, income: int | None = None) -> str:
        """Let the player pay the newest payment; returns the provider's id of it."""
        remote_id, remote = list(self.payments.items())[-1]
        money = remote.amount if amount is None else Money(amount, remote.amount.currency)
        held = remote_id in self._held
        self.payments[remote_id] = msgspec.structs.replace(
            remote,
            status="authorised" if held else "captured",
            amount=money,
            captured=None if held else money,
            refunded=Money(0, money.currency),
            income=Money(income, money.currency) if income is not None else None,
        )
        return remote_id

    async def create(self, new: NewPayment, key: UUID) -> PaymentOutcome:
        self.calls.append(("create", key))
        if self.faults:
            return self.faults.popleft()
        if key not in self._by_key:
            remote_id = f"{self.name}-{len(self.payments) + 1}"
            if new.method == "card":
                self._held.add(remote_id)
            self._by_key[key] = remote_id
            self.payments[remote_id] = RemotePayment(
                id=remote_id,
                status="pending",
                amount=new.amount,
                payment_id=new.id,
                confirmation=Confirmation("redirect", f"https://pay.example/{remote_id}"),
            )
        return self._lossy("create", self._by_key[key])

    async def get(self, remote_id: str) -> PaymentOutcome:
        self.calls.append(("get", None))
        return self._lossy("get", remote_id)

    async def capture(self, remote_id: str, amount: Money, key: UUID) -> PaymentOutcome:
        self.calls.append(("capture", key))
        if self.faults:
            return self.faults.popleft()
        remote = self.payments[remote_id]
        if remote.status == "authorised":
            self.payments[remote_id] = msgspec.structs.replace(remote, status="captured", captured=amount)
        elif key not in self._by_key:
            return NotMade("it is not held", is_answer=True)
        self._by_key[key] = remote_id
        return self._lossy("capture", remote_id)

    async def cancel(self, remote_id: str, key: UUID) -> PaymentOutcome:
        self.calls.append(("cancel", key))
        remote = self.payments[remote_id]
        if remote.status == "captured":
            return NotMade("it is captured", is_answer=True)
        self.payments[remote_id] = msgspec.structs.replace(remote, status="canceled", code="canceled")
        return self._lossy("cancel", remote_id)

    async def refund(self, remote_id: str, refund_id: UUID, amount: Money, key: UUID) -> RefundOutcome:
        self.calls.append(("refund", key))
        wanted = self.refund_outcomes.popleft() if self.refund_outcomes else "done"
        if wanted == "declined":
            return Declined("insufficient_funds")
        if wanted == "unreached":
            return NotMade("nobody there", is_answer=False)
        if wanted == "swallowed":
            return Unknown("nobody knows whether it was heard")
        if key not in self._by_key:
            made = RemoteRefund(id=f"r-{len(self.refunds) + 1}", status="done", amount=amount)
            self._by_key[key] = made.id
            self.refunds[made.id] = made
            remote = self.payments[remote_id]
            back = (remote.refunded.amount if remote.refunded else 0) + amount.amount
            self.payments[remote_id] = msgspec.structs.replace(remote, refunded=Money(back, amount.currency))
        if wanted == "lost":
            return Unknown("the answer was lost")
        refund = self.refunds[self._by_key[key]]
        if wanted == "pending":
            return Pending(msgspec.structs.replace(refund, status="pending"))
        return Done(refund)

    async def get_refund(self, remote_id: str, remote_refund_id: str, amount: Money) -> RefundOutcome:
        self.calls.append(("get_refund", None))
        return Done(self.refunds[remote_refund_id])

    def forget_keys(self) -> None:
        """Forget which calls there were: what is asked for with an old key is made once more."""
        self._by_key.clear()

    def register(self, since: datetime, until: datetime) -> AsyncIterator[RegisterRow] | None:
        return None

    def _lossy(self, call: str, remote_id: str) -> PaymentOutcome:
        if self.losses and self.losses[0] == call:
            self.losses.popleft()
            return Unknown("the answer was lost")
        remote = self.payments[remote_id]
        match remote.status:
            case "pending":
                return Pending(remote)
            case "canceled":
                return Declined(remote.code or "canceled", remote)
            case _:
                return Done(remote)


class Orders:
    """Orders as payments see them: open until paid or closed; the money goes where that of orders does."""

    def __init__(self) -> None:
        self.open: dict[UUID, int] = {}
        self.paid: list[UUID] = []
        self.failed: dict[UUID, str] = {}

    async def is_wanted(self, tx: Transaction, purpose_id: UUID) -> bool:
        return purpose_id in self.open

    async def captured(self, tx: Transaction, payment: Payment, amount: Money, *, now: datetime) -> Verdict:
        if payment.purpose_id not in self.open:
            return "late"
        if self.open[payment.purpose_id] != amount.amount:
            return "mismatch"
        leg = Transfer(
            id=leg_id(payment.purpose_id, "capture"),
            debit=Account(Kind.CLEARING, payment.provider or ""),
            credit=Account(Kind.PREPAID),
            amount=amount,
            code="capture",
            cause_id=payment.purpose_id,
        )
        await posting.post(tx, [leg], now=now)
        del self.open[payment.purpose_id]
        self.paid.append(payment.purpose_id)
        return "paid"

    async def over(self, tx: Transaction, payment: Payment, code: str, *, now: datetime) -> None:
        self.open.pop(payment.purpose_id, None)
        self.failed[payment.purpose_id] = code


class Refunds:
    """Refunds as payments see them."""

    def __init__(self) -> None:
        self.arrivals: list[UUID] = []
        self.refusals: list[tuple[UUID, str]] = []

    async def arrived(self, tx: Transaction, refund_id: UUID, *, now: datetime) -> None:
        self.arrivals.append(refund_id)

    async def refused(self, tx: Transaction, refund_id: UUID, *, code: str, now: datetime) -> None:
        self.refusals.append((refund_id, code))


class Planned:
    """Receipts as payments see them."""

    def __init__(self) -> None:
        self.advances: list[Money] = []
        self.returned: list[Money] = []

    async def topped_up(
        self,
        tx: Transaction,
        *,
        top_up_id: UUID,
        account_id: UUID,
        amount: Money,
        payment_id: UUID,
        now: datetime,
    ) -> None:
        self.advances.append(amount)

    async def refund_settled(
        self,
        tx: Transaction,
        *,
        refund_id: UUID,
        order_id: UUID | None,
        top_up_id: UUID | None,
        line_amounts: Mapping[UUID, int],
        amount: Money,
        destination: str,
        now: datetime,
    ) -> None:
        self.returned.append(amount)


class Till:
    """Payments at work on a database, between a desk or two and the rest of the service."""

    def __init__(self, database: Database, *desks: Desk) -> None:
        self.database = database
        self.clock = StillClock()
        self.desks = desks or (Desk("first"),)
        self.orders = Orders()
        self.refunds = Refunds()
        self.receipts = Planned()
        router = Router(self.desks, self.clock)
        self.purposes: dict[str, Purpose] = {"order": self.orders, "top_up": TopUpPurpose(self.receipts)}
        self.driver = Driver(
            database,
            router=router,
            purposes=self.purposes,
            receipts=self.receipts,
            instruments=Instruments(uuid4),
            base_url="https://play.example",
            clock=self.clock,
            new_id=uuid4,
        )
        self.returns = Returns(
            database,
            router=router,
            purposes=self.purposes,
            refunds=self.refunds,
            receipts=self.receipts,
            clock=self.clock,
            new_id=uuid4,
        )
        self.janitor = Janitor(database, driver=self.driver, returns=self.returns, clock=self.clock)

    async def start(
        self, amount: int = 1_000, method: PayMethod = "sbp", *, order_id: UUID | None = None
    ) -> UUID:
        """Write the intent of a payment for an order that is open."""
        payment_id, order_id = uuid4(), order_id or uuid4()
        self.orders.open[order_id] = amount
        async with self.database.transaction() as tx:
            await starting.start(
                tx,
                payment_id=payment_id,
                purpose="order",
                purpose_id=order_id,
                account_id=uuid4(),
                method=method,
                amount=Money(amount, "RUB"),
                description="an order",
                return_url=None,
                expires_at=self.clock.now() + timedelta(hours=1),
                now=self.clock.now(),
            )
        return payment_id

    async def settle(self, turns: int = 40, **step: float) -> None:
        """Let time pass and the janitor work."""
        for _ in range(turns):
            self.clock.turn(**(step or {"seconds": 60}))
            await self.janitor.tick()

    async def row(self, payment_id: UUID) -> Payment:
        """Return a payment as it is kept."""
        found = await self.database.fetch_one(
            "SELECT * FROM payments WHERE id = $1", payment_id, into=Payment
        )
        assert found
        return found

    async def posted(self, kind: Kind, owner: str = "") -> int:
        """Return what an account holds: credits less debits."""
        account = Account(kind, owner)
        total: int = await self.database.fetch_value(
            """
            SELECT coalesce(sum(CASE WHEN credit_account_id = $1 THEN amount ELSE -amount END), 0)::bigint
            FROM ledger_transfers WHERE (credit_account_id = $1 OR debit_account_id = $1) AND kind IN ('posted', 'post')
            """,
            account.id,
        )
        return total
