"""REST: a buyer sees the receipts of an order; finance sees, mends and compares all."""

from datetime import date
from uuid import UUID

from samovar.kit.errors import InvalidInput
from samovar.kit.idempotency import Once
from samovar.kit.identity import Caller
from samovar.kit.pagination import LIMIT_DEFAULT, Limit, Page
from samovar.kit.routes import RateLimit, StepUp, get, post
from samovar.services.payment.errors import OrderNotFound
from samovar.services.payment.receipts.desk.schemas import Mending, ReceiptDay, StaffReceipt
from samovar.services.payment.receipts.desk.use_cases import ReceiptDesk
from samovar.services.payment.receipts.domain import State
from samovar.services.payment.receipts.errors import ReceiptNotFound, ReceiptNotMendable
from samovar.services.payment.receipts.shown import ShownReceipt

READ = "payment.receipt.read"
MEND = "payment.receipt.mend"
FRESH = StepUp(max_age_s=600)
WRITES = RateLimit(60, per_s=60, by="account")


@get("/v1/orders/{order_id:uuid}/receipts", auth="player", raises=(OrderNotFound,))
async def list_order_receipts(
    order_id: UUID, caller: Caller, receipt_desk: ReceiptDesk
) -> list[ShownReceipt]:
    """List the fiscal receipts of an order, oldest first, with what the tax service knows them by."""
    return await receipt_desk.of_order(caller.account_id, order_id)


@get("/v1/admin/payments/receipts", auth="staff", permissions=(READ,), raises=(InvalidInput,))
async def list_receipts(
    receipt_desk: ReceiptDesk,
    state: State | None = None,
    cursor: str | None = None,
    limit: Limit = LIMIT_DEFAULT,
) -> Page[StaffReceipt]:
    """List fiscal receipts, newest first: all, or those in a state."""
    return await receipt_desk.list_receipts(state, cursor, limit)


@get("/v1/admin/payments/receipts/compared", auth="staff", permissions=(READ,), raises=(InvalidInput,))
async def compare_receipt_day(day: date, receipt_desk: ReceiptDesk) -> ReceiptDay:
    """Compare what providers took and gave back on a day, Moscow time, with its receipts: each rouble has exactly one."""
    return await receipt_desk.day(day)


@get(
    "/v1/admin/payments/receipts/{receipt_id:uuid}",
    auth="staff",
    permissions=(READ,),
    raises=(ReceiptNotFound,),
)
async def show_receipt(receipt_id: UUID, receipt_desk: ReceiptDesk) -> StaffReceipt:
    """Show a fiscal receipt."""
    return await receipt_desk.show(receipt_id)


@post(
    "/v1/admin/payments/receipts/{receipt_id:uuid}/retry",
    auth="staff",
    permissions=(MEND,),
    step_up=FRESH,
    status=200,
    idempotency_key=True,
    rate_limit=WRITES,
    raises=(InvalidInput, ReceiptNotFound, ReceiptNotMendable),
)
async def retry_receipt(
    receipt_id: UUID, data: Mending, caller: Caller, once: Once, receipt_desk: ReceiptDesk
) -> StaffReceipt:
    """Hand a refused receipt in once more, made anew."""
    return await receipt_desk.retry(caller, receipt_id, data.reason, once)


@post(
    "/v1/admin/payments/receipts/{receipt_id:uuid}/correct",
    auth="staff",
    permissions=(MEND,),
    step_up=FRESH,
    idempotency_key=True,
    rate_limit=WRITES,
    raises=(InvalidInput, ReceiptNotFound, ReceiptNotMendable),
)
async def correct_receipt(
    receipt_id: UUID, data: Mending, caller: Caller, once: Once, receipt_desk: ReceiptDesk
) -> list[StaffReceipt]:
    """Correct a receipt that no register took, or that says something wrong: it is reversed, then made anew."""
    return await receipt_desk.correct(caller, receipt_id, data.reason, once)
