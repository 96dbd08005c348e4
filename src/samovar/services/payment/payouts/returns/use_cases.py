"""A payout that the bank has sent back: reported by one person, confirmed by another, and owed as before."""

from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.idempotency import Once
from samovar.kit.identity import Caller
from samovar.kit.money import Money
from samovar.services.payment.contract.payouts_events import PayoutReturned
from samovar.services.payment.ledger import posting
from samovar.services.payment.ledger.domain import Account, Kind, Transfer, leg_id
from samovar.services.payment.payouts.domain import Payout
from samovar.services.payment.payouts.errors import PayoutDecided, PayoutNotFound, SecondPersonNeeded
from samovar.services.payment.payouts.repository import lock_payout
from samovar.services.payment.payouts.returns import repository
from samovar.services.payment.payouts.schemas import StaffPayoutView, staff_view_of
from samovar.services.payment.payouts.sending import RETURN_LEG


class PayoutReturns:
    """Payouts that came back.

    Nobody but a person can know: the bank has executed the payment, and money from the receiver's bank is another one to it.
    """

    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def report(self, caller: Caller, payout_id: UUID, reason: str, once: Once) -> StaffPayoutView:
        """Say that the money of an executed payout is back; nothing moves until another person confirms it.

        Raises:
            PayoutNotFound: There is no such payout.
            PayoutDecided: It was not executed, or has come back before.
        """
        async with self._database.transaction() as tx:
            await _lock_executed(tx, payout_id)
            payout = await repository.report(
                tx, payout_id, actor_id=caller.account_id, reason=reason, now=self._clock.now()
            )
            return await _answered(tx, once, payout)

    async def confirm(self, caller: Caller, payout_id: UUID, once: Once) -> StaffPayoutView:
        """Confirm that the money of a payout is back: it is owed as before, and the month may be proposed again.

        Raises:
            PayoutNotFound: There is no such payout.
            PayoutDecided: It was not executed, nobody has reported it, or it has come back before.
            SecondPersonNeeded: The caller reported it.
        """
        now = self._clock.now()
        async with self._database.transaction() as tx:
            known = await _lock_executed(tx, payout_id)
            if known.return_reported_by is None:
                raise PayoutDecided(known.status, status=known.status)
            if known.return_reported_by == caller.account_id:
                raise SecondPersonNeeded
            await posting.post(tx, [_back(known, caller)], now=now)
            payout = await repository.confirm(tx, payout_id, actor_id=caller.account_id, now=now)
            await tx.publish(
                PayoutReturned(
                    payout_id=known.id,
                    organisation_id=known.organisation_id,
                    period=known.period,
                    amount=Money(known.amount, known.currency),
                    reason=known.return_reason or "",
                    returned_at=now,
                )
            )
            return await _answered(tx, once, payout)


async def _lock_executed(tx: Transaction, payout_id: UUID) -> Payout:
    payout = await lock_payout(tx, payout_id)
    if payout is None:
        raise PayoutNotFound(f"{payout_id}")
    if payout.status != "executed":
        raise PayoutDecided(payout.status, status=payout.status)
    return payout


async def _answered(tx: Transaction, once: Once, payout: Payout | None) -> StaffPayoutView:
    if payout is None:
        raise PayoutNotFound
    return await once.answer(tx, staff_view_of(payout))


def _back(payout: Payout, caller: Caller) -> Transfer:
    return Transfer(
        id=leg_id(payout.id, RETURN_LEG),
        debit=Account(Kind.BANK, "", payout.currency),
        credit=Account(Kind.PAYABLE, str(payout.organisation_id), payout.currency),
        amount=Money(payout.amount, payout.currency),
        code="payout",
        cause_id=payout.id,
        actor_id=caller.account_id,
        reason=payout.return_reason,
    )
