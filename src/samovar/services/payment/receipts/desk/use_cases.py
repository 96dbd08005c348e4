"""What staff and buyers do with receipts."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

import structlog

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.idempotency import Once
from samovar.kit.identity import Caller
from samovar.kit.money import Money
from samovar.kit.pagination import Page, decode_cursor, page_of
from samovar.services.payment import repository as orders
from samovar.services.payment.errors import OrderNotFound
from samovar.services.payment.moscow import beginning_of, day_of
from samovar.services.payment.payments import captured
from samovar.services.payment.payments.domain import causes_of
from samovar.services.payment.receipts import domain, shown
from samovar.services.payment.receipts import repository as receipts
from samovar.services.payment.receipts.desk import repository
from samovar.services.payment.receipts.desk.schemas import (
    Difference,
    ReceiptDay,
    ReceiptKey,
    StaffReceipt,
    staff_view_of,
)
from samovar.services.payment.receipts.domain import CURRENCY, Plan, State
from samovar.services.payment.receipts.errors import ReceiptNotFound, ReceiptNotMendable
from samovar.services.payment.receipts.repository import Receipt
from samovar.services.payment.receipts.shown import ShownReceipt

_DAY = timedelta(days=1)
# Before the first receipt of anybody.
_FIRST_DAY = date(2020, 1, 1)
_MENDS = frozenset({"reversal", "correction"})
log = structlog.get_logger(__name__)


class ReceiptDesk:
    """Seeing receipts, mending those that no register takes, comparing a day's money with its receipts."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def of_order(self, account_id: UUID, order_id: UUID) -> list[ShownReceipt]:
        """Return the receipts of an account's own order.

        Raises:
            OrderNotFound: There is no such order of this account.
        """
        order = await orders.find_order(self._database, order_id)
        if order is None or order.account_id != account_id:
            raise OrderNotFound(f"{order_id}")
        strays = await captured.strays_of(self._database, order_id)
        return await shown.receipts_of(self._database, order_id, causes_of(strays))

    async def list_receipts(self, state: State | None, cursor: str | None, limit: int) -> Page[StaffReceipt]:
        """Return a page of receipts, newest first.

        Raises:
            InvalidInput: The cursor is not one of this list.
        """
        before = decode_cursor(cursor, ReceiptKey)
        rows = await repository.list_receipts(self._database, state, before, limit + 1)
        page = page_of(rows, limit, lambda row: ReceiptKey(row.planned_at, row.id))
        return Page([staff_view_of(one) for one in page.items], page.next_cursor)

    async def show(self, receipt_id: UUID) -> StaffReceipt:
        """Return a receipt.

        Raises:
            ReceiptNotFound: There is no such receipt.
        """
        found = await repository.find(self._database, receipt_id)
        if found is None:
            raise ReceiptNotFound(f"{receipt_id}")
        return staff_view_of(found)

    async def retry(self, caller: Caller, receipt_id: UUID, reason: str, once: Once) -> StaffReceipt:
        """Hand a refused receipt in once more, made anew.

        Raises:
            ReceiptNotFound: There is no such receipt.
            ReceiptNotMendable: It is not refused.
        """
        async with self._database.transaction() as tx:
            found = _mendable(await repository.lock(tx, receipt_id), receipt_id, ("refused",))
            await repository.hand_in_anew(tx, found.id, self._clock.now())
            again = await repository.lock(tx, receipt_id)
            answer = await once.answer(tx, staff_view_of(again or found))
        log.info(
            "a receipt is handed in anew",
            receipt_id=str(receipt_id),
            actor_id=str(caller.account_id),
            reason=reason,
        )
        return answer

    async def correct(self, caller: Caller, receipt_id: UUID, reason: str, once: Once) -> list[StaffReceipt]:
        """Let receipts of correction stand for one that no register took, or that says something wrong.

        One that was registered is reversed first, by the same lines the other way; then it is made anew, with the rates and the
        suppliers as they are known today.

        Raises:
            ReceiptNotFound: There is no such receipt.
            ReceiptNotMendable: It is on its way, or mended already, or mends another one.
        """
        now = self._clock.now()
        async with self._database.transaction() as tx:
            found = _mendable(await repository.lock(tx, receipt_id), receipt_id, ("refused", "registered"))
            if found.kind in _MENDS:
                raise ReceiptNotMendable(f"{receipt_id} mends another", state=found.state)
            plans = domain.correction(
                _plan_of(found),
                actor_id=caller.account_id,
                reason=reason,
                now=now,
                reverses=found.state == "registered",
            )
            await receipts.insert_plans(tx, plans)
            await repository.mark_corrected(tx, found.id, now)
            made = await repository.corrections_of(tx, found.id)
            return await once.answer(tx, [staff_view_of(one) for one in made])

    async def day(self, day: date) -> ReceiptDay:
        """Compare a day's money with its receipts, Moscow time.

        Raises:
            InvalidInput: There are no receipts of such a day: it is before 2020, or after tomorrow.
        """
        if not _FIRST_DAY <= day <= day_of(self._clock.now()) + _DAY:
            fault = FieldError("day", "day_out_of_range", "from 2020 until tomorrow")
            raise InvalidInput(fault.detail, fields=[fault])
        since = beginning_of(day)
        until = since + _DAY
        sums = await receipts.sums_between(self._database, since, until)
        found = await receipts.differences(self._database, since, until)
        states = await receipts.count_states(self._database, since, until)
        return ReceiptDay(
            day=day,
            captured=Money(sums.captured, CURRENCY),
            returned=Money(sums.returned, CURRENCY),
            sold=Money(sums.sold, CURRENCY),
            refunded=Money(sums.refunded, CURRENCY),
            by_state={one.state: one.count for one in states},
            differences=[
                Difference(
                    subject=one.subject,
                    money=Money(one.money, CURRENCY),
                    receipts=Money(one.receipts, CURRENCY),
                )
                for one in found
            ],
        )

    async def yesterday(self) -> ReceiptDay:
        """Compare the day that is over, and log what differs."""
        compared = await self.day(day_of(self._clock.now() - _DAY))
        for one in compared.differences:
            log.error(
                "money and its receipts differ",
                subject=one.subject,
                money=one.money.amount,
                receipts=one.receipts.amount,
            )
        return compared


def _mendable(found: Receipt | None, receipt_id: UUID, states: Sequence[State]) -> Receipt:
    if found is None:
        raise ReceiptNotFound(f"{receipt_id}")
    if found.state not in states:
        raise ReceiptNotMendable(f"{receipt_id} is {found.state}", state=found.state)
    return found


def _plan_of(found: Receipt) -> Plan:
    return Plan(
        kind=found.kind,
        cause_id=found.cause_id,
        order_id=found.order_id,
        account_id=found.account_id,
        operation=found.operation,
        currency=found.currency,
        electronic=found.electronic,
        offset_amount=found.offset_amount,
        items=found.items,
        planned_at=found.planned_at,
    )
