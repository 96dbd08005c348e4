"""A bank that pays organisations, and the tax service that knows who of them pays НПД: in memory, slow, and not always to be reached."""

from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec

from samovar.services.payment.payouts.banks.port import BankAnswer, Order, Refused
from samovar.services.payment.payouts.errors import BankAway, NpdAway
from tests.services.payment.simulation.scheduler import Scheduler

AWAY, LOST_BEFORE, LOST_AFTER, STALE = 0.06, 0.04, 0.08, 0.05
REFUSED, FAILED, SLOW = 0.08, 0.12, 0.5
SLOW_BY_S = (3, 90, 4_000)
LOST_STATUS = 0.05


class BankPayment(msgspec.Struct, kw_only=True):
    """A payment that the bank has taken upon itself.

    Attributes:
        settles_at: When it is executed, or fails.
    """

    order: Order
    settles_at: datetime
    fails: bool


class SimulatedBank:
    """A bank: one payment for each key, whatever comes twice."""

    def __init__(self, scheduler: Scheduler) -> None:
        self.payments: dict[UUID, BankPayment] = {}
        self._scheduler = scheduler

    @property
    def paid(self) -> int:
        """What has left for good, in kopecks."""
        return sum(
            payment.order.amount.amount for payment in self.payments.values() if self._is_executed(payment)
        )

    async def pay(self, order: Order) -> None:
        """Take a payment, once under each key."""
        await self._reach("pay")
        if order.key not in self.payments:
            if self._scheduler.roll(REFUSED):
                raise Refused("the account is closed")
            late = SLOW_BY_S[len(self.payments) % len(SLOW_BY_S)] if self._scheduler.roll(SLOW) else 0
            self.payments[order.key] = BankPayment(
                order=order,
                settles_at=self._scheduler.at + timedelta(seconds=late),
                fails=self._scheduler.roll(FAILED),
            )
        elif self.payments[order.key].order != order:
            raise ValueError(f"{order.key} was asked for otherwise before")
        await self._hear("pay")

    async def ask(self, key: UUID) -> BankAnswer:
        """Tell what became of a payment."""
        await self._reach("ask")
        payment = self.payments.get(key)
        answer = BankAnswer("unknown")
        if payment and not self._scheduler.roll(STALE):
            if not self._is_settled(payment):
                answer = BankAnswer("in_progress")
            else:
                answer = BankAnswer("failed", "it came back") if payment.fails else BankAnswer("executed")
        await self._hear("ask")
        return answer

    def _is_settled(self, payment: BankPayment) -> bool:
        return self._scheduler.is_calm or self._scheduler.at >= payment.settles_at

    def _is_executed(self, payment: BankPayment) -> bool:
        return self._is_settled(payment) and not payment.fails

    async def _reach(self, name: str) -> None:
        await self._scheduler.gate(f"asks the bank to {name}")
        if self._scheduler.roll(AWAY) or self._scheduler.roll(LOST_BEFORE):
            raise BankAway("nobody answers")

    async def _hear(self, name: str) -> None:
        if self._scheduler.roll(LOST_AFTER):
            raise BankAway("the answer was lost")
        await self._scheduler.gate(f"hears the bank of {name}")


class SimulatedTaxService:
    """Whoever knows who pays НПД: some do not today, and will again."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler

    async def is_payer(self, inn: str, day: date) -> bool:
        """Tell whether somebody pays НПД on a day."""
        del inn, day
        await self._scheduler.gate("asks the tax service")
        if self._scheduler.roll(AWAY):
            raise NpdAway("nobody answers")
        return not self._scheduler.roll(LOST_STATUS)
