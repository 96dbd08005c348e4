"""Takes an approved payout to the bank and its answer back, one step at a time; a step that a crash cut off is taken again.

Before the bank is asked, `sending` is committed. Then whatever is not known is asked by the payout's own id: what the bank does not know,
it is given once more by the same id, and makes once.
"""

from datetime import timedelta
from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import Unavailable
from samovar.kit.money import Money
from samovar.services.payment.asking.holds import AccountHolds
from samovar.services.payment.contract.payouts_events import PayoutExecuted, PayoutRejected
from samovar.services.payment.ledger import posting
from samovar.services.payment.ledger.domain import Account, Kind, Transfer, leg_id
from samovar.services.payment.moscow import day_of
from samovar.services.payment.payouts import repository
from samovar.services.payment.payouts.adapters import Npd
from samovar.services.payment.payouts.banks.port import Bank, BankAnswer, Order, Refused
from samovar.services.payment.payouts.domain import Payout, WaitsFor, look_after, month_text, year_of
from samovar.services.payment.payouts.errors import BankAway, NpdAway
from samovar.services.payment.payouts.payees.keeping import (
    KeptPayee,
    details_at,
    find_kept,
    is_another,
    lock_kept,
)
from samovar.services.payment.payouts.payees.schemas import PayeeDetails

WAIT = timedelta(minutes=5)
HOLD_LEG, BANK_LEG, RETURN_LEG = "hold", "bank", "return"


