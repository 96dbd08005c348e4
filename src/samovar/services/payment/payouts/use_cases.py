"""Payouts: proposed for a month, approved by a second person, sent; and what organisations see of them."""

from collections.abc import Sequence
from datetime import date, datetime
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
from samovar.services.payment.ledger import posting
from samovar.services.payment.ledger.domain import Account, Kind, Transfer, leg_id
from samovar.services.payment.payouts import repository
from samovar.services.payment.payouts.domain import (
    CURRENCY,
    REFUND_WINDOW,
    Payout,
    PayoutStatus,
    bounds_of,
    due,
    month_of,
    window_since,
    year_of,
)
from samovar.services.payment.payouts.errors import (
    PayeeInnDiffers,
    PayoutDecided,
    PayoutNotFound,
    ReceiptTaken,
    SecondPersonNeeded,
)
from samovar.services.payment.payouts.payees.keeping import find_kept, is_another
from samovar.services.payment.payouts.repository import Candidate
from samovar.services.payment.payouts.rights import READ_PAYOUTS, Rights
from samovar.services.payment.payouts.schemas import (
    ORGANISATIONS_MAX,
    Earnings,
    PayoutView,
    Proposal,
    Proposed,
    StaffPayoutView,
    staff_view_of,
    view_of,
)
from samovar.services.payment.payouts.sending import HOLD_LEG, Sender
from samovar.services.payment.revenue import earnings

DUE_AT_ONCE_MAX = 50


class PayoutKey(msgspec.Struct, frozen=True):
    """What lists of payouts are sorted by."""

    id: UUID


