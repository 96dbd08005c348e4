"""What the staff can do about money that waits for a person. Who did what, and why, is kept."""

from datetime import timedelta
from typing import Final
from uuid import UUID

import msgspec

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.idempotency import Once
from samovar.kit.identity import Caller
from samovar.kit.ids import IdSource
from samovar.kit.money import Money
from samovar.kit.pagination import Page, decode_cursor, page_of
from samovar.services.payment.ledger import posting
from samovar.services.payment.ledger.domain import Account, Kind, Transfer, leg_id
from samovar.services.payment.payments import refunding
from samovar.services.payment.payments import repository as payments
from samovar.services.payment.payments.domain import STRAY_KINDS, Payment, Return
from samovar.services.payment.payments.settling.capturing import held_in
from samovar.services.payment.payments.stuck import alarm, repository
from samovar.services.payment.payments.stuck.errors import (
    OwnStuckMoney,
    OwnStuckProposal,
    StuckMoneyDisputed,
    StuckMoneyMoves,
    StuckMoneyNotFound,
)
from samovar.services.payment.payments.stuck.repository import Disputed, StuckRow
from samovar.services.payment.payments.stuck.schemas import Resolution, Resolved, Step, StuckKey, StuckMoney

# How long a provider may leave unsaid whether it has made a refund before somebody looks into its cabinet.
UNANSWERED: Final = timedelta(hours=1)