class Sender:
    """Sends payouts.

    Args:
        bank: None: there is none, and payouts wait.
        npd: None: nobody can be asked, and payers of НПД wait.
        npd_year_limit: What one of them may earn in a year, in kopecks.
    """

    def __init__(
        self,
        database: Database,
        *,
        bank: Bank | None,
        npd: Npd | None,
        holds: AccountHolds,
        npd_year_limit: int,
        clock: Clock,
    ) -> None:
        self._database = database
        self._bank = bank
        self._npd = npd
        self._holds = holds
        self._npd_year_limit = npd_year_limit
        self._clock = clock

    async def advance(self, payout_id: UUID) -> None:
        """Take the next step of a payout; what cannot be taken now is noted, with the reason."""
        payout = await repository.find_payout(self._database, payout_id)
        if payout and payout.status == "approved":
            await self._begin(payout)
        elif payout and payout.status == "sending":
            await self._follow(payout)

    async def _begin(self, payout: Payout) -> None:
        """Send a payout for the first time, unless something speaks against it."""
        obstacle = await self._ask_around(payout)
        async with self._database.transaction() as tx:
            locked = await repository.lock_payout(tx, payout.id)
            kept = await lock_kept(tx, payout.organisation_id)
            if locked is None or locked.status != "approved":
                return
            approved = await details_at(tx, payout.organisation_id, payout.payee_version)
            obstacle = self._obstacle_in(approved, kept) or obstacle or await self._npd_obstacle(tx, locked)
            if await is_another(tx, locked.organisation_id, locked.inn):
                obstacle = "inn_differs"
            now = self._clock.now()
            if obstacle:
                await repository.look_later(tx, locked.id, waits_for=obstacle, next_look_at=now + WAIT)
                return
            await repository.note_sending(tx, locked.id, now=now, next_look_at=now + look_after(0))
        await self._pay(payout)

    async def _follow(self, payout: Payout) -> None:
        """Find out what became of a payout that was sent, or was about to be."""
        if self._bank is None:
            return await self._look_later(payout, "bank_missing")
        try:
            answer = await self._bank.ask(payout.id)
        except BankAway:
            return await self._look_later(payout, "bank_away")
        if answer.status == "unknown":
            return await self._pay(payout)
        return await self._settle(payout, answer)

    async def _pay(self, payout: Payout) -> None:
        """Ask the bank for the payment that was approved: to the details of then, by the key of always."""
        to = await details_at(self._database, payout.organisation_id, payout.payee_version)
        if self._bank is None or to is None:
            return await self._look_later(payout, "bank_missing")
        order = Order(
            key=payout.id,
            to=to,
            amount=Money(payout.amount, payout.currency),
            purpose=f"Выплата за {month_text(payout.period)} по договору {to.contract_number} от {to.contract_date:%d.%m.%Y}. Без НДС",
        )
        try:
            await self._bank.pay(order)
        except Refused as refusal:
            return await self._settle(payout, BankAnswer("failed", str(refusal)))
        except BankAway:
            return await self._look_later(payout, "bank_away")
        return await self._look_later(payout, None)

    async def _settle(self, payout: Payout, answer: BankAnswer) -> None:
        """Write what became of a payout, and move its money for good or back."""
        if answer.status == "in_progress":
            return await self._look_later(payout, None)
        async with self._database.transaction() as tx:
            locked = await repository.lock_payout(tx, payout.id)
            if locked is None or locked.status != "sending":
                return None
            if answer.status == "executed":
                await self._execute(tx, locked)
            else:
                await self._reject(tx, locked, answer.failure)
        return None

    async def _execute(self, tx: Transaction, payout: Payout) -> None:
        now, amount = self._clock.now(), Money(payout.amount, payout.currency)
        await posting.post_pending(tx, leg_id(payout.id, HOLD_LEG), now=now)
        sent = Transfer(
            id=leg_id(payout.id, BANK_LEG),
            debit=Account(Kind.PAYOUTS_DUE, "", payout.currency),
            credit=Account(Kind.BANK, "", payout.currency),
            amount=amount,
            code="payout",
            cause_id=payout.id,
        )
        await posting.post(tx, [sent], now=now)
        await repository.close(tx, payout.id, status="executed", failure=None, now=now)
        await tx.publish(
            PayoutExecuted(
                payout_id=payout.id,
                organisation_id=payout.organisation_id,
                period=payout.period,
                amount=amount,
                needs_npd_receipt=payout.is_professional,
                executed_at=now,
            )
        )

    async def _reject(self, tx: Transaction, payout: Payout, failure: str) -> None:
        now = self._clock.now()
        await posting.void(tx, leg_id(payout.id, HOLD_LEG), now=now)
        await repository.close(tx, payout.id, status="rejected", failure=failure or "failed", now=now)
        await tx.publish(
            PayoutRejected(
                payout_id=payout.id,
                organisation_id=payout.organisation_id,
                period=payout.period,
                amount=Money(payout.amount, payout.currency),
                failure=failure or "failed",
                rejected_at=now,
            )
        )

    async def _look_later(self, payout: Payout, waits_for: WaitsFor | None) -> None:
        async with self._database.transaction() as tx:
            locked = await repository.lock_payout(tx, payout.id)
            if locked and locked.status in {"approved", "sending"}:
                next_look_at = self._clock.now() + look_after(locked.looks)
                await repository.look_later(tx, locked.id, waits_for=waits_for, next_look_at=next_look_at)

    async def _ask_around(self, payout: Payout) -> WaitsFor | None:
        """Ask those outside whether anything speaks against a payout; keep what the tax service said for the day."""
        if self._bank is None:
            return "bank_missing"
        kept = await find_kept(self._database, payout.organisation_id)
        try:
            if kept and await self._holds.of([kept.keeper_id]):
                return "account_held"
        except Unavailable:
            return "holds_unknown"
        return await self._ask_tax_service(payout) if payout.is_professional else None

    async def _ask_tax_service(self, payout: Payout) -> WaitsFor | None:
        now = self._clock.now()
        day = day_of(now)
        if await repository.find_npd_check(self._database, payout.inn, day) is not None:
            return None
        try:
            if self._npd is None:
                return "npd_unknown"
            is_payer = await self._npd.is_payer(payout.inn, day)
        except NpdAway:
            return "npd_unknown"
        async with self._database.transaction() as tx:
            await repository.put_npd_check(tx, payout.inn, day, is_payer=is_payer, now=now)
        return None

    def _obstacle_in(self, approved: PayeeDetails | None, kept: KeptPayee | None) -> WaitsFor | None:
        if kept and kept.payee.frozen_reason:
            return "payee_frozen"
        # Of the details alone: a payee that was frozen and thawed meanwhile is the one that was approved.
        if kept is None or kept.payee.details != approved:
            return "payee_changed"
        if kept.payee.waits_until and kept.payee.waits_until > self._clock.now():
            return "details_new"
        return None

    async def _npd_obstacle(self, tx: Transaction, payout: Payout) -> WaitsFor | None:
        """Return what speaks against paying a payer of НПД: their status of today, their year, a receipt they owe."""
        if not payout.is_professional:
            return None
        now = self._clock.now()
        is_payer = await repository.find_npd_check(tx, payout.inn, day_of(now))
        if not is_payer:
            return "npd_unknown" if is_payer is None else "npd_lost"
        if await repository.lacks_receipt(tx, payout.inn):
            return "npd_receipt_missing"
        await repository.lock_inns(tx, [payout.inn])
        paid = await repository.paid_since(tx, [payout.inn], year_of(now))
        # This very payout is among them, unless it was proposed last year.
        others = paid.get(payout.inn, 0) - (payout.amount if payout.proposed_at >= year_of(now) else 0)
        return "npd_limit" if others + payout.amount > self._npd_year_limit else None
