"""A payment provider in memory: it keeps its word about keys, and about little else."""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from samovar.kit.clock import Clock
from samovar.kit.money import Money
from samovar.services.payment.chargebacks.domain import Verdict
from samovar.services.payment.providers.port import (
    Confirmation,
    Declined,
    Done,
    MethodTerms,
    NewPayment,
    NotMade,
    PaymentOutcome,
    Pending,
    RefundOutcome,
    RefundStatus,
    RegisterRow,
    RemotePayment,
    RemoteRefund,
    Unknown,
)
from tests.services.payment.simulation.scheduler import Scheduler

UNREACHED, LOST_BEFORE, LOST_AFTER, STALE = 0.05, 0.03, 0.07, 0.04
WRONG_AMOUNTS, REFUSED_REFUNDS, SLOW_REFUNDS = 0.06, 0.2, 0.25
FEE_PERCENT = 3
GRACE = timedelta(minutes=5)


class Notice(msgspec.Struct, frozen=True):
    """What a provider tells by a webhook."""

    payment_id: UUID
    remote_id: str
    status: str = "succeeded"


class Dispute(msgspec.Struct, kw_only=True):
    """A payment that the payer's bank takes back, or a part of it; the provider has the money no longer unless it is won."""

    remote_id: str
    amount: int
    verdict: Verdict | None = None