class StuckMonies:
    """Money that came in for nothing and no provider sends back, refunds that a provider refused or says nothing of, receipts that no register takes.

    Args:
        database: Of payment.
        alone: The most that one person sends to a wallet, minor units; more needs a second one.
        clock: Where time comes from.
        new_id: Where ids come from.
    """

    def __init__(self, database: Database, *, alone: int, clock: Clock, new_id: IdSource) -> None:
        self._database = database
        self._alone = alone
        self._clock = clock
        self._new_id = new_id

    async def show(self, cursor: str | None, limit: int) -> Page[StuckMoney]:
        """Return a page of what waits for a person, the longest first.

        Raises:
            InvalidInput: The cursor is not one of this list.
        """
        after = decode_cursor(cursor, StuckKey)
        since = self._clock.now() - UNANSWERED
        rows = await repository.list_stuck(self._database, after, limit + 1, unanswered_since=since)
        page = page_of(rows, limit, lambda row: StuckKey(row.since, row.id))
        return Page([self._view(row) for row in page.items], page.next_cursor)

    async def measure(self) -> None:
        """Tell operators how much waits."""
        now = self._clock.now()
        alarm.tell(await repository.count_stuck(self._database, unanswered_since=now - UNANSWERED), now)

    async def retry(self, caller: Caller, return_id: UUID, resolution: Resolution, once: Once) -> Resolved:
        """Ask the provider once more to send late money back.

        Raises:
            StuckMoneyNotFound: There is no such money.
            StuckMoneyMoves: It does not wait.
            StuckMoneyDisputed: A bank takes it back itself.
        """
        async with self._database.transaction() as tx:
            payment, held = await self._lock(tx, return_id)
            amount = Money(held.amount, payment.currency)
            if (await self._disputed(tx, payment)).lost:
                raise StuckMoneyDisputed(f"{return_id}: a bank has taken it back")
            await self._take(tx, caller, held, "retried", resolution)
            await refunding.refund(
                tx,
                payment_id=payment.id,
                refund_id=held.id,
                amount=amount,
                now=self._clock.now(),
                kind=held.kind,
            )
            return await once.answer(tx, Resolved(id=held.id, step="retried", amount=amount))

    async def to_wallet(
        self, caller: Caller, return_id: UUID, resolution: Resolution, once: Once
    ) -> Resolved:
        """Put late money into the wallet of whoever paid it; above the limit the second person does, the first proposes.

        What a bank has taken back of it meanwhile does not go there: it makes up for the loss.

        Raises:
            StuckMoneyNotFound: There is no such money.
            StuckMoneyMoves: It does not wait.
            OwnStuckMoney: It is the caller's.
            OwnStuckProposal: The caller proposed it.
            StuckMoneyDisputed: A bank disputes the payment, and nobody knows yet who has it in the end.
        """
        async with self._database.transaction() as tx:
            payment, held = await self._lock(tx, return_id)
            if payment.account_id == caller.account_id:
                raise OwnStuckMoney(f"{return_id}")
            lost = min(held.amount, (await self._disputed(tx, payment)).lost)
            step = await self._next_step(tx, caller, held)
            await self._take(tx, caller, held, step, resolution)
            amount = Money(held.amount - lost, payment.currency)
            if step == "moved":
                await self._move(tx, caller, payment, held, lost, resolution)
            return await once.answer(tx, Resolved(id=held.id, step=step, amount=amount))

    async def _next_step(self, tx: Transaction, caller: Caller, held: Return) -> Step:
        if held.amount <= self._alone:
            return "moved"
        steps = await repository.steps_of(tx, held.id)
        # What was proposed before the provider was asked again is proposed no more.
        retried = max((place for place, one in enumerate(steps) if one.step == "retried"), default=-1)
        proposers = {one.actor_id for one in steps[retried + 1 :] if one.step == "proposed"}
        if not proposers:
            return "proposed"
        if caller.account_id in proposers:
            raise OwnStuckProposal(f"{held.id}")
        return "moved"

    async def _disputed(self, tx: Transaction, payment: Payment) -> Disputed:
        disputed = await repository.disputed(tx, payment.id)
        if disputed.is_open:
            raise StuckMoneyDisputed(f"{payment.id}: a bank disputes it")
        return disputed

    async def _move(
        self,
        tx: Transaction,
        caller: Caller,
        payment: Payment,
        held: Return,
        lost: int,
        resolution: Resolution,
    ) -> None:
        wallet = Account(Kind.WALLET, str(payment.account_id), payment.currency)
        loss = Account(Kind.LOSS, currency=payment.currency)
        given = Transfer(
            id=leg_id(held.id, "wallet"),
            debit=held_in(held.kind, payment.provider or "", payment.currency),
            credit=wallet,
            amount=Money(held.amount, payment.currency),
            code="refund_moved",
            cause_id=held.id,
            actor_id=caller.account_id,
            reason=resolution.note,
        )
        transfers = []
        if lost:
            kept = {"id": leg_id(held.id, "charged_back"), "credit": loss, "code": "chargeback"}
            transfers.append(msgspec.structs.replace(given, **kept, amount=Money(lost, payment.currency)))
        if lost < held.amount:
            transfers.append(
                msgspec.structs.replace(given, amount=Money(held.amount - lost, payment.currency))
            )
        await posting.post(tx, transfers, now=self._clock.now())

    async def _take(
        self, tx: Transaction, caller: Caller, held: Return, step: Step, resolution: Resolution
    ) -> None:
        await repository.take_step(
            tx,
            self._new_id(),
            return_id=held.id,
            step=step,
            actor_id=caller.account_id,
            note=resolution.note,
            now=self._clock.now(),
        )

    async def _lock(self, tx: Transaction, return_id: UUID) -> tuple[Payment, Return]:
        """Lock the payment, then what was to go back of it; only what waits for a person is returned."""
        found = await payments.find_return(tx, return_id)
        if found is None or found.kind not in STRAY_KINDS:
            raise StuckMoneyNotFound(f"{return_id}")
        payment = await payments.lock_payment(tx, found.payment_id)
        held = await payments.lock_return(tx, return_id)
        if payment is None or held is None:
            raise StuckMoneyNotFound(f"{return_id}")
        if held.state != "refused" or any(
            one.step == "moved" for one in await repository.steps_of(tx, return_id)
        ):
            raise StuckMoneyMoves(f"{return_id} is {held.state}")
        return payment, held

    def _view(self, row: StuckRow) -> StuckMoney:
        return StuckMoney(
            id=row.id,
            kind=row.kind,
            account_id=row.account_id,
            amount=Money(row.amount, row.currency),
            reason=row.reason,
            since=row.since,
            age_s=max(0, int((self._clock.now() - row.since).total_seconds())),
            payment_id=row.payment_id,
            provider=row.provider,
            is_proposed=row.is_proposed,
        )