class Payouts:
    """Payouts as finance makes them.

    Args:
        minimum: The least that is sent, in kopecks.
        npd_year_limit: What a payer of НПД may earn in a year, in kopecks.
    """

    def __init__(
        self, database: Database, *, minimum: int, npd_year_limit: int, clock: Clock, new_id: IdSource
    ) -> None:
        self._database = database
        self._minimum = minimum
        self._npd_year_limit = npd_year_limit
        self._clock = clock
        self._new_id = new_id

    async def propose(self, caller: Caller, wanted: Proposal, once: Once) -> Proposed:
        """Propose payouts of a month that is over; what is proposed is set aside at once.

        Raises:
            InvalidInput: The month is not over.
        """
        now = self._clock.now()
        period = month_of(wanted.period)
        if bounds_of(period)[1] > now:
            raise InvalidInput(
                f"{wanted.period} is not over",
                fields=[FieldError("period", "month_not_over", "the month is not over")],
            )
        async with self._database.transaction() as tx:
            found = await repository.find_candidates(
                tx,
                period=period,
                currency=CURRENCY,
                organisation_ids=wanted.organisation_ids,
                after=wanted.after,
                limit=ORGANISATIONS_MAX,
            )
            amounts = await self._amounts(tx, found, window_since(period, now))
            payouts = [
                _proposed(one, period, caller, amounts[one.organisation_id], now=now, new_id=self._new_id())
                for one in found
                if amounts[one.organisation_id][0]
            ]
            added = await repository.add_payouts(tx, payouts) if payouts else []
            if added:
                await posting.post(tx, [_hold(payout) for payout in added], now=now)
            return await once.answer(
                tx,
                Proposed(
                    payouts=[staff_view_of(payout) for payout in added],
                    not_due=len(found) - len(payouts),
                    next_after=found[-1].organisation_id if len(found) == ORGANISATIONS_MAX else None,
                ),
            )

    async def approve(self, caller: Caller, payout_id: UUID, once: Once) -> StaffPayoutView:
        """Let a payout go that another person proposed.

        Raises:
            PayoutNotFound: There is no such payout.
            SecondPersonNeeded: The caller proposed it, or wrote the bank details that it goes to.
            PayoutDecided: Somebody has decided it before.
            PayeeInnDiffers: It would go to another taxpayer than the organisation is.
        """
        async with self._database.transaction() as tx:
            payout = await repository.lock_payout(tx, payout_id)
            if payout is None:
                raise PayoutNotFound(f"{payout_id}")
            payee = await find_kept(tx, payout.organisation_id)
            if caller.account_id in {payout.proposed_by, payee and payee.keeper_id}:
                raise SecondPersonNeeded
            if payout.status != "proposed":
                raise PayoutDecided(payout.status, status=payout.status)
            if await is_another(tx, payout.organisation_id, payout.inn):
                raise PayeeInnDiffers(f"{payout.organisation_id} is not {payout.inn}")
            return await self._decide(tx, payout, caller, once, status="approved", reason=None)

    async def decline(self, caller: Caller, payout_id: UUID, reason: str, once: Once) -> StaffPayoutView:
        """Do not make a payout that has not gone yet; its money is owed as before.

        Raises:
            PayoutNotFound: There is no such payout.
            PayoutDecided: It has gone, or was declined before.
        """
        async with self._database.transaction() as tx:
            payout = await repository.lock_payout(tx, payout_id)
            if payout is None:
                raise PayoutNotFound(f"{payout_id}")
            if payout.status not in {"proposed", "approved"}:
                raise PayoutDecided(payout.status, status=payout.status)
            await posting.void(tx, leg_id(payout.id, HOLD_LEG), now=self._clock.now())
            return await self._decide(tx, payout, caller, once, status="declined", reason=reason)

    async def list_all(
        self,
        *,
        organisation_id: UUID | None,
        period: str | None,
        status: PayoutStatus | None,
        cursor: str | None,
        limit: int,
    ) -> Page[StaffPayoutView]:
        """Return payouts, the newest first."""
        after = decode_cursor(cursor, PayoutKey)
        rows = await repository.find_payouts(
            self._database,
            organisation_id=organisation_id,
            period=month_of(period) if period else None,
            status=status,
            before=after.id if after else None,
            limit=limit + 1,
        )
        return page_of([staff_view_of(row) for row in rows], limit, lambda row: PayoutKey(row.id))

    async def show(self, payout_id: UUID) -> StaffPayoutView:
        """Return a payout.

        Raises:
            PayoutNotFound: There is none.
        """
        payout = await repository.find_payout(self._database, payout_id)
        if payout is None:
            raise PayoutNotFound(f"{payout_id}")
        return staff_view_of(payout)

    async def _decide(
        self,
        tx: Transaction,
        payout: Payout,
        caller: Caller,
        once: Once,
        *,
        status: PayoutStatus,
        reason: str | None,
    ) -> StaffPayoutView:
        decided = await repository.decide(
            tx, payout.id, status=status, actor_id=caller.account_id, reason=reason, now=self._clock.now()
        )
        return await once.answer(tx, staff_view_of(decided or payout))

    async def _amounts(
        self, tx: Transaction, found: Sequence[Candidate], since: datetime
    ) -> dict[UUID, tuple[int, int, int]]:
        """Return, for each organisation, what is due, what is owed and free, and what of that may still be given back."""
        owners = [str(one.organisation_id) for one in found]
        await earnings.settle_debts(tx, owners, CURRENCY, now=self._clock.now(), new_id=self._new_id)
        accounts = {owner: Account(Kind.PAYABLE, owner, CURRENCY) for owner in owners}
        balances = await posting.balances(tx, list(accounts.values()))
        windows = await earnings.in_window(tx, owners, CURRENCY, since)
        inns = [one.inn for one in found if one.is_professional]
        await repository.lock_inns(tx, inns)
        paid = await repository.paid_since(tx, inns, year_of(self._clock.now()))
        amounts = {}
        for one in found:
            owner = str(one.organisation_id)
            payable = balances[accounts[owner]].available
            left = self._npd_year_limit - paid.get(one.inn, 0) if one.is_professional else None
            in_window = windows.get(owner, 0)
            amount = due(payable=payable, in_window=in_window, minimum=self._minimum, left_this_year=left)
            amounts[one.organisation_id] = (amount, payable, in_window)
            if one.is_professional:
                paid[one.inn] = paid.get(one.inn, 0) + amount
        return amounts