class SimulatedProvider:
    """A provider.

    Attributes:
        disputes: By the name of the case.
        payments: As they are, by its own ids.
        notices: Webhooks that are under way.
        refuses: What share of refunds it refuses.
    """

    refuses = REFUSED_REFUNDS

    def __init__(self, name: str, scheduler: Scheduler, clock: Clock, *, cancels_pending: bool) -> None:
        self.name = name
        self.cancels_pending = cancels_pending
        self.methods: Sequence[MethodTerms] = [
            MethodTerms(method="card", least=100, most=35_000_000, has_hold=True),
            MethodTerms(method="sbp", least=100, most=70_000_000),
        ]
        self.payments: dict[str, RemotePayment] = {}
        self.refunds: dict[str, RemoteRefund] = {}
        self.refunded: dict[str, int] = {}
        self.disputes: dict[str, Dispute] = {}
        self.notices: list[Notice] = []
        self._scheduler = scheduler
        self._clock = clock
        self._by_key: dict[UUID, str] = {}
        self._refusals: set[UUID] = set()
        self._held: set[str] = set()
        self._ends: dict[str, datetime] = {}

    @property
    def collected(self) -> int:
        """What it owes us: taken, less sent back, less its fees."""
        return sum(
            (remote.income or remote.amount).amount
            - self.refunded.get(remote.id, 0)
            - self.disputed(remote.id)
            for remote in self.payments.values()
            if remote.status == "captured"
        )

    @property
    def taken(self) -> int:
        """What it has taken from players, less what it has sent back to them, whatever their banks took."""
        return sum(
            remote.amount.amount - self.refunded.get(remote.id, 0)
            for remote in self.payments.values()
            if remote.status == "captured"
        )

    def disputed(self, remote_id: str) -> int:
        """Return what banks have taken back of a payment, or dispute."""
        return sum(
            dispute.amount
            for dispute in self.disputes.values()
            if dispute.remote_id == remote_id and dispute.verdict != "won"
        )

    def dispute(self, remote_id: str, amount: int) -> None:
        """Let a payer's bank take back so much of what is captured."""
        case_id = f"{self.name}-{self._scheduler.seed}-d{len(self.disputes) + 1}"
        self.disputes[case_id] = Dispute(remote_id=remote_id, amount=amount)
        self._scheduler.tell(f"{case_id}: {amount} of {remote_id} is disputed")

    def pay(self, remote_id: str, chance: Callable[[float], bool]) -> None:
        """Let a player pay what waits; now and then another amount than was asked for."""
        self._news(remote_id)
        remote = self.payments[remote_id]
        if remote.status != "pending":
            return
        amount = remote.amount
        if chance(WRONG_AMOUNTS):
            amount = Money(
                amount.amount + (1 if chance(0.5) else -1) * max(1, amount.amount // 10), amount.currency
            )
        if remote_id in self._held:
            self._set(msgspec.structs.replace(remote, status="authorised", amount=amount))
        else:
            self._set(self._taken(remote, amount))

    def refuse(self, remote_id: str) -> None:
        """Let the bank of a player say no."""
        remote = self.payments[remote_id]
        if remote.status == "pending":
            self._set(msgspec.structs.replace(remote, status="canceled", code="declined"))

    async def create(self, new: NewPayment, key: UUID) -> PaymentOutcome:
        def act() -> PaymentOutcome:
            if key not in self._by_key:
                remote_id = f"{self.name}-{self._scheduler.seed}-{len(self.payments) + 1}"
                self._by_key[key] = remote_id
                self._ends[remote_id] = new.expires_at + GRACE
                if new.method == "card":
                    self._held.add(remote_id)
                self.payments[remote_id] = RemotePayment(
                    id=remote_id,
                    status="pending",
                    amount=new.amount,
                    payment_id=new.id,
                    confirmation=Confirmation("redirect", f"https://pay.example/{remote_id}"),
                )
            return self._news(self._by_key[key])

        return await self._call("create", act)

    async def get(self, remote_id: str) -> PaymentOutcome:
        def act() -> PaymentOutcome:
            if remote_id not in self.payments:
                return NotMade("there is no such payment", is_answer=True)
            remote = self.payments[remote_id]
            if remote.status == "captured" and self._scheduler.roll(STALE):
                # A replica that has not heard of it: its status goes back.
                return Pending(msgspec.structs.replace(remote, status="pending", captured=None, income=None))
            return self._news(remote_id)

        return await self._call("get", act)

    async def capture(self, remote_id: str, amount: Money, key: UUID) -> PaymentOutcome:
        def act() -> PaymentOutcome:
            remote = self.payments[remote_id]
            if remote.status == "authorised":
                self._set(self._taken(remote, amount))
            elif key not in self._by_key:
                return NotMade(f"it is {remote.status}", is_answer=True)
            self._by_key[key] = remote_id
            return self._news(remote_id)

        return await self._call("capture", act)

    async def cancel(self, remote_id: str, key: UUID) -> PaymentOutcome:
        def act() -> PaymentOutcome:
            remote = self.payments[remote_id]
            if remote.status == "captured" or (remote.status == "pending" and not self.cancels_pending):
                return NotMade(f"it is {remote.status}", is_answer=True)
            if remote.status != "canceled":
                self._set(msgspec.structs.replace(remote, status="canceled", code="canceled"))
            self._by_key[key] = remote_id
            return self._news(remote_id)

        return await self._call("cancel", act)

    async def refund(self, remote_id: str, refund_id: UUID, amount: Money, key: UUID) -> RefundOutcome:
        del refund_id

        def act() -> RefundOutcome:
            if key in self._refusals:
                return Declined("refused")
            if key not in self._by_key:
                left = (self.payments[remote_id].captured or Money(0, "RUB")).amount
                left -= self.refunded.get(remote_id, 0) + self.disputed(remote_id)
                if self._scheduler.roll(self.refuses) or amount.amount > left:
                    self._refusals.add(key)
                    return Declined("refused")
                status: RefundStatus = "pending" if self._scheduler.roll(SLOW_REFUNDS) else "done"
                made = RemoteRefund(
                    id=f"{self.name}-{self._scheduler.seed}-r{len(self.refunds) + 1}",
                    status=status,
                    amount=amount,
                )
                self._by_key[key] = made.id
                self.refunds[made.id] = made
                self.refunded[remote_id] = self.refunded.get(remote_id, 0) + amount.amount
                self._tell(remote_id)
            refund = self.refunds[self._by_key[key]]
            return Pending(refund) if refund.status == "pending" else Done(refund)

        return await self._call("refund", act)  # type: ignore[arg-type,return-value]

    async def get_refund(self, remote_id: str, remote_refund_id: str, amount: Money) -> RefundOutcome:
        del remote_id, amount

        def act() -> RefundOutcome:
            done = msgspec.structs.replace(self.refunds[remote_refund_id], status="done")
            self.refunds[remote_refund_id] = done
            return Done(done)

        return await self._call("get_refund", act)  # type: ignore[arg-type,return-value]

    def register(self, since: datetime, until: datetime) -> AsyncIterator[RegisterRow] | None:
        del since, until
        return None

    async def _call(self, name: str, act: Callable[[], PaymentOutcome]) -> PaymentOutcome:
        """Answer, unless the wire, or whoever asked, breaks before or after."""
        await self._scheduler.gate(f"asks {self.name} to {name}")
        if self._scheduler.roll(UNREACHED):
            return NotMade("nobody answers", is_answer=False)
        if self._scheduler.roll(LOST_BEFORE):
            return Unknown("the request was lost")
        outcome = act()
        if self._scheduler.roll(LOST_AFTER):
            return Unknown("the answer was lost")
        await self._scheduler.gate(f"hears {self.name} of {name}")
        return outcome

    def _news(self, remote_id: str) -> PaymentOutcome:
        back = Money(self.refunded.get(remote_id, 0), "RUB")
        remote = msgspec.structs.replace(self.payments[remote_id], refunded=back)
        if remote.status in {"pending", "authorised"} and self._clock.now() > self._ends[remote_id]:
            remote = msgspec.structs.replace(remote, status="canceled", code="expired")
            self._set(remote)
        match remote.status:
            case "pending":
                return Pending(remote)
            case "canceled":
                return Declined(remote.code or "canceled", remote)
            case _:
                return Done(remote)

    def _taken(self, remote: RemotePayment, amount: Money) -> RemotePayment:
        fee = amount.share(FEE_PERCENT, 100)
        return msgspec.structs.replace(
            remote, status="captured", amount=amount, captured=amount, income=amount - fee
        )

    def _set(self, remote: RemotePayment) -> None:
        self.payments[remote.id] = remote
        self._tell(remote.id)

    def _tell(self, remote_id: str) -> None:
        remote = self.payments[remote_id]
        if remote.payment_id:
            self.notices.append(Notice(remote.payment_id, remote_id, remote.status))
