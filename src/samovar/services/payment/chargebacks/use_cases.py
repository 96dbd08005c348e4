"""What becomes of a chargeback."""

from uuid import UUID

import msgspec

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.idempotency import Once
from samovar.kit.identity import Caller
from samovar.kit.ids import IdSource
from samovar.kit.pagination import Page, decode_cursor, page_of
from samovar.services.payment.chargebacks import repository
from samovar.services.payment.chargebacks.domain import Chargeback, ChargebackStatus
from samovar.services.payment.chargebacks.errors import (
    ChargebackDecided,
    ChargebackKnown,
    ChargebackNotFound,
    NothingCaptured,
)
from samovar.services.payment.chargebacks.schemas import (
    ChargebackKey,
    ChargebackNotice,
    ChargebackVerdict,
    ChargebackView,
)
from samovar.services.payment.ledger import posting
from samovar.services.payment.ledger.domain import Account, Kind
from samovar.services.payment.payments import captured
from samovar.services.payment.payments.domain import STRAY_KINDS, Payment
from samovar.services.payment.payments.settling import withholding
from samovar.services.payment.refunds.disputing import charging_back


class Chargebacks:
    """Disputes, from the notice to the verdict."""

    def __init__(self, database: Database, *, clock: Clock, new_id: IdSource) -> None:
        self._database = database
        self._clock = clock
        self._new_id = new_id

    async def open(self, caller: Caller, notice: ChargebackNotice, once: Once) -> ChargebackView:
        """Write down that a bank takes a payment back: from now on it cannot be refunded besides.

        Raises:
            NothingCaptured: There is no such payment, or it collected nothing.
            ChargebackKnown: This dispute is written down already.
            InvalidInput: It is more than was collected, less what is disputed already.
            MoneyGoesBack: It is a top-up that a provider was asked to send back, and has not said whether it does.
        """
        async with self._database.transaction() as tx:
            payment = await self._lock_payment(tx, notice.payment_id)
            if await repository.is_known(tx, payment.provider or "", notice.case_id):
                raise ChargebackKnown(f"{notice.case_id}")
            left = payment.captured - await repository.disputed(tx, payment.id)
            if notice.amount > left:
                fault = FieldError("amount", "too_large", f"at most {left}", str(left), payment.currency)
                raise InvalidInput(fault.detail, fields=[fault])
            payment = await withholding.withhold(tx, payment, now=self._clock.now())
            covered, from_wallet = await self._cover(tx, payment, notice.amount)
            opened = Chargeback(
                id=self._new_id(),
                payment_id=payment.id,
                account_id=payment.account_id,
                provider=payment.provider or "",
                case_id=notice.case_id,
                amount=notice.amount,
                currency=payment.currency,
                covered=covered,
                from_wallet=from_wallet,
                reason=notice.reason,
                note=notice.note,
                status="opened",
                actor_id=caller.account_id,
                opened_at=self._clock.now(),
            )
            await repository.insert(tx, opened)
            transfers = [opened.taken()]
            if from_wallet:
                transfers.append(opened.set_aside())
            await posting.post(tx, transfers, now=opened.opened_at)
            await tx.publish(opened.opened())
            return await once.answer(tx, ChargebackView.of(opened))

    async def decide(
        self, caller: Caller, chargeback_id: UUID, verdict: ChargebackVerdict, once: Once
    ) -> ChargebackView:
        """Write down how a dispute ended. Lost: the licences go, and each share of the sale is taken back.

        Raises:
            ChargebackNotFound: There is no such chargeback.
            ChargebackDecided: It ended before.
        """
        now = self._clock.now()
        async with self._database.transaction() as tx:
            found = await repository.find(tx, chargeback_id)
            if found is None:
                raise ChargebackNotFound(f"{chargeback_id}")
            payment = await self._lock_payment(tx, found.payment_id)
            opened = await repository.lock(tx, chargeback_id)
            if opened is None or opened.status != "opened":
                raise ChargebackDecided(f"{chargeback_id}")
            is_won = verdict.verdict == "won"
            refund_id = await (
                self._win(tx, opened, payment) if is_won else self._lose(tx, opened, payment, caller)
            )
            if payment.purpose == "order":
                await charging_back.give_back_gifts(tx, payment.purpose_id, now=now)
            decided = msgspec.structs.replace(
                opened,
                status=verdict.verdict,
                note=verdict.note,
                refund_id=refund_id,
                decider_id=caller.account_id,
                decided_at=now,
            )
            await repository.decide(tx, decided)
            await tx.publish(decided.decided(verdict.verdict, now))
            return await once.answer(tx, ChargebackView.of(decided))

    async def list_chargebacks(
        self, status: ChargebackStatus | None, cursor: str | None, limit: int
    ) -> Page[ChargebackView]:
        """Return a page of chargebacks, the newest first.

        Raises:
            InvalidInput: The cursor is not one of this list.
        """
        after = decode_cursor(cursor, ChargebackKey)
        rows = await repository.list_chargebacks(self._database, status=status, after=after, limit=limit + 1)
        page = page_of(rows, limit, lambda row: ChargebackKey(row.opened_at, row.id))
        return Page([ChargebackView.of(row) for row in page.items], page.next_cursor)

    async def show(self, chargeback_id: UUID) -> ChargebackView:
        """Return one chargeback.

        Raises:
            ChargebackNotFound: There is none.
        """
        found = await repository.find(self._database, chargeback_id)
        if found is None:
            raise ChargebackNotFound(f"{chargeback_id}")
        return ChargebackView.of(found)

    async def _cover(self, tx: Transaction, payment: Payment, amount: int) -> tuple[int, int]:
        """Return how much of it is still there, and what of that is in the payer's wallet; what the order has is kept there.

        What the payer chose or was given to have in the wallet of money that was not meant for it is theirs no longer: they would have
        it twice. Of a top-up that is all but what has gone back to their instrument.
        """
        kept = 0
        if payment.purpose == "order":
            kept = await charging_back.hold(tx, payment.purpose_id, payment.id, amount)
        if payment.purpose == "order" or payment.failure_code in STRAY_KINDS:
            given = await repository.in_wallet(tx, payment.id)
        else:
            gone = payment.refunded + payment.refund_pending
            given = payment.captured - gone - await repository.from_wallet(tx, payment.id)
        in_wallet = min(amount - kept, max(0, given))
        wallet = Account(Kind.WALLET, str(payment.account_id), payment.currency)
        from_wallet = min(in_wallet, (await posting.balance(tx, wallet)).available) if in_wallet else 0
        if payment.purpose == "order":
            await charging_back.dispute(tx, payment.purpose_id, payment.id, amount - kept - from_wallet)
        return kept + from_wallet, from_wallet

    async def _lock_payment(self, tx: Transaction, payment_id: UUID) -> Payment:
        """Return a payment that collected money, with what it is for locked first."""
        found = await captured.named(tx, payment_id)
        if found is None or found.state != "captured" or not found.provider:
            raise NothingCaptured(f"{payment_id}")
        if found.purpose == "order":
            await charging_back.lock(tx, found.purpose_id)
        await withholding.lock_purpose(tx, found)
        locked = await captured.lock(tx, found.id)
        if locked is None:
            raise NothingCaptured(f"{payment_id}")
        return locked

    async def _win(self, tx: Transaction, opened: Chargeback, payment: Payment) -> UUID | None:
        now = self._clock.now()
        await posting.post(tx, [opened.returned()], now=now)
        if payment.purpose == "order":
            await charging_back.release(
                tx, payment.purpose_id, payment.id, covered=opened.of_order, uncovered=opened.uncovered
            )
        if opened.from_wallet:
            await posting.void(tx, opened.set_aside().id, now=now)
        return None

    async def _lose(
        self, tx: Transaction, opened: Chargeback, payment: Payment, caller: Caller
    ) -> UUID | None:
        now = self._clock.now()
        if opened.from_wallet:
            await posting.post_pending(tx, opened.set_aside().id, now=now)
        if payment.purpose == "order":
            return await charging_back.take(
                tx, payment.purpose_id, payment.id, opened.of_order, actor_id=caller.account_id, now=now
            )
        return None