class OwnPayouts:
    """Payouts and earnings as an organisation sees them."""

    def __init__(self, database: Database, *, rights: Rights, clock: Clock) -> None:
        self._database = database
        self._rights = rights
        self._clock = clock

    async def list_own(
        self, caller: Caller, organisation_id: UUID, *, cursor: str | None, limit: int
    ) -> Page[PayoutView]:
        """Return the payouts of an organisation, the newest first.

        Raises:
            PayeeNotFound: It is not the caller's.
        """
        self._rights.require(caller, READ_PAYOUTS, organisation_id)
        after = decode_cursor(cursor, PayoutKey)
        rows = await repository.find_payouts(
            self._database,
            organisation_id=organisation_id,
            period=None,
            status=None,
            before=after.id if after else None,
            limit=limit + 1,
        )
        return page_of([view_of(row) for row in rows], limit, lambda row: PayoutKey(row.id))

    async def show(self, caller: Caller, payout_id: UUID) -> PayoutView:
        """Return a payout.

        Raises:
            PayoutNotFound: There is none, or it is not the caller's to know.
        """
        return view_of(await self._own(self._database, caller, payout_id))

    async def give_receipt(self, caller: Caller, payout_id: UUID, url: str, once: Once) -> PayoutView:
        """Note the receipt of НПД that was made for a payout.

        Raises:
            PayoutNotFound: There is no such payout, or it is not the caller's to know.
            ReceiptTaken: It needs none, or has another one.
        """
        async with self._database.transaction() as tx:
            await self._own(tx, caller, payout_id)
            payout = await repository.set_receipt(tx, payout_id, url, self._clock.now())
            if payout is None:
                raise ReceiptTaken(f"{payout_id}")
            return await once.answer(tx, view_of(payout))

    async def earnings(self, caller: Caller, organisation_id: UUID) -> list[Earnings]:
        """Return what an organisation has earned to date, in each currency, and where that is.

        Raises:
            PayeeNotFound: It is not the caller's.
        """
        self._rights.require(caller, READ_PAYOUTS, organisation_id)
        owner, now = str(organisation_id), self._clock.now()
        found = await earnings.earned_of(self._database, owner)
        accounts = [
            Account(kind, owner, one.currency) for one in found for kind in (Kind.PAYABLE, Kind.RESERVE)
        ]
        balances = await posting.balances(self._database, accounts)
        windows = await earnings.windows_of(self._database, owner, now - REFUND_WINDOW)
        shares = await earnings.shares_of(self._database, {one.currency: one.basis for one in found}, now)
        answers = []
        for one in found:
            payable = balances[Account(Kind.PAYABLE, owner, one.currency)]
            reserve = balances[Account(Kind.RESERVE, owner, one.currency)]
            answers.append(
                Earnings(
                    currency=one.currency,
                    gross=one.gross,
                    tax=one.tax,
                    commission=one.commission,
                    developer=one.developer,
                    refunded_tax=one.reversed_tax,
                    refunded_commission=one.reversed_commission,
                    refunded_developer=one.reversed_developer,
                    payable=payable.posted,
                    in_window=min(windows.get(one.currency, 0), max(0, payable.available)),
                    on_the_way=payable.debits_pending,
                    reserve=reserve.posted,
                    debt=one.debt,
                    basis=one.basis,
                    share_basis_points=shares[one.currency],
                )
            )
        return answers

    async def _own(self, reader: Database | Transaction, caller: Caller, payout_id: UUID) -> Payout:
        payout = await repository.find_payout(reader, payout_id)
        if payout is None or not self._rights.allow(caller, READ_PAYOUTS, payout.organisation_id):
            raise PayoutNotFound(f"{payout_id}")
        return payout


class Sending:
    """Takes payouts further, as far as they get."""

    def __init__(self, database: Database, *, sender: Sender, clock: Clock) -> None:
        self._database = database
        self._sender = sender
        self._clock = clock

    async def send_due(self) -> int:
        """Take the next step of each payout that is due, and return how many those were."""
        found = await repository.find_due(self._database, self._clock.now(), DUE_AT_ONCE_MAX)
        for payout in found:
            await self._sender.advance(payout.id)
        return len(found)


def _proposed(
    one: Candidate,
    period: date,
    caller: Caller,
    amounts: tuple[int, int, int],
    *,
    now: datetime,
    new_id: UUID,
) -> Payout:
    amount, payable, in_window = amounts
    return Payout(
        id=new_id,
        organisation_id=one.organisation_id,
        currency=CURRENCY,
        period=period,
        attempt=one.attempt,
        amount=amount,
        payable=payable,
        in_window=in_window,
        inn=one.inn,
        payee_version=one.version,
        is_professional=one.is_professional,
        status="proposed",
        waits_for=None,
        proposed_by=caller.account_id,
        proposed_at=now,
        decided_by=None,
        decided_at=None,
        reason=None,
        sent_at=None,
        next_look_at=None,
        looks=0,
        closed_at=None,
        failure=None,
        npd_receipt=None,
        npd_receipt_at=None,
    )


def _hold(payout: Payout) -> Transfer:
    """Set a payout aside, until the bank answers."""
    return Transfer(
        id=leg_id(payout.id, HOLD_LEG),
        debit=Account(Kind.PAYABLE, str(payout.organisation_id), payout.currency),
        credit=Account(Kind.PAYOUTS_DUE, "", payout.currency),
        amount=Money(payout.amount, payout.currency),
        code="payout",
        cause_id=payout.id,
        is_pending=True,
    )
